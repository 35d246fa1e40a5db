import { loadConfigFiles, readConfigText } from '../config/configSource.js';
import type { ConfigFiles } from '../config/configSource.js';
import { readExporterConfig } from '../config/exporterConfig.js';
import type { ExporterConfig } from '../config/exporterConfig.js';
import { ConfigError } from '../yaml/problem.js';
import type { Problem } from '../yaml/problem.js';
import type { ThresholdsFile } from '../config/thresholdsFile.js';
import type { KpiSettings } from '../kpi/unit/kpiInput.js';
import type { SchedulePolicy } from '../kpi/schedule/kpiScheduler.js';
import { loadUnits } from '../kpi/unit/loadUnits.js';
import type { LoadedUnits } from '../kpi/unit/loadUnits.js';
import { ALL_KPIS, isInShare, shareProblems } from '../kpi/unit/kpiShare.js';
import type { KpiShare } from '../kpi/unit/kpiShare.js';
import { unitDirectories } from '../kpi/unit/unitDirectories.js';

/** Where the two YAML files are; absolute. */
export interface ConfigPaths {
  readonly configFile: string;
  readonly thresholdsFile: string;
}

/** Everything that the files say, checked as a whole. */
export interface Configuration extends LoadedUnits {
  /** Enabled KPIs that the share leaves to other exporters. */
  readonly leftOut: readonly string[];
  readonly exporter: ExporterConfig;
  readonly thresholdsFile: ThresholdsFile;
  readonly settings: KpiSettings;
  readonly policy: SchedulePolicy;
}

/**
 * Reads both YAML files and every KPI unit. Throws ConfigError with every problem of all of them; those of the units are
 * left out only where exporter.yaml, which says where they are, is wrong itself.
 * @param share which of the KPIs are its units; all of them are checked
 * @param onDirectories told where the units are before they are read, also where the configuration is then refused
 */
export async function loadConfiguration(
  paths: ConfigPaths,
  share: KpiShare = ALL_KPIS,
  onDirectories: OnDirectories = () => undefined,
): Promise<Configuration> {
  const { exporter, thresholds, exporterProblemAt } = await loadFiles(paths, onDirectories);
  const directories = unitDirectories(exporter);
  onDirectories(directories);
  const loaded = await loadUnits(directories, exporter, exporterProblemAt);
  const names = loaded.units.map(({ name }) => name);
  const problems = shareProblems(share, names);
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    exporter,
    thresholdsFile: thresholds,
    ...loaded,
    units: loaded.units.filter(({ name }) => isInShare(name, share)),
    leftOut: names.filter((name) => !isInShare(name, share)),
    settings: {
      timeZone: exporter.timeZone,
      carryForwardDays: exporter.carryForwardDays,
      thresholds: thresholds.values,
    },
    policy: { timeZone: exporter.timeZone, jitterMs: exporter.jitterMs, onChange: exporter.onChange },
  };
}

type OnDirectories = (directories: readonly string[]) => void;

async function loadFiles(paths: ConfigPaths, onDirectories: OnDirectories): Promise<ConfigFiles> {
  try {
    return loadConfigFiles(paths);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError([...error.problems, ...(await unitProblems(paths.configFile, onDirectories))], {
      cause: error,
    });
  }
}

/** The problems of the KPI units, although thresholds.yaml is wrong; none where exporter.yaml is. */
async function unitProblems(configFile: string, onDirectories: OnDirectories): Promise<readonly Problem[]> {
  const file = readExporterFile(configFile);
  // Its problems are among those at hand.
  if (file === null) return [];
  const directories = unitDirectories(file.config);
  onDirectories(directories);
  try {
    await loadUnits(directories, file.config, file.problemAt);
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
