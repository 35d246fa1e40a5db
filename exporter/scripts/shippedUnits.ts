import { fileURLToPath } from 'node:url';
import { parseExporterConfig } from '../src/config/exporterConfig.js';
import { loadUnits } from '../src/kpi/unit/loadUnits.js';
import type { KpiUnit } from '../src/kpi/unit/unit.js';

const UNITS = fileURLToPath(new URL('../../sql/kpis', import.meta.url));

/** The units of sql/kpis as they stand there, without the overrides of an exporter.yaml. */
export async function shippedUnits(): Promise<readonly KpiUnit[]> {
  const place = { file: 'exporter.yaml', line: 1, column: 1 };
  const { units } = await loadUnits([UNITS], parseExporterConfig('{}', 'exporter.yaml'), (path, message) => ({
    ...place,
    path: path.join('.'),
    message,
  }));
  return units;
}
