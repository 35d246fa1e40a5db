import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { withTemplates } from '../../../prometheus/src/shared/numbers.js';
import { PROMTOOL, runPromtool } from '../support/promtool.js';
import { isAlert, loadRuleFiles, rulesOf } from './ruleFiles.js';

/** PromQL of a number, of a limit beside it or null, and how a message writes it. */
const CASES: readonly (readonly ['percent' | 'duration' | 'count', string, string | null, string])[] = [
  ['percent', '0', null, '0%'],
  ['percent', '-1 * vector(0)', null, '0%'],
  ['percent', '1', '1', '100%'],
  ['percent', '1.0001', '1', '100.01%'],
  ['percent', '0.99999', '1', '99.999%'],
  ['percent', '1.0000001', '1', '100.00001%'],
  ['percent', '0.2', null, '20%'],
  ['percent', '0.004', null, '0.4%'],
  ['percent', '0.00004', null, '0.004%'],
  ['percent', '-0.00004', null, '-0.004%'],
  ['percent', '-0.142357', '-0.1', '-14.2%'],
  ['percent', '-0.100001', '-0.1', '-10.0001%'],
  ['percent', '0.1254', '0.1255', '12.5%'],
  ['percent', '0.12553', '0.1255', '12.553%'],
  ['percent', '0.1255', '0.1255', '12.55%'],
  ['percent', '-2.5', '-0.1', '-250%'],
  ['percent', '123.4', '1', '12340%'],
  ['percent', '0 / 0', null, 'unknown'],
  ['percent', '1 / 0', null, 'unknown'],
  ['duration', '0', null, '0 s'],
  ['duration', '0.5', null, '500 ms'],
  ['duration', '59', null, '59 s'],
  ['duration', '61', null, '1 min 1 s'],
  ['duration', '300', null, '5 min'],
  ['duration', '7530', null, '2 h 5 min'],
  ['duration', '172740', null, '1 d 23 h'],
  ['duration', '172800', '172800', '2 d'],
  ['duration', '548430', null, '6 d 8 h'],
  ['duration', '34560000', null, '400 d'],
  ['duration', '-7530', null, '-2 h 5 min'],
  ['duration', '174630', '174600', '2 d 0 h 30 min 30 s'],
  ['duration', '174600', '174600', '2 d 0 h 30 min'],
  ['duration', '172830', '172800', '2 d'],
  ['duration', '172890', '172800', '2 d 0 h 1 min'],
  ['duration', '3690', '3600', '1 h 1 min'],
  ['duration', '361', '300', '6 min 1 s'],
  ['duration', '0 / 0', null, 'unknown'],
  ['duration', '1 / 0', null, 'unknown'],
  ['count', '0', null, '0'],
  ['count', '1', null, '1'],
  ['count', '999', null, '999'],
  ['count', '1000', null, '1,000'],
  ['count', '1234567', null, '1,234,567'],
  ['count', '8800000', null, '8,800,000'],
  ['count', '-1234567', null, '-1,234,567'],
  ['count', '1234567890123', null, '1,234,567,890,123'],
  ['count', '1.02', null, '1'],
  ['count', '0 / 0', null, 'unknown'],
  ['count', '-1 / 0', null, 'unknown'],
];

const use = (unit: string, limit: string | null): string => {
  if (unit === 'count') return '{{ template "count" $value }}';
  return limit === null
    ? `{{ template "${unit}" (args $value) }}`
    : `{{ template "${unit}" (args $value (query "vector(${limit})")) }}`;
};

/** One alert a case. */
const ruleText = (): string => {
  const rules = CASES.map(([unit, number, limit], index) => ({
    alert: `Case${index}`,
    expr: number.includes('vector') ? number : `vector(${number})`,
    annotations: { value: withTemplates(use(unit, limit)) },
  }));
  return stringify({ groups: [{ name: 'cases', rules }] });
};

describe.skipIf(PROMTOOL === null)('a number in a message', () => {
  it('is written for people, from nothing to more than a million and beside its limit', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'number-templates-'));
    const expected = CASES.map(([, , , text], index) => ({
      eval_time: '0m',
      alertname: `Case${index}`,
      exp_alerts: [{ exp_annotations: { value: text } }],
    }));
    const test = { rule_files: ['rules.yml'], tests: [{ alert_rule_test: expected }] };
    await writeFile(join(directory, 'rules.yml'), ruleText());
    await writeFile(join(directory, 'test.json'), JSON.stringify(test));
    const { code, output } = await runPromtool(['test', 'rules', join(directory, 'test.json')]);
    await rm(directory, { recursive: true });
    expect(output).toContain('SUCCESS');
    expect(code, output).toBe(0);
  });
});

describe('the alerts', () => {
  const alerts = rulesOf(loadRuleFiles().values()).filter(isAlert);
  const texts = alerts.flatMap(({ alert, annotations }) =>
    Object.entries(annotations).map(([name, text]) => [`${alert} ${name}`, text] as const),
  );

  it('write every number by one of them', () => {
    const byHand = texts.filter(([, text]) => {
      const own = text.replaceAll(/\{\{ define .*?\{\{ end -\}\}/gs, '');
      // What prints: an action that neither asks nor sets nor goes through one of them.
      const actions = [...own.matchAll(/\{\{-?\s*(.*?)\s*-?\}\}/gs)].map(([, action = '']) => action);
      const printing = actions.filter((action) => !/^(if|else|end|with|range|template|\$\w+ :?=)/.test(action));
      return printing.some((action) => /\$value|\bvalue\b|\.Value|humanize|printf/.test(action));
    });
    expect(byHand).toEqual([]);
  });
});
