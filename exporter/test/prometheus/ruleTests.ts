import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { PROMETHEUS_DIRECTORY } from './ruleFiles.js';

export const TESTS_DIRECTORY = join(PROMETHEUS_DIRECTORY, 'tests');

const texts = z.record(z.string(), z.string()).default({});
const fileSchema = z.object({
  rule_files: z.array(z.string()),
  tests: z.array(
    z.looseObject({
      interval: z.string(),
      input_series: z.array(z.strictObject({ series: z.string(), values: z.string() })).default([]),
      alert_rule_test: z
        .array(
          z.strictObject({
            eval_time: z.string(),
            alertname: z.string(),
            exp_alerts: z.array(z.strictObject({ exp_labels: texts, exp_annotations: texts })).default([]),
          }),
        )
        .default([]),
      promql_expr_test: z.array(z.looseObject({ expr: z.string(), eval_time: z.string().default('0s') })).default([]),
    }),
  ),
});

export type RuleTestFile = z.infer<typeof fileSchema>;
export type ExpectedAlert = RuleTestFile['tests'][number]['alert_rule_test'][number]['exp_alerts'][number];

/** Who speaks of an alert in the tests, and what of it. */
export interface TestedAlert {
  readonly alertname: string;
  readonly fires: boolean;
  readonly silent: boolean;
  readonly expected: readonly ExpectedAlert[];
}

// Loose, so that the rest of a file is kept for promtool: external labels, input series.
export const parseRuleTestFile = (text: string): RuleTestFile =>
  fileSchema.loose().parse(parse(text, { merge: true, maxAliasCount: -1 }));

/** The files of prometheus/tests by name. */
export function loadRuleTests(): Map<string, RuleTestFile> {
  const names = readdirSync(TESTS_DIRECTORY).sort();
  return new Map(names.map((name) => [name, parseRuleTestFile(readFileSync(join(TESTS_DIRECTORY, name), 'utf8'))]));
}

export function testedAlerts(files: Iterable<RuleTestFile>): TestedAlert[] {
  const cases = [...files].flatMap(({ tests }) => tests.flatMap((test) => test.alert_rule_test));
  return [...new Set(cases.map((one) => one.alertname))].map((alertname) => {
    const mine = cases.filter((one) => one.alertname === alertname);
    return {
      alertname,
      fires: mine.some((one) => one.exp_alerts.length > 0),
      silent: mine.some((one) => one.exp_alerts.length === 0),
      expected: mine.flatMap((one) => one.exp_alerts),
    };
  });
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** A duration as promtool writes it, `1h30m`. */
export function secondsOf(duration: string): number {
  const parts = [...duration.matchAll(/(\d+)([smhd])/g)];
  return parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (UNITS[unit] ?? Number.NaN), 0);
}

/** Until when promtool evaluates the rules of a test, in seconds. */
export const lastMoment = (test: RuleTestFile['tests'][number]): number =>
  Math.max(0, ...[...test.alert_rule_test, ...test.promql_expr_test].map(({ eval_time }) => secondsOf(eval_time)));
