import { describe, expect, it } from 'vitest';
import { PROMTOOL } from '../support/promtool.js';
import { EQUIVALENT_RULE_MUTANTS } from './equivalentRuleMutants.js';
import { mutateRule } from './mutateRule.js';
import type { Mutant } from './mutateRule.js';
import { alertOf, loadRuleFiles, nameOf, rulesOf } from './ruleFiles.js';
import type { Rule } from './ruleFiles.js';
import { loadRuleTests } from './ruleTests.js';
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

function survivorsOf(rule: Rule): Promise<Mutant[]> {
  const alert = alertOf(rule);
  const file = tests.get(`${alert}.test.yml`);
  if (alert !== null && file === undefined) throw new Error(`prometheus/tests lacks ${alert}.test.yml`);
  return survivingMutants(rule, mutateRule(rule), rules, file === undefined ? freshnessTests : [file]);
}

/** At most two at a time: the machine that runs the gate has two cores. One that fails keeps no other from its result. */
async function inPairs<K, V>(jobs: readonly [K, () => Promise<V>][]): Promise<Map<K, PromiseSettledResult<V>>> {
  const results = new Map<K, PromiseSettledResult<V>>();
  const waiting = [...jobs];
  const worker = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const [result] = await Promise.allSettled([job[1]()]);
      results.set(job[0], result);
    }
  };
  await Promise.all([worker(), worker()]);
  return results;
}

describe.skipIf(PROMTOOL === null)('every fault in a rule fails a promtool test', { timeout: 1_800_000 }, () => {
  let all: Promise<Map<string, PromiseSettledResult<Mutant[]>>> | null = null;

  it.each(named)('%s', async (name) => {
    all ??= inPairs(named.map(([key, one]): [string, () => Promise<Mutant[]>] => [key, () => survivorsOf(one)]));
    const result = (await all).get(name);
    if (result?.status !== 'fulfilled') throw result?.reason;
    const survivors = result.value.map((mutant) => mutant.name);
    expect(survivors.sort()).toEqual(Object.keys(EQUIVALENT_RULE_MUTANTS[name] ?? {}).sort());
  });

  it('and the list of equivalent ones names only rules that there are', () => {
    expect(named.map(([name]) => name)).toEqual(expect.arrayContaining(Object.keys(EQUIVALENT_RULE_MUTANTS)));
  });
});
