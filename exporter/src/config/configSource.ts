import type { ExporterConfig } from './exporterConfig.js';
import { readExporterConfig } from './exporterConfig.js';
import type { Problem } from '../yaml/problem.js';
import { ConfigError } from '../yaml/problem.js';
import { describeFileReadError, FileReadError, readTextFile } from '../yaml/readTextFile.js';
import type { ThresholdsFile } from './thresholdsFile.js';
import { parseThresholds } from './thresholdsFile.js';
import type { YamlInspection } from '../yaml/yamlDocument.js';

/** Both YAML files as checked. */
export interface ConfigFiles {
  readonly exporter: ExporterConfig;
  readonly thresholds: ThresholdsFile;
  /** A problem at a place of exporter.yaml, for what only the KPI units can tell: an unknown KPI, say. */
  readonly exporterProblemAt: YamlInspection<unknown>['problemAt'];
}

/**
 * Reads and checks both files.
 * @throws {ConfigError} with every problem of both
 */
export function loadConfigFiles(paths: { readonly configFile: string; readonly thresholdsFile: string }): ConfigFiles {
  const problems: Problem[] = [];
  const read = <T>(file: string, parse: (text: string, file: string) => T): T | null => {
    try {
      return parse(readConfigText(file), file);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
      return null;
    }
  };
  const exporter = read(paths.configFile, readExporterConfig);
  const thresholds = read(paths.thresholdsFile, parseThresholds);
  if (exporter === null || thresholds === null) throw new ConfigError(problems);
  return { exporter: exporter.config, thresholds, exporterProblemAt: exporter.problemAt };
}

/**
 * The text of a configuration file: a regular UTF-8 file of at most 1 MiB; a byte order mark is dropped.
 * @throws {ConfigError} with one problem that says what the file is instead
 */
export function readConfigText(file: string): string {
  try {
    return readTextFile(file);
  } catch (error) {
    if (!(error instanceof FileReadError)) throw error;
    const { line, column } = error;
    throw new ConfigError([{ file, line, column, path: '', message: describeFileReadError(error) }], { cause: error });
  }
}
