import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPromtool } from '../support/promtool.js';
import { firingSeries } from './firingSeries.js';
import type { Mutant } from './mutateRule.js';
import { queriesOfRule } from './neededRules.js';
import { selectorsOf } from './promql.js';
import { ALERT_STEPS, SHARED_STEPS, alertOf, isAlert, nameOf } from './ruleFiles.js';
import type { Rule } from './ruleFiles.js';
import { lastMoment } from './ruleTests.js';
import type { RuleTestFile } from './ruleTests.js';

type TestGroup = RuleTestFile['tests'][number];

/** A mutant, and what it and its series are called, so that many can run at once. */
interface Contestant {
  readonly mutant: Mutant;
  readonly rename: <T>(value: T) => T;
}

/**
 * The mutants of a rule that no test of the files betrays. All of them run at once, each under a name of its own: a test
 * takes about 50 ms to set up, whatever it evaluates. Who fails a test does not run in the next one, and texts, which are
 * two thirds of what an alert costs, are written for those alone that fire when and for whom they should. The unchanged
 * rule runs with them and must not fail.
 * @param all the rules that the test files load
 */
export async function survivingMutants(
  original: Rule,
  mutants: readonly Mutant[],
  all: readonly Rule[],
  files: readonly RuleTestFile[],
): Promise<Mutant[]> {
  const own = ownRules(original, all);
  const shared = recordsFor(own, all).filter((rule) => !own.some((other) => nameOf(other) === nameOf(rule)));
  // In the order of evaluation: what a rule reads of one behind it is of the step before.
  const evaluated = all.filter((rule) => own.includes(rule) || shared.includes(rule));
  const contestants = [{ name: 'control', rule: original }, ...mutants];
  const names = own.map(nameOf);
  let survivors = contestants.map((mutant, index) => ({ mutant, rename: renaming(names, `__m${index}`) }));
  const directory = mkdtempSync(join(tmpdir(), 'rule-mutants-'));
  try {
    for (const { file, group, told } of rounds(files, names, computedTexts(own))) {
      for (let again = true; again && survivors.length > 1;) {
        const rules = evaluated.flatMap((rule) =>
          own.includes(rule)
            ? survivors.map(({ mutant, rename }) => withTexts(rename(rule === original ? mutant.rule : rule), told))
            : [rule],
        );
        const { code, output } = await runTest(directory, rules, { ...file, tests: [forEach(survivors, group)] });
        const failed = new Set([...output.matchAll(/__m(\d+)\b/g)].map(([, index]) => contestants[Number(index)]));
        if (failed.has(contestants[0]) || (code !== 0 && failed.size === 0)) throw new Error(output);
        survivors = survivors.filter(({ mutant }) => !failed.has(mutant));
        // Such an error ends the test, and so keeps the others from being seen to fail.
        again = /\berr: |could not parse/.test(output);
      }
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
  return survivors.slice(1).map(({ mutant }) => mutant);
}

/** One test of a file, and the annotations that it reads. */
interface Round {
  readonly file: RuleTestFile;
  readonly group: TestGroup;
  readonly told: readonly string[];
}

/**
 * First who fires, then what is told: what ends early costs least, and spares the later ones those who fail it. A test
 * that asks for none of these names cannot betray a mutant.
 */
function rounds(files: readonly RuleTestFile[], names: readonly string[], told: readonly string[]): Round[] {
  const rename = renaming(names, '__');
  const tests = files.flatMap((file) =>
    file.tests.map((group) => ({
      file,
      group: { ...group, promql_expr_test: group.promql_expr_test.filter(({ expr }) => rename(expr) !== expr) },
    })),
  );
  const firing = tests.map(({ file, group }) => {
    const series = group.alert_rule_test.map((one) => firingSeries(one));
    return {
      file,
      group: { ...group, alert_rule_test: [], promql_expr_test: [...group.promql_expr_test, ...series] },
      told: [],
    };
  });
  const texts = tests.map(({ file, group }) => ({
    file,
    group: {
      ...group,
      promql_expr_test: [],
      alert_rule_test: group.alert_rule_test
        .filter(({ exp_alerts }) => told.length > 0 && exp_alerts.length > 0)
        .map((one) => ({
          ...one,
          exp_alerts: one.exp_alerts.map((alert) => ({
            ...alert,
            exp_annotations: pick(alert.exp_annotations, told),
          })),
        })),
    },
    told,
  }));
  return [firing, texts].flatMap((some) =>
    some
      .filter(({ group }) => group.alert_rule_test.length + group.promql_expr_test.length > 0)
      .toSorted((a, b) => lastMoment(a.group) - lastMoment(b.group)),
  );
}

/** The annotations that may differ although the alert fires with the same labels. */
function computedTexts(rules: readonly Rule[]): string[] {
  const texts = rules.filter(isAlert).flatMap(({ annotations }) => Object.entries(annotations));
  return [...new Set(texts.filter(([, text]) => /\$value\b|\bquery\b/.test(text)).map(([name]) => name))];
}

const withTexts = (rule: Rule, told: readonly string[]): Rule =>
  isAlert(rule) ? { ...rule, annotations: pick(rule.annotations, told) } : rule;

const pick = (texts: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).filter(([name]) => names.includes(name)));

/** What each mutant has a copy of: an alert with its steps; of another recording rule what reads it, and what reads that. */
function ownRules(original: Rule, all: readonly Rule[]): Rule[] {
  const alert = alertOf(original);
  if (alert === null) {
    const records = all.filter((rule) => alertOf(rule) === null);
    let own = [original];
    for (let names: string[] = []; own.length > names.length;) {
      names = own.map(nameOf);
      const rename = renaming(names, '__');
      own = records.filter((rule) => JSON.stringify(rename(rule)) !== JSON.stringify(rule));
    }
    return own;
  }
  const mine = all.filter((rule) => alertOf(rule) === alert || nameOf(rule) in SHARED_STEPS);
  const compared = mine.flatMap(({ expr }) =>
    [...expr.matchAll(/alert_limit\{alertname="(\w+)"/g)].map(([, name]) => name),
  );
  return all.filter((rule) => {
    if (nameOf(rule) === 'portfolio:alert_limit') return compared.includes(alertOf(rule) ?? '');
    if (ALERT_STEPS.includes(nameOf(rule)))
      return mine.includes(rule) && mine.some((one) => isAlert(one) && readsSteps(one));
    return mine.includes(rule);
  });
}

const readsSteps = ({ expr }: Rule): boolean => ALERT_STEPS.some((step) => expr.includes(step));

/** Puts the suffix behind each of the names, wherever in a rule or a test it stands. */
function renaming(names: readonly string[], suffix: string): Contestant['rename'] {
  // An alert is named by a whole string, a series inside an expression.
  const pattern = new RegExp(`(?<![\\w:#/])(${[...new Set(names)].join('|')})(?![\\w:])`, 'g');
  return (value) => JSON.parse(JSON.stringify(value).replaceAll(pattern, `$1${suffix}`)) as typeof value;
}

/** The recording rules that these rules read, and those that they read in turn, in the order of evaluation. */
function recordsFor(rules: readonly Rule[], all: readonly Rule[]): Rule[] {
  const records = all.filter((rule) => !isAlert(rule));
  const needed = new Set<Rule>();
  const visit = (rule: Rule): void => {
    const metrics = queriesOfRule(rule).flatMap((query) => selectorsOf(query).map(({ metric }) => metric));
    for (const record of records) {
      if (needed.has(record) || !metrics.includes(nameOf(record))) continue;
      needed.add(record);
      visit(record);
    }
  };
  rules.forEach(visit);
  return records.filter((record) => needed.has(record));
}

/** The test once for each contestant; series that are not renamed stand there once. */
function forEach(contestants: readonly Contestant[], group: TestGroup): TestGroup {
  const each = <T>(values: readonly T[]): T[] => contestants.flatMap(({ rename }) => rename(values));
  const series = each(group.input_series).map((one): [string, typeof one] => [one.series, one]);
  return {
    ...group,
    input_series: [...new Map(series).values()],
    alert_rule_test: each(group.alert_rule_test),
    promql_expr_test: each(group.promql_expr_test),
  };
}

/** JSON is YAML, and needs no care about what a plain scalar may hold. */
function runTest(
  directory: string,
  rules: readonly Rule[],
  file: RuleTestFile,
): Promise<{ code: number; output: string }> {
  const test = { ...file, rule_files: ['rules.json'], group_eval_order: ['rules'] };
  writeFileSync(join(directory, 'rules.json'), JSON.stringify({ groups: [{ name: 'rules', rules }] }));
  writeFileSync(join(directory, 'test.json'), JSON.stringify(test));
  return runPromtool(['test', 'rules', join(directory, 'test.json')]);
}
