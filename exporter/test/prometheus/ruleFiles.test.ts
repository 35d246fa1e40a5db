import { describe, expect, it } from 'vitest';
import { parsePromql, queriesOf, selectorsOf } from './promql.js';
import { PROMETHEUS_FLAGS } from '../../scripts/stack/prometheusFlags.js';
import { isAlert, loadRuleFiles, parseRuleFile, rulesOf } from './ruleFiles.js';

describe('a rule file', () => {
  it('has no key that older servers or the checks do not know', () => {
    const file = (key: string): string =>
      `groups:\n  - name: a\n    ${key}\n    rules:\n      - { record: b, expr: up }\n      - { alert: C, expr: up, keep_firing_for: 1m }\n`;
    expect(rulesOf([parseRuleFile(file('interval: 5s'))])).toHaveLength(2);
    expect(() => parseRuleFile(file('query_offset: 1m'))).toThrow('query_offset');
    expect(() => parseRuleFile(file('labels: { a: b }'))).toThrow('labels');
  });
});

it('no alert waits for less than the grace period: after a restart of Prometheus it would wait anew, and be told as over', () => {
  const seconds = (duration: string): number => {
    const [, amount = '', unit = ''] = /^(\d+)([smh])$/.exec(duration) ?? [];
    return Number(amount) * ({ s: 1, m: 60, h: 3_600 }[unit] ?? Number.NaN);
  };
  const [, grace = ''] = /--rules\.alert\.for-grace-period=(\w+)/.exec(PROMETHEUS_FLAGS.join(' ')) ?? [];
  const waiting = rulesOf(loadRuleFiles().values()).flatMap((rule) =>
    isAlert(rule) && rule.for !== undefined ? [{ alert: rule.alert, for: rule.for }] : [],
  );
  expect(waiting.map(({ alert }) => alert)).toContain('PortfolioHistoryNotWritten');
  expect(waiting.filter((alert) => !(seconds(alert.for) >= seconds(grace)))).toEqual([]);
});

describe('the queries of a rule', () => {
  it('are found in every form, and one in another form is an error', () => {
    expect(
      queriesOf(`{{ with query "max(up)" }}{{ . }}{{ end }} and {{ query (printf "up{a=%q}" $labels.a) }}`),
    ).toEqual(['max(up)', 'up{a="%s"}']);
    expect(queriesOf('{{ with query "up{a=\\"b\\"}" }}{{ end }} a query in words, {{ printf "a query" }}')).toEqual([
      'up{a="b"}',
    ]);
    expect(() => queriesOf('{{ with query $q }}{{ end }}')).toThrow('a query that cannot be read: {{ with query $q }}');
  });

  it('give their selectors, with the function around each', () => {
    expect(selectorsOf('absent(a{b="c", d!~"e"}) or sum by (f) (g)')).toEqual([
      {
        metric: 'a',
        matchers: [
          { label: 'b', operator: '=', value: 'c' },
          { label: 'd', operator: '!~', value: 'e' },
        ],
        function: 'absent',
      },
      { metric: 'g', matchers: [], function: null },
    ]);
  });

  it('are not read from a text that is not PromQL', () => {
    expect(() => parsePromql('max(up')).toThrow('not PromQL at column 7: max(up');
    expect(() => selectorsOf('up and')).toThrow('not PromQL');
  });
});
