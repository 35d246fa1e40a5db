import pLimit from 'p-limit';
import { describe, expect, it } from 'vitest';
import { PROMTOOL } from '../support/promtool.js';
import { besideOthers, goneBesideOthers } from './besideOthers.js';
import { EQUIVALENT_RULE_MUTANTS } from './equivalentRuleMutants.js';
import { mixPortfolios, mutateRule } from './mutateRule.js';
import type { Mutant } from './mutateRule.js';
import { alertOf, loadRuleFiles, nameOf, rulesOf } from './ruleFiles.js';
import type { Rule } from './ruleFiles.js';
import { loadRuleTests } from './ruleTests.js';
import type { RuleTestFile } from './ruleTests.js';
import { survivingMutants } from './runMutants.js';

/** Written by `npm run schemas` from one template; targets.test.yml has a rule of each form. */
const GENERATED = ['targets.yml'];

const files = loadRuleFiles();
const rules = rulesOf([...files].filter(([name]) => !GENERATED.includes(name)).map(([, file]) => file));
const tests = loadRuleTests();
const freshnessTests = [...tests].filter(([name]) => name.startsWith('freshness')).map(([, file]) => file);

const titleOf = (rule: Rule): string => [nameOf(rule), rule.labels['alertname'] ?? ''].join(' ').trim();

/** Two rules of one name are told apart by their number. */
const named = rules.map((rule, index): [string, Rule] => {
  const before = rules.slice(0, index).filter((other) => titleOf(other) === titleOf(rule)).length;
  return [before === 0 ? titleOf(rule) : `${titleOf(rule)} (${before + 1})`, rule];
});

const beside = (rule: Rule, file: RuleTestFile): RuleTestFile[] =>
  rule.expr.includes('[1h]') ? [besideOthers(file), goneBesideOthers(file)] : [besideOthers(file)];

async function survivorsOf(rule: Rule): Promise<Mutant[]> {
  const alert = alertOf(rule);
  const file = tests.get(`${alert}.test.yml`);
  if (alert !== null && file === undefined) throw new Error(`prometheus/tests lacks ${alert}.test.yml`);
  const own = file === undefined ? freshnessTests : [file];
  return [
    ...(await survivingMutants(rule, mutateRule(rule), rules, own)),
    ...(await survivingMutants(
      rule,
      mixPortfolios(rule),
      rules,
      own.flatMap((one) => beside(rule, one)),
    )),
  ];
}

/** At most two at a time: the machine that runs the gate has two cores. */
const turn = pLimit(2);

describe.skipIf(PROMTOOL === null)('every fault in a rule fails a promtool test', { timeout: 1_800_000 }, () => {
  it.concurrent.each(named)('%s', async (name, rule) => {
    const survivors = (await turn(() => survivorsOf(rule))).map((mutant) => mutant.name);
    expect(survivors.sort()).toEqual(Object.keys(EQUIVALENT_RULE_MUTANTS[name] ?? {}).sort());
  });

  it('and the list of equivalent ones names only rules that there are', () => {
    expect(named.map(([name]) => name)).toEqual(expect.arrayContaining(Object.keys(EQUIVALENT_RULE_MUTANTS)));
  });
});
