import { fileURLToPath } from 'node:url';
import { loadConfigFiles } from '../config/configSource.js';
import type { ExporterConfig } from '../config/exporterConfig.js';
import type { ThresholdsFile } from '../config/thresholdsFile.js';
import type { KpiSettings } from './kpiInput.js';
import type { SchedulePolicy } from './kpiScheduler.js';
import { loadUnits } from './loadUnits.js';
import type { KpiUnit } from './unit.js';

/** The units that come with the program: sql/kpis at the top of the package. */
const SHIPPED_UNITS = fileURLToPath(new URL('../../../sql/kpis', import.meta.url));

/** Where the two YAML files are; absolute. */
export interface ConfigPaths {
  readonly configFile: string;
  readonly thresholdsFile: string;
}

/** Everything that the files say, checked as a whole. */
export interface Configuration {
  readonly exporter: ExporterConfig;
  readonly thresholdsFile: ThresholdsFile;
  readonly units: readonly KpiUnit[];
  readonly settings: KpiSettings;
  readonly policy: SchedulePolicy;
}

/** Reads both YAML files and every KPI unit. Throws ConfigError with every problem of the YAML files, or else of the units. */
export async function loadConfiguration(paths: ConfigPaths): Promise<Configuration> {
  const { exporter, thresholds, exporterProblemAt } = await loadConfigFiles(paths);
  const units = await loadUnits(exporter.kpiDirectory ?? SHIPPED_UNITS, exporter, exporterProblemAt);
  return {
    exporter,
    thresholdsFile: thresholds,
    units,
    settings: {
      timeZone: exporter.timeZone,
      carryForwardDays: exporter.carryForwardDays,
      thresholds: thresholds.values,
    },
    policy: { timeZone: exporter.timeZone, jitterMs: exporter.jitterMs, onChange: exporter.onChange },
  };
}
