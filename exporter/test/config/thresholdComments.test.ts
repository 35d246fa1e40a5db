import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { THRESHOLDS_FILE, withComments } from '../../scripts/thresholdComments.js';
import { THRESHOLD_CATALOGUE, THRESHOLD_NAMES } from '../../src/config/thresholdCatalogue.js';
import { parseThresholds } from '../../src/config/thresholdsFile.js';

const shipped = readFileSync(THRESHOLDS_FILE, 'utf8');
/** Every line that a person may have written. */
const own = (text: string): string[] => text.split('\n').filter((line) => !line.trim().startsWith('#:'));

// As ops leave it: values, header, comments of every kind, an order of their own, a stale and a half generated comment.
const EDITED = `# the group's own file, see the minutes
changed_by: ops@example.test
reason: |
  agreed with the board
  #: not a comment
alerts: # limits
    # raised for the holidays
    #: A comment of an older version,
    #: two lines long.
    delayed_milestone_alert: 5d # was 3d
    "performance_drop_alert": 12%


targets: {user_growth_target: 16%}
venture_assessment:
  #:of an older version too
  hourly_rate: $80
  # the end`;

describe('the comments of thresholds.yaml', () => {
  it('are the ones that catalogue, rules, units and dashboards make (npm run schemas)', () => {
    expect(withComments(shipped)).toBe(shipped);
  });

  it('stand above each key: what it means, its range, who reads it', () => {
    for (const name of THRESHOLD_NAMES) {
      const above = new RegExp(`((?:^ *#:.*\\n)+) *${name}:`, 'm').exec(shipped)?.[1] ?? '';
      const words = above.replaceAll(/\s*#: /g, ' ').trim();
      const { description, rangeText, readBy } = THRESHOLD_CATALOGUE[name];
      expect(words).toContain(`${description}. Range: ${rangeText};`);
      expect(words).toMatch(
        readBy.length === 0 ? /Read by nothing in this version\.$/ : /Read by (alert|KPI|dashboard|trigger|actions) /,
      );
    }
  });

  it.each([
    ['as it comes', shipped],
    ['edited', EDITED],
    ['edited on Windows', EDITED.replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\uFEFF${EDITED}`],
    ['without anything', '{}'],
    ['without its comments', own(shipped).join('\n')],
  ])('leave every value and every line of a person as they are: %s', (_, text) => {
    const written = withComments(text);
    expect(parse(written)).toEqual(parse(text));
    expect(parseThresholds(written.replace('\uFEFF', ''), 'thresholds.yaml').values).toEqual(
      parseThresholds(text.replace('\uFEFF', ''), 'thresholds.yaml').values,
    );
    const reason = '  #: not a comment';
    expect(own(written)).toEqual(own(text));
    expect(written.includes(reason)).toBe(text.includes(reason));
    expect(withComments(written)).toBe(written);
    expect(written).not.toMatch(/older version/);
  });

  it('are indented like their key and replace those of an older version', () => {
    expect(withComments(EDITED)).toContain(`alerts: # limits
    # raised for the holidays
    #: Time past a milestone deadline after which it alerts. Range: 1d - 14d; default 3d.
    #: Read by alert SynergyInitiativeDelayed;`);
  });

  it('are not written into a file that is not YAML', () => {
    expect(() => withComments('targets: {')).toThrow(/thresholds\.yaml: /);
  });
});
