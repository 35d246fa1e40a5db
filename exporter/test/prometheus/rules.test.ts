import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PROMTOOL, runPromtool } from '../support/promtool.js';
import { testRuns } from './neededRules.js';
import { parseRuleFile, PROMETHEUS_DIRECTORY, RULES_DIRECTORY } from './ruleFiles.js';
import type { RuleFile } from './ruleFiles.js';
import { loadRuleTests, TESTS_DIRECTORY } from './ruleTests.js';

const ruleFiles = readdirSync(RULES_DIRECTORY).sort();
const tests = loadRuleTests();
const testFiles = [...tests.keys()];
const directory = mkdtempSync(join(tmpdir(), 'rule-tests-'));

afterAll(() => rmSync(directory, { recursive: true }));

/** As a test file names it, from its own directory. */
const readRuleFile = (path: string): RuleFile => parseRuleFile(readFileSync(join(TESTS_DIRECTORY, path), 'utf8'));

// One file computes for seconds, and for minutes where others take the machine.
describe.skipIf(PROMTOOL === null)('promtool', { timeout: 1_200_000 }, () => {
  it.each(ruleFiles)('accepts the rules of %s', async (name) => {
    const { code, output } = await runPromtool(['check', 'rules', join(RULES_DIRECTORY, name)]);
    expect(output).toContain('SUCCESS');
    expect(code, output).toBe(0);
  });

  it('accepts prometheus.yml, which takes every rule file', async () => {
    const { code, output } = await runPromtool(['check', 'config', join(PROMETHEUS_DIRECTORY, 'prometheus.yml')]);
    expect(output).toContain(`${ruleFiles.length} rule files found`);
    expect(code, output).toBe(0);
  });

  it.each(testFiles)('finds that the rules do what %s says', async (name) => {
    const file = tests.get(name);
    if (file === undefined) throw new Error(`${name} is gone`);
    const runs = testRuns(file, file.rule_files.map(readRuleFile));
    const paths = runs.map(({ rules, test }, index) => {
      const path = join(directory, `${name}.${index}`);
      // JSON is YAML.
      writeFileSync(`${path}.rules`, JSON.stringify(rules));
      writeFileSync(path, JSON.stringify({ ...test, rule_files: [`${path}.rules`] }));
      return path;
    });
    const { code, output } = await runPromtool(['test', 'rules', ...paths]);
    expect(output.match(/SUCCESS/g) ?? [], output).toHaveLength(runs.length);
    expect(code, output).toBe(0);
  });
});

describe('the tests of the rules', () => {
  it('have names that no other file hides: *.test.yml', () => {
    expect(testFiles.filter((name) => !name.endsWith('.test.yml'))).toEqual([]);
    expect(testFiles.length).toBeGreaterThan(0);
  });
});
