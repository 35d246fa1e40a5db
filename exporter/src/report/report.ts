import type { MetricUnit } from '../format/metricUnit.js';

/** A number that a KPI's run of a day gave. */
export interface Figure {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `YYYY-MM-DD`. */
  readonly asOf: string;
  readonly value: number;
  readonly unit: Exclude<MetricUnit, 'timestamp_seconds'>;
  /** The rows behind it keep no earlier state and the day is past. */
  readonly approximate: boolean;
}

export interface Target {
  /** Name in thresholds.yaml. */
  readonly threshold: string;
  /** Base units of the figure that it is about. */
  readonly value: number;
  readonly direction: 'at_least' | 'at_most';
  readonly met: boolean | null;
}

/** A line of the table of KPIs. null: the runs had no such number. */
export interface KpiLine {
  readonly name: string;
  /** In a sentence, before its number: `the initiative success rate`. */
  readonly phrase: string;
  readonly baseline: Figure | null;
  /** At the end of the month before. */
  readonly before: Figure | null;
  readonly current: Figure | null;
  /** Against the baseline. */
  readonly change: Figure | null;
  /** Whether `change` counts a fall as positive. */
  readonly isReduction: boolean;
  /** Of the target. */
  readonly unit: Figure['unit'] | null;
  /** What the target is compared with. */
  readonly targetOf: 'current' | 'change';
  readonly target: Target | null;
}

export interface VentureLine {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly revenue: number | null;
  readonly burn: number | null;
  readonly users: number | null;
  readonly revenueBefore: number | null;
  readonly burnBefore: number | null;
  readonly usersBefore: number | null;
  readonly revenueBaseline: number | null;
  /** Day of the newest row, however old; null: it never reported. */
  readonly lastDay: string | null;
  /** Active, and no row within the carry-forward of the day. */
  readonly isSilent: boolean;
  readonly score: Figure | null;
  readonly scoreChange: Figure | null;
  readonly recommendation: string | null;
  readonly assessedOn: string | null;
}

export interface InitiativeLine {
  readonly id: string;
  readonly name: string;
  readonly code: string;
  readonly status: string;
  readonly owner: string | null;
  readonly isCritical: boolean;
  /** 0 to 1. */
  readonly progress: number;
  /** Dollars. */
  readonly captured: number;
  readonly capturedInMonth: number;
  readonly targetValue: number | null;
  readonly cost: number | null;
  /** Captured value over cost; null without a cost. */
  readonly roi: number | null;
  readonly launchedOn: string | null;
  readonly completedOn: string | null;
  readonly nextMilestone: string | null;
  readonly nextDeadline: string | null;
  readonly idle: Figure | null;
}

export interface MilestoneLine {
  readonly initiative: string;
  readonly milestone: string;
  readonly owner: string | null;
  readonly isCritical: boolean;
  readonly overdue: Figure;
}

export interface ResourceLine {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly allocation: Figure;
  readonly shares: readonly { readonly venture: string; readonly share: number }[];
  readonly isOver: boolean;
}

export interface OpenConflict {
  readonly resource: string;
  readonly status: string;
  readonly open: Figure;
}

export interface ResolvedConflict {
  readonly resource: string;
  readonly detectedOn: string;
  readonly seconds: number;
  readonly notes: string | null;
}

export interface GateLine {
  readonly gate: string;
  readonly criterion: string;
  readonly passed: Figure;
}

export interface ClosedAlert {
  readonly alertname: string;
  readonly entity: string;
  readonly startedOn: string;
  readonly seconds: number;
}

export interface MonthPoint {
  /** `YYYY-MM`. */
  readonly month: string;
  readonly revenue: Figure | null;
  readonly burn: Figure | null;
  readonly profit: Figure | null;
}

/** Dollars captured in a calendar month, the running one up to the report's moment. */
export interface ValueMonth {
  readonly month: string;
  readonly costSaved: number;
  readonly revenueGenerated: number;
  readonly timeSaved: number;
}

/** How old the rows behind a KPI were at the report's moment. */
export interface DataAge {
  readonly kpi: string;
  readonly title: string;
  /** Seconds; null: not known. */
  readonly ageSeconds: number | null;
  readonly allowedSeconds: number;
}

/** What a portfolio report says, as data: JSON keeps it as it is. */
export interface PortfolioReport {
  readonly kind: 'portfolio';
  /** The portfolio's name; empty where there is only one. */
  readonly subject: string;
  /** `YYYY-MM`. */
  readonly period: string;
  readonly title: string;
  readonly asOf: string;
  /** The last day of the month before. */
  readonly asOfBefore: string;
  /** ISO 8601; the moment up to which rows count. */
  readonly now: string;
  readonly timeZone: string;
  readonly isRunning: boolean;
  readonly baselineDay: string | null;
  readonly hourlyRate: number;
  readonly activeVentures: Figure | null;
  readonly missingVentures: Figure | null;
  readonly kpis: readonly KpiLine[];
  readonly revenueMonthChange: Figure | null;
  readonly profitMonthChange: Figure | null;
  readonly valueThisYear: Figure | null;
  readonly activeInitiatives: Figure | null;
  readonly months: readonly MonthPoint[];
  readonly valueMonths: readonly ValueMonth[];
  readonly ventures: readonly VentureLine[];
  readonly initiatives: readonly InitiativeLine[];
  readonly overdue: readonly MilestoneLine[];
  readonly resources: readonly ResourceLine[];
  readonly openConflicts: readonly OpenConflict[];
  readonly resolvedConflicts: readonly ResolvedConflict[];
  readonly gates: readonly GateLine[];
  /** null: nothing records alerts here. */
  readonly closedAlerts: readonly ClosedAlert[] | null;
  readonly ages: readonly DataAge[];
  /** KPIs that could not be computed, with the reason. */
  readonly failures: readonly { readonly kpi: string; readonly message: string }[];
  readonly summary: readonly string[];
  readonly recommendations: readonly Recommendation[];
}

export interface Recommendation {
  readonly action: string;
  /** The numbers that the rule saw. */
  readonly because: string;
  /** The rule, with its limit. */
  readonly rule: string;
}
