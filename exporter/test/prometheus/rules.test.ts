import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROMTOOL, runPromtool } from '../support/promtool.js';
import { PROMETHEUS_DIRECTORY, RULES_DIRECTORY } from './ruleFiles.js';
import { TESTS_DIRECTORY } from './ruleTests.js';

const ruleFiles = readdirSync(RULES_DIRECTORY).sort();
const testFiles = readdirSync(TESTS_DIRECTORY).sort();

describe.skipIf(PROMTOOL === null)('promtool', () => {
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
    const { code, output } = await runPromtool(['test', 'rules', join(TESTS_DIRECTORY, name)]);
    expect(output).toContain('SUCCESS');
    expect(code, output).toBe(0);
  });
});

describe('the tests of the rules', () => {
  it('have names that no other file hides: *.test.yml', () => {
    expect(testFiles.filter((name) => !name.endsWith('.test.yml'))).toEqual([]);
    expect(testFiles.length).toBeGreaterThan(0);
  });
});
