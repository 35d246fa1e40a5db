import { loadConfiguration } from '../app/loadConfiguration.js';
import type { ConfigPaths } from '../app/loadConfiguration.js';
import { presentMoment } from '../kpi/unit/moment.js';
import { runKpi } from '../kpi/run/runKpi.js';
import type { KpiUnit, Sample } from '../kpi/unit/unit.js';
import { renderKpi } from '../metrics/renderKpi.js';
import { formatTable } from './formatTable.js';
import { CommandError, EXIT_OK } from '../app/io.js';
import type { Io } from '../app/io.js';
import { withDatabase } from './openDatabase.js';
import type { OutputFormat } from './formats.js';

export interface RunOptions {
  readonly paths: ConfigPaths;
  readonly kpi: string;
  /** `YYYY-MM-DD`, null for today. */
  readonly asOf: string | null;
  readonly format: OutputFormat;
}

/**
 * `portfolio-exporter run <kpi>`: one run, by the same rules as a scheduled one, printed. Writes nothing to the database.
 * Throws CommandError where the KPI does not exist or its run fails.
 */
export async function run(options: RunOptions, io: Io): Promise<number> {
  const configuration = await loadConfiguration(options.paths);
  const unit = findUnit(configuration.units, options.kpi);
  const { settings } = configuration;
  const { outcome, isPast } = await withDatabase(configuration.exporter, io, async (database) => {
    const outcome = await runKpi(unit, {
      database,
      retry: configuration.exporter.retry,
      clock: () => new Date(),
      settings: () => settings,
      signal: io.shutdown,
      ...(options.asOf === null ? {} : { asOf: options.asOf }),
    });
    if (outcome.result !== 'success' || options.asOf === null) return { outcome, isPast: false };
    const today = await database.withClient((client) => presentMoment(client, settings.timeZone));
    return { outcome, isPast: outcome.input.asOf !== today.asOf };
  });
  if (outcome.result !== 'success') throw new CommandError(`${unit.name}: ${outcome.result}: ${outcome.message}`);
  const approximate = unit.metrics.filter((metric) => metric.asOf === 'current_state').map((metric) => metric.name);
  if (isPast && approximate.length > 0) {
    io.stderr(`approximate, because their rows keep no earlier state (docs/kpis.md): ${approximate.join(', ')}\n`);
  }
  io.stdout(await print(unit, outcome.kpi.samples, options.format));
  return EXIT_OK;
}

/** Throws CommandError that lists what there is. */
export function findUnit(units: readonly KpiUnit[], name: string): KpiUnit {
  const unit = units.find((one) => one.name === name);
  if (unit !== undefined) return unit;
  throw new CommandError(`no KPI named ${name}; there are ${units.map((one) => one.name).join(', ')}`);
}

async function print(unit: KpiUnit, samples: readonly Sample[], format: OutputFormat): Promise<string> {
  switch (format) {
    case 'prometheus':
      return renderKpi(unit, samples);
    case 'json':
      return `${JSON.stringify(
        sorted(samples).map(({ metric, labels, value }) => ({ metric, labels, value })),
        null,
        2,
      )}\n`;
    case 'table':
      return formatTable(
        ['metric', 'labels', 'value'],
        sorted(samples).map(({ metric, labels, value }) => [metric, labelText(labels), String(value)]),
      );
  }
}

/** By metric, then by labels, in code point order: two runs on the same rows print the same. */
function sorted(samples: readonly Sample[]): Sample[] {
  const key = (sample: Sample): string => `${sample.metric}\u0000${labelText(sample.labels)}`;
  return samples.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

function labelText(labels: Sample['labels']): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(' ');
}
