import type { ClientBase } from 'pg';
import { classifyDatabaseError, describeDatabaseError } from '../database/databaseError.js';
import { queryKpi } from '../kpi/run/queryKpi.js';
import type { KpiInput } from '../kpi/unit/kpiInput.js';
import { KpiResultError } from '../kpi/unit/unit.js';
import type { KpiUnit, MetricDefinition, Sample } from '../kpi/unit/unit.js';
import type { DataAge, Figure } from './report.js';

/** What the KPIs said of a day. */
export interface KpiDay {
  readonly asOf: string;
  /** The only sample of a metric without labels; null: it has none. */
  figure(metric: string): Figure | null;
  figures(metric: string): readonly Figure[];
  definition(metric: string): MetricDefinition | null;
  readonly ages: readonly DataAge[];
  readonly failures: readonly { readonly kpi: string; readonly message: string }[];
}

/**
 * Runs the units as of a day inside the caller's transaction. A unit that fails is told with its reason and takes no other with
 * it; throws where the database is lost, because then nothing of the report would be true.
 */
export async function runDay(
  client: ClientBase,
  units: readonly KpiUnit[],
  input: KpiInput,
  isPast: boolean,
): Promise<KpiDay> {
  const samples = new Map<string, Sample[]>();
  const definitions = new Map<string, MetricDefinition>();
  const ages: DataAge[] = [];
  const failures: { kpi: string; message: string }[] = [];
  for (const unit of units) {
    for (const metric of unit.metrics) definitions.set(metric.name, metric);
    await client.query('SAVEPOINT kpi');
    try {
      const result = await queryKpi(client, unit, input);
      for (const sample of result.samples) samples.set(sample.metric, [...(samples.get(sample.metric) ?? []), sample]);
      // A heartbeat is of now; of a past day only rows that bear their day tell their age.
      if (unit.freshness !== null && (!isPast || unit.freshness.kind === 'day')) ages.push(ageOf(unit, input, result));
    } catch (error) {
      if (isLost(error)) throw error;
      await client.query('ROLLBACK TO SAVEPOINT kpi');
      failures.push({ kpi: unit.title, message: reasonOf(error) });
    }
    await client.query('RELEASE SAVEPOINT kpi');
  }
  const figures = (metric: string): Figure[] => {
    const definition = definitions.get(metric);
    if (definition === undefined || definition.unit === 'timestamp_seconds') return [];
    const { unit, asOf } = definition;
    return (samples.get(metric) ?? []).map(({ labels, value }) => ({
      metric,
      labels,
      asOf: input.asOf,
      value,
      unit,
      approximate: isPast && asOf === 'current_state',
    }));
  };
  return {
    asOf: input.asOf,
    figure: (metric) => figures(metric)[0] ?? null,
    figures,
    definition: (metric) => definitions.get(metric) ?? null,
    ages,
    failures,
  };
}

function ageOf(
  unit: KpiUnit,
  input: KpiInput,
  { dataTimestampSeconds }: { dataTimestampSeconds: number | null },
): DataAge {
  return {
    kpi: unit.name,
    title: unit.title,
    // The end of a day's rows may lie ahead of now.
    ageSeconds:
      dataTimestampSeconds === null ? null : Math.max(0, Math.round(input.now.getTime() / 1000 - dataTimestampSeconds)),
    allowedSeconds: unit.acceptableLagSeconds,
  };
}

function isLost(error: unknown): boolean {
  if (error instanceof KpiResultError) return false;
  const fault = classifyDatabaseError(error);
  return fault === 'unavailable' || fault === 'retryable';
}

function reasonOf(error: unknown): string {
  return error instanceof KpiResultError ? error.message : describeDatabaseError(error);
}
