import { backfillHistory, daysBetween, keepOnly } from '../kpi/history/backfillHistory.js';
import { keptMetrics } from '../kpi/history/history.js';
import { loadConfiguration } from '../app/loadConfiguration.js';
import type { ConfigPaths } from '../app/loadConfiguration.js';
import { daysBefore, presentMoment } from '../kpi/unit/moment.js';
import type { KpiUnit } from '../kpi/unit/unit.js';
import { CommandError, EXIT_FAILURE, EXIT_OK } from '../app/io.js';
import type { Io } from '../app/io.js';
import { withDatabase } from './openDatabase.js';
import { progressLine } from './progressLine.js';
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
  return withDatabase(configuration.exporter, io, async (database, finish) => {
    const { timeZone } = configuration.settings;
    const to =
      options.to ?? daysBefore((await database.withClient((client) => presentMoment(client, timeZone))).asOf, 1);
    const progress = progressLine({ write: io.stderr, isTTY: io.isTerminal === true });
    try {
      const result = await backfillHistory(
        { units, days: daysBetween(options.from, to), overwrite: options.overwrite },
        {
          database,
          retry: configuration.exporter.retry,
          settings: configuration.settings,
          signal: io.shutdown,
          finish,
          onStart: (steps) => progress.start(steps),
          onStep: (kpi, day) => progress.step(`${day} ${kpi}`),
        },
      );
      progress.stop();
      io.stdout(
        `${result.written} days written, ${result.skipped} had a record (${new Set(units.map((unit) => unit.name)).size} KPIs, ${options.from} to ${to})` +
          (result.interrupted ? '; stopped before the end: run it again to go on' : '') +
          `${result.inDoubt === null ? '' : `; whether ${result.inDoubt} was still written is not known`}\n`,
      );
      return result.interrupted ? EXIT_FAILURE : EXIT_OK;
    } finally {
      progress.stop();
    }
  });
}

function chooseUnits(all: readonly KpiUnit[], options: BackfillOptions, io: Io): KpiUnit[] {
  const keeping = all.filter((unit) => keptMetrics(unit).length > 0);
  const chosen = options.kpis.length === 0 ? keeping : options.kpis.map((name) => findUnit(all, name));
  for (const unit of chosen) {
    if (!keeping.includes(unit))
      throw new CommandError(`${unit.name} keeps no metric in kpi_history (history: true in its YAML)`);
  }
  const exact = chosen.flatMap((unit) => keepOnly(unit, 'exact') ?? []);
  const approximate = chosen.flatMap((unit) => keepOnly(unit, 'current_state') ?? []);
  if (approximate.length === 0) return exact;
  const metrics = approximate.flatMap(keptMetrics).join(', ');
  io.stderr(
    options.approximate
      ? `approximate, because their rows keep no earlier state: ${metrics}\n`
      : `left out, because their rows keep no earlier state (--approximate includes them): ${metrics}\n`,
  );
  return options.approximate ? [...exact, ...approximate] : exact;
}
