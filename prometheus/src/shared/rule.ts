import type { Expr } from './promql.js';
import type { RecordedName } from './recorded.js';

/** A rule as a rule file has it. */
export type Rule = RecordRule | AlertRule;

export interface RecordRule {
  readonly record: RecordedName;
  readonly labels: Readonly<Record<string, string>>;
  readonly expr: Expr;
}

export interface AlertRule {
  readonly alert: string;
  readonly expr: Expr;
  readonly for: Duration | null;
  readonly keepFiringFor: Duration | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RuleGroup {
  readonly name: string;
  readonly interval: Duration;
  readonly rules: readonly Rule[];
}

export type Duration = `${number}${'s' | 'm' | 'h' | 'd'}`;

export function record(name: RecordedName, expr: Expr, labels: Readonly<Record<string, string>> = {}): RecordRule {
  return { record: name, labels, expr };
}
