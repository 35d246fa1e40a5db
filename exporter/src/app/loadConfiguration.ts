import { loadConfigFiles, readConfigText } from '../config/configSource.js';
import type { ConfigFiles } from '../config/configSource.js';
import { readExporterConfig } from '../config/exporterConfig.js';
import type { ExporterConfig } from '../config/exporterConfig.js';
import { shippedFile } from '../config/shippedFile.js';
import { ConfigError } from '../yaml/problem.js';
import type { Problem } from '../yaml/problem.js';
import type { ThresholdsFile } from '../config/thresholdsFile.js';
import type { KpiSettings } from '../kpi/unit/kpiInput.js';
import type { SchedulePolicy } from '../kpi/schedule/kpiScheduler.js';
import { loadUnits } from '../kpi/unit/loadUnits.js';
import type { LoadedUnits } from '../kpi/unit/loadUnits.js';

/** The units that come with the program: sql/kpis at the top of the package. */
const SHIPPED_UNITS = shippedFile('sql/kpis');

/** Where the two YAML files are; absolute. */
export interface ConfigPaths {
  readonly configFile: string;
  readonly thresholdsFile: string;
}

/** Everything that the files say, checked as a whole. */
export interface Configuration extends LoadedUnits {
  readonly exporter: ExporterConfig;
  readonly thresholdsFile: ThresholdsFile;
  readonly settings: KpiSettings;
  readonly policy: SchedulePolicy;
}

/**
 * Reads both YAML files and every KPI unit. Throws ConfigError with every problem of all of them; those of the units are
 * left out only where exporter.yaml, which says where they are, is wrong itself.
 */
export async function loadConfiguration(paths: ConfigPaths): Promise<Configuration> {
  const { exporter, thresholds, exporterProblemAt } = await loadFiles(paths);
  const loaded = await loadUnits(unitDirectories(exporter), exporter, exporterProblemAt);
  return {
    exporter,
    thresholdsFile: thresholds,
    ...loaded,
    settings: {
      timeZone: exporter.timeZone,
      carryForwardDays: exporter.carryForwardDays,
      thresholds: thresholds.values,
    },
    policy: { timeZone: exporter.timeZone, jitterMs: exporter.jitterMs, onChange: exporter.onChange },
  };
}

async function loadFiles(paths: ConfigPaths): Promise<ConfigFiles> {
  try {
    return loadConfigFiles(paths);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError([...error.problems, ...(await unitProblems(paths.configFile))], { cause: error });
  }
}

/**
 * Where the units are that exporter.yaml asks for, as it stands; null where it cannot be read. What watches them has to know it
 * also while the configuration is refused.
 */
export function watchedDirectories({ configFile }: ConfigPaths): readonly string[] | null {
  const file = readExporterFile(configFile);
  return file === null ? null : unitDirectories(file.config);
}

/** In the order in which they replace each other. */
function unitDirectories({ shippedKpis, kpiDirectories }: ExporterConfig): string[] {
  return [...new Set([...(shippedKpis ? [SHIPPED_UNITS] : []), ...kpiDirectories])];
}

/** The problems of the KPI units, although thresholds.yaml is wrong; none where exporter.yaml is. */
async function unitProblems(configFile: string): Promise<readonly Problem[]> {
  const file = readExporterFile(configFile);
  // Its problems are among those at hand.
  if (file === null) return [];
  try {
    await loadUnits(unitDirectories(file.config), file.config, file.problemAt);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function readExporterFile(configFile: string): ReturnType<typeof readExporterConfig> | null {
  try {
    return readExporterConfig(readConfigText(configFile), configFile);
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
}
