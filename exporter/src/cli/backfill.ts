import { SingleBar } from 'cli-progress';
import { backfill as fill, daysBetween } from '../kpi/backfill.js';
import { loadConfiguration } from '../kpi/loadConfiguration.js';
import type { ConfigPaths } from '../kpi/loadConfiguration.js';
import { presentMoment } from '../kpi/moment.js';
import type { KpiUnit } from '../kpi/unit.js';
import { CommandError, EXIT_FAILURE, EXIT_OK } from './io.js';
import type { Io } from './io.js';
import { withDatabase } from './openDatabase.js';
import { findUnit } from './run.js';

export interface BackfillOptions {
  readonly paths: ConfigPaths;
  readonly from: string;
  /** null: yesterday. */
  readonly to: string | null;
  /** Names; empty: every KPI that keeps history. */
  readonly kpis: readonly string[];
  readonly overwrite: boolean;
  readonly approximate: boolean;
}

/** `portfolio-exporter backfill`: fills kpi_history for past days. Exit code 1 where it was stopped before the end. */
export async function backfill(options: BackfillOptions, io: Io): Promise<number> {
  const configuration = await loadConfiguration(options.paths);
  const units = chooseUnits(configuration.units, options, io);
  return withDatabase(configuration.exporter, io, async (database) => {
    const { timeZone } = configuration.settings;
    const to = options.to ?? dayBefore((await database.withClient((client) => presentMoment(client, timeZone))).asOf);
    const bar = new SingleBar({
      format: '{bar} {percentage}% | {value}/{total} | {day} {kpi}',
      // Where stderr is a file or a pipe, one line now and then instead of a bar that redraws.
      noTTYOutput: true,
      notTTYSchedule: 5_000,
      stream: process.stderr,
    });
    const progress = { isShown: false };
    try {
      const result = await fill(
        { units, days: daysBetween(options.from, to), overwrite: options.overwrite },
        {
          database,
          retry: configuration.exporter.retry,
          settings: configuration.settings,
          signal: io.shutdown,
          onStart: (steps) => {
            if (steps === 0) return;
            bar.start(steps, 0, { kpi: '', day: '' });
            progress.isShown = true;
          },
          onStep: (kpi, day) => bar.increment({ kpi, day }),
        },
      );
      if (progress.isShown) bar.stop();
      progress.isShown = false;
      io.stdout(
        `${result.written} days written, ${result.skipped} had a record (${units.length} KPIs, ${options.from} to ${to})` +
          `${result.interrupted ? '; stopped before the end: run it again to go on' : ''}\n`,
      );
      return result.interrupted ? EXIT_FAILURE : EXIT_OK;
    } finally {
      if (progress.isShown) bar.stop();
    }
  });
}

function chooseUnits(all: readonly KpiUnit[], options: BackfillOptions, io: Io): KpiUnit[] {
  const keeps = (unit: KpiUnit): boolean => unit.metrics.some((metric) => metric.history);
  const chosen = options.kpis.length === 0 ? all.filter(keeps) : options.kpis.map((name) => findUnit(all, name));
  for (const unit of chosen) {
    if (!keeps(unit)) throw new CommandError(`${unit.name} keeps no metric in kpi_history (history: true in its YAML)`);
  }
  const inexact = chosen.filter((unit) => unit.asOf === 'current_state').map((unit) => unit.name);
  if (inexact.length === 0) return chosen;
  if (options.approximate) {
    io.stderr(`approximate, because their rows keep no earlier state: ${inexact.join(', ')}\n`);
    return chosen;
  }
  io.stderr(
    `left out, because their rows keep no earlier state (--approximate includes them): ${inexact.join(', ')}\n`,
  );
  return chosen.filter((unit) => unit.asOf === 'exact');
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
