import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

export const PROMETHEUS_DIRECTORY = fileURLToPath(new URL('../../../prometheus', import.meta.url));
export const RULES_DIRECTORY = join(PROMETHEUS_DIRECTORY, 'rules');

const texts = z.record(z.string(), z.string()).default({});
const alertSchema = z.strictObject({
  alert: z.string(),
  expr: z.string(),
  for: z.string().optional(),
  keep_firing_for: z.string().optional(),
  labels: texts,
  annotations: texts,
});
const recordSchema = z.strictObject({ record: z.string(), expr: z.string(), labels: texts });
const fileSchema = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      interval: z.string().optional(),
      rules: z.array(z.union([alertSchema, recordSchema])),
    }),
  ),
});

export type AlertRule = z.infer<typeof alertSchema>;
export type RecordRule = z.infer<typeof recordSchema>;
export type Rule = AlertRule | RecordRule;
export type RuleFile = z.infer<typeof fileSchema>;

export const isAlert = (rule: Rule): rule is AlertRule => 'alert' in rule;
export const nameOf = (rule: Rule): string => (isAlert(rule) ? rule.alert : rule.record);

/** The last steps are the same for all alerts; each with the one by whose tests it is tested. */
export const SHARED_STEPS: Readonly<Record<string, string>> = {
  'portfolio:alert_held': 'ResourceConflictDetected',
  'portfolio:alert_about': 'SynergyInitiativeDelayed',
};

/** How an alert about a number comes about: its limit, what is beyond it, and that as it was last seen. */
export const ALERT_STEPS = ['portfolio:alert_limit', 'portfolio:alert_breach', ...Object.keys(SHARED_STEPS)];

/** The alert by whose tests a rule is tested; null for a record that stands for itself. */
export function alertOf(rule: Rule): string | null {
  if (isAlert(rule)) return rule.alert;
  return rule.labels['alertname'] ?? SHARED_STEPS[rule.record] ?? null;
}

export const parseRuleFile = (text: string): RuleFile => fileSchema.parse(parse(text));

/** The files of prometheus/rules by name. */
export function loadRuleFiles(): Map<string, RuleFile> {
  const names = readdirSync(RULES_DIRECTORY).sort();
  return new Map(names.map((name) => [name, parseRuleFile(readFileSync(join(RULES_DIRECTORY, name), 'utf8'))]));
}

export const rulesOf = (files: Iterable<RuleFile>): Rule[] =>
  [...files].flatMap(({ groups }) => groups.flatMap(({ rules }) => rules));

/** The alerts of prometheus/rules, each name once. */
export const alertNames = (): string[] => [...new Set(rulesOf(loadRuleFiles().values()).filter(isAlert).map(nameOf))];
