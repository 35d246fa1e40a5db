import { DEFAULT_THRESHOLDS } from '../../src/config/thresholdCatalogue.js';
import { compileSql } from '../../src/kpi/unit/grammar/compileSql.js';
import type { KpiInput, KpiSettings } from '../../src/kpi/unit/kpiInput.js';
import { BUILT_IN_PARAMETERS } from '../../src/kpi/unit/kpiInput.js';
import type { KpiUnit, MetricDefinition } from '../../src/kpi/unit/unit.js';

export const SETTINGS: KpiSettings = { timeZone: 'UTC', carryForwardDays: 3, thresholds: DEFAULT_THRESHOLDS };

export const INPUT: KpiInput = { ...SETTINGS, asOf: '2026-03-31', now: new Date('2026-04-01T00:00:00Z') };

export function metric(name: string, overrides: Partial<MetricDefinition> = {}): MetricDefinition {
  return {
    name,
    help: `Help of ${name}.`,
    unit: 'count',
    labels: [],
    history: false,
    shownAs: null,
    target: null,
    asOf: 'exact',
    ...overrides,
  };
}

/** A KPI with one metric, `portfolio_sample`, that no file describes; `sql` is as the server gets it. */
export function kpiUnit(overrides: Partial<KpiUnit> = {}): KpiUnit {
  return {
    name: 'sample',
    title: 'Sample',
    description: 'A KPI of a test.',
    owner: 'PortfolioAnalyst',
    schedule: { kind: 'every', intervalMs: 30_000 },
    onChange: [],
    // As much as a machine with other work takes.
    timeoutMs: 60_000,
    acceptableLagSeconds: 3_600,
    alertWhenLate: true,
    maxSeries: 1_000,
    maxLabelBytes: 1_024,
    position: null,
    freshness: null,
    metrics: [metric('portfolio_sample')],
    sqlFile: 'sample.sql',
    sqlText: 'SELECT 1 AS portfolio_sample',
    sql: 'SELECT 1 AS portfolio_sample',
    parameters: [],
    ...overrides,
  };
}

/** The same from SQL as in a file, with `:as_of`, `:now`, `:time_zone`, `:carry_forward_days` and `:hourly_rate`. */
export async function unitOf(source: string, overrides: Partial<KpiUnit> = {}): Promise<KpiUnit> {
  const { text, parameters } = await compileSql(source, new Map([...BUILT_IN_PARAMETERS, ['hourly_rate', 'numeric']]));
  return kpiUnit({ sql: text, parameters, ...overrides });
}
