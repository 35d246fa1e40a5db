import type { ExporterConfig } from '../../config/exporterConfig.js';
import { shippedFile } from '../../config/shippedFile.js';

/** The units that come with the program: sql/kpis at the top of the package. */
const SHIPPED_UNITS = shippedFile('sql/kpis');

/** Where the KPI units are that exporter.yaml asks for, in the order in which they replace each other. */
export function unitDirectories({ shippedKpis, kpiDirectories }: ExporterConfig): string[] {
  return [...new Set([...(shippedKpis ? [SHIPPED_UNITS] : []), ...kpiDirectories])];
}
