import { describe, expect, it } from 'vitest';
import { prometheusCopy } from '../../scripts/stack/prometheusCopy.js';
import { withValues } from '../../scripts/stack/withValues.js';

const TEXT = `# A file.
one: 1 # the first
two:
  - list:   ['a:1',  'b:2']
  - other
`;

describe('a YAML text with other values', () => {
  it('is the same text but for them, and says which lines changed', () => {
    const { text, changes } = withValues(TEXT, [
      [['one'], 'x "y"'],
      [['two', 0, 'list'], ['c:3']],
      [['two', 1], 'other'],
    ]);
    expect(text).toBe(`# A file.
one: "x \\"y\\"" # the first
two:
  - list:   ["c:3"]
  - "other"
`);
    expect(changes).toEqual([
      { line: 2, before: 'one: 1 # the first', after: 'one: "x \\"y\\"" # the first' },
      { line: 4, before: "- list:   ['a:1',  'b:2']", after: '- list:   ["c:3"]' },
      { line: 5, before: '- other', after: '- "other"' },
    ]);
  });

  it('is an error where there is nothing to change, or several lines', () => {
    expect(() => withValues(TEXT, [[['three'], '']])).toThrow('there is no three');
    expect(() => withValues(TEXT, [[['two'], '']])).toThrow('two stands on several lines');
  });
});

it('a copy of prometheus.yml needs an address for every job', () => {
  const text = `scrape_configs: [{job_name: surprise, static_configs: [{targets: ['a:1']}]}]`;
  expect(() => prometheusCopy(text, { targets: {}, alertmanagers: [], rules: '/rules/*.yml' })).toThrow(
    'no target for the job surprise of prometheus.yml',
  );
});
