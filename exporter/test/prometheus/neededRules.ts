import { queriesOf, selectorsOf } from './promql.js';
import type { Matcher, Selector } from './promql.js';
import { SHARED_STEPS, isAlert, nameOf } from './ruleFiles.js';
import type { Rule, RuleFile } from './ruleFiles.js';
import type { RuleTestFile } from './ruleTests.js';

type TestGroup = RuleTestFile['tests'][number];

/** A part of a test file with the rules that it needs, both as promtool reads them. */
export interface TestRun {
  readonly rules: RuleFile;
  readonly test: RuleTestFile;
}

/**
 * The tests of a file, each with the rules that it names and whatever these read: what no tested rule reads cannot
 * change what it says, and promtool evaluates it at every step. The groups keep their names, intervals and order.
 * Tests with the same rules are one run. Throws where a test names an alert that no rule file has.
 */
export function testRuns(file: RuleTestFile, ruleFiles: readonly RuleFile[]): TestRun[] {
  const groups = ruleFiles.flatMap((one) => one.groups);
  const all = groups.flatMap(({ rules }) => rules);
  const runs = new Map<string, TestRun>();
  for (const test of file.tests) {
    const needed = neededRules(test, all);
    const key = all.map((rule) => (needed.has(rule) ? '1' : '0')).join('');
    const kept = groups.map((group) => ({ ...group, rules: group.rules.filter((rule) => needed.has(rule)) }));
    const tests = [...(runs.get(key)?.test.tests ?? []), test];
    runs.set(key, { rules: { groups: kept.filter(({ rules }) => rules.length > 0) }, test: { ...file, tests } });
  }
  return [...runs.values()];
}

/** The expression, and the queries inside labels and annotations. */
export function queriesOfRule(rule: Rule): string[] {
  const templates = [...Object.values(rule.labels), ...(isAlert(rule) ? Object.values(rule.annotations) : [])];
  return [rule.expr, ...templates.flatMap(queriesOf)];
}

function neededRules(test: TestGroup, all: readonly Rule[]): Set<Rule> {
  const needed = new Set<Rule>();
  const seen = new Set<string>();
  // What every alert's breach goes through is asked for one alert, and then reads the steps of that one.
  const read = (query: string, inherited: readonly Matcher[]): void => {
    for (const selector of selectorsOf(query)) {
      const own = selector.matchers.filter(({ label }) => label === 'alertname');
      const alertname = own.length > 0 ? own : inherited;
      const matchers = [...selector.matchers.filter(({ label }) => label !== 'alertname'), ...alertname];
      for (const [index, rule] of all.entries()) {
        const key = `${index} ${JSON.stringify(alertname)}`;
        if (seen.has(key) || !mayYield(rule, { ...selector, matchers })) continue;
        seen.add(key);
        needed.add(rule);
        for (const next of queriesOfRule(rule)) read(next, isStep(rule) ? alertname : []);
      }
    }
  };
  for (const { alertname } of test.alert_rule_test) {
    if (!all.some((rule) => isAlert(rule) && rule.alert === alertname))
      throw new Error(`no alert is called ${alertname}`);
    read(`ALERTS{alertname="${alertname}"}`, []);
  }
  for (const { expr } of test.promql_expr_test) read(expr, []);
  return needed;
}

/** Records that take over the alert's name from what they read. */
const isStep = (rule: Rule): boolean => nameOf(rule) in SHARED_STEPS;

/** Whether the series of a rule can match: it has the labels that it sets, and any others. */
function mayYield(rule: Rule, { metric, matchers }: Selector): boolean {
  if (metric === '') throw new Error('a selector without a name may read every rule');
  if (metric !== nameOf(rule) && !(isAlert(rule) && /^ALERTS(_FOR_STATE)?$/.test(metric))) return false;
  const labels = isAlert(rule) ? { ...rule.labels, alertname: rule.alert } : rule.labels;
  return matchers.every(({ label, operator, value }) => {
    const set = Object.entries(labels).find(([name]) => name === label)?.[1];
    if (set === undefined || set.includes('{{') || value.includes('%s')) return true;
    const isEqual = operator.endsWith('~') ? new RegExp(`^(?:${value})$`).test(set) : set === value;
    return operator.startsWith('!') ? !isEqual : isEqual;
  });
}
