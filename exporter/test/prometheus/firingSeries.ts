import type { RuleTestFile } from './ruleTests.js';

type TestGroup = RuleTestFile['tests'][number];

/**
 * What a test expects of an alert, asked for as series: who fires, whatever its texts say.
 * @param matchers of the series, beside those of the alert
 * @param labels that every series has beside those that the test expects
 */
export function firingSeries(
  { eval_time, alertname, exp_alerts }: TestGroup['alert_rule_test'][number],
  matchers: readonly string[] = [],
  labels: Readonly<Record<string, string>> = {},
): TestGroup['promql_expr_test'][number] {
  const firing = { alertname, alertstate: 'firing' };
  return {
    expr: `ALERTS{${[`alertname="${alertname}"`, 'alertstate="firing"', ...matchers].join(',')}}`,
    eval_time,
    exp_samples: exp_alerts.map(({ exp_labels }) => ({
      labels: labelled('ALERTS', { ...firing, ...labels, ...exp_labels }),
      value: 1,
    })),
  };
}

function labelled(metric: string, labels: Readonly<Record<string, string>>): string {
  const set = Object.entries(labels).filter(([, value]) => value !== '');
  return `${metric}{${set.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(',')}}`;
}
