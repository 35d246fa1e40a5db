import type { ClientBase } from 'pg';
import { shippedUnits } from '../../scripts/shippedUnits.js';
import { parseExporterConfig } from '../../src/config/exporterConfig.js';
import { parseThresholds } from '../../src/config/thresholdsFile.js';
import type { Moment } from '../../src/kpi/unit/moment.js';
import { queryKpi } from '../../src/kpi/run/queryKpi.js';
import type { KpiResult, KpiUnit } from '../../src/kpi/unit/unit.js';

/** The shipped units with every setting at its default. */
export interface DemoKpis {
  readonly units: readonly KpiUnit[];
  run(client: ClientBase, kpi: string, moment: Moment, timeZone?: string): Promise<KpiResult>;
}

export async function loadDemoKpis(): Promise<DemoKpis> {
  const config = parseExporterConfig('{}', 'exporter.yaml');
  const thresholds = parseThresholds('{}', 'thresholds.yaml').values;
  const units = await shippedUnits();
  return {
    units,
    run: (client, kpi, moment, timeZone = 'UTC') => {
      const unit = units.find(({ name }) => name === kpi);
      if (unit === undefined) throw new Error(`no KPI ${kpi}`);
      return queryKpi(client, unit, { ...moment, timeZone, carryForwardDays: config.carryForwardDays, thresholds });
    },
  };
}

/** The value of a metric's only sample, or of the one whose labels include these. */
export function valueOf(result: KpiResult, metric: string, labels: Readonly<Record<string, string>> = {}): number {
  const found = result.samples.filter(
    (sample) =>
      sample.metric === metric && Object.entries(labels).every(([name, value]) => sample.labels[name] === value),
  );
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} samples of ${metric}`);
  return only.value;
}
