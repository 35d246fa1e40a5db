import { suggestion } from '../yaml/didYouMean.js';
import { formatRecorded, formatThreshold, THRESHOLD_CATALOGUE, THRESHOLD_NAMES } from '../config/thresholdCatalogue.js';
import { readConfigHistory } from '../database/configStore.js';
import { loadConfiguration } from '../app/loadConfiguration.js';
import type { ConfigPaths } from '../app/loadConfiguration.js';
import { formatTable } from './formatTable.js';
import { CommandError, EXIT_OK } from '../app/io.js';
import type { Io } from '../app/io.js';
import { withDatabase } from './openDatabase.js';

/** What has a history: every threshold, and the two settings that the reporting views read. */
const PARAMETERS: readonly string[] = [...THRESHOLD_NAMES, 'time_zone', 'carry_forward_days'];

export interface ListThresholdsOptions {
  readonly paths: ConfigPaths;
  readonly format: 'table' | 'json';
}

/** `portfolio-exporter thresholds list`: what thresholds.yaml says, in people's units (table) or base units (json). */
export async function listThresholds(options: ListThresholdsOptions, io: Io): Promise<number> {
  const { settings } = await loadConfiguration(options.paths);
  const entries = THRESHOLD_NAMES.map((name) => ({
    name,
    value: settings.thresholds[name],
    ...THRESHOLD_CATALOGUE[name],
  }));
  if (options.format === 'json') {
    const rows = entries.map(({ name, value, unit, category, min, max, description, ...entry }) => ({
      name,
      value,
      unit,
      category,
      default: entry.default,
      min,
      max,
      description,
    }));
    io.stdout(`${JSON.stringify(rows, null, 2)}\n`);
  } else {
    io.stdout(
      formatTable(
        ['name', 'value', 'default', 'range', 'read by'],
        entries.map((entry) => [
          entry.name,
          // As it is written there: 0.30, not 0.3.
          entry.value === entry.default ? entry.defaultText : formatThreshold(entry.name, entry.value),
          entry.defaultText,
          entry.rangeText,
          // The panels stand in thresholds.yaml.
          entry.readBy.map((reader) => reader.replace(/ \(".*"\)$/, '')).join('; ') || 'nothing in this version',
        ]),
      ),
    );
  }
  return EXIT_OK;
}

export interface ThresholdHistoryOptions extends ListThresholdsOptions {
  /** null: all of them. */
  readonly name: string | null;
  readonly limit: number;
}

/**
 * `portfolio-exporter thresholds history`: who changed what, when and why, from the database; newest first. In people's units
 * (table) or base units (json). Throws CommandError for a name that neither is a parameter nor ever was one.
 */
export async function thresholdHistory(options: ThresholdHistoryOptions, io: Io): Promise<number> {
  const { exporter } = await loadConfiguration(options.paths);
  const changes = await withDatabase(exporter, io, (database) =>
    database.withClient((client) =>
      readConfigHistory(client, { limit: options.limit, ...(options.name === null ? {} : { name: options.name }) }),
    ),
  );
  if (changes.length === 0 && options.name !== null && !PARAMETERS.includes(options.name)) {
    throw new CommandError(`no threshold named ${options.name}${suggestion(options.name, PARAMETERS)}`);
  }
  if (options.format === 'json') {
    io.stdout(`${JSON.stringify(changes, null, 2)}\n`);
  } else if (changes.length === 0) {
    io.stdout('no change is recorded\n');
  } else {
    io.stdout(
      formatTable(
        ['changed at', 'name', 'change', 'by', 'reason'],
        changes.map((change) => [
          change.changedAt.toISOString(),
          change.parameterName,
          `${formatRecorded(change.parameterName, change.oldValue)} -> ${formatRecorded(change.parameterName, change.newValue)}`,
          change.changedBy,
          change.reason ?? '',
        ]),
      ),
    );
  }
  return EXIT_OK;
}
