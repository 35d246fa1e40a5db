import type { ServerSettings } from '../src/config/connectionSettings.js';
import { createDatabase } from '../src/database/pool.js';
import { backfillHistory, BackfillError } from '../src/kpi/history/backfillHistory.js';
import type { Configuration } from '../src/app/loadConfiguration.js';
import { presentMoment } from '../src/kpi/unit/moment.js';

/** Months that trends and the rules on consecutive months look back on. */
const MONTHS = 12;
/** Days of daily records before today. */
const DAYS = 14;
/** As of a past day every row since then comes from the future: an invented past is fine, one of broken rules is not. */
const PRESENT_ONLY: readonly string[] = ['data_quality'];

/**
 * Fills kpi_history by running the real KPI SQL for each month's end of the past year and each of the past two weeks.
 * KPIs whose rows keep no earlier state are included but for {@link PRESENT_ONLY}: in a demo their past is invented anyway. Days with a record are left
 * alone, so it can be run again; the signal ends it early. Throws BackfillError.
 */
export async function fillDemoHistory(
  connection: string | ServerSettings,
  { units, settings, exporter }: Configuration,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  const database = createDatabase({
    settings: typeof connection === 'string' ? { connectionString: connection } : connection,
    maxConnections: 4,
    connectTimeoutMs: exporter.database.connectTimeoutMs,
    onIdleError: () => undefined,
  });
  try {
    const { asOf: today } = await database.withClient((client) => presentMoment(client, settings.timeZone));
    const result = await backfillHistory(
      {
        units: units.filter(
          ({ name, metrics }) => !PRESENT_ONLY.includes(name) && metrics.some((metric) => metric.history),
        ),
        days: demoDays(today),
        overwrite: false,
      },
      {
        database,
        retry: exporter.retry,
        settings,
        signal,
        onStart: () => undefined,
        onStep: () => undefined,
      },
    );
    if (result.written + result.skipped === 0 && !result.interrupted)
      throw new BackfillError('the demo portfolio has no history at all');
  } finally {
    await database.close();
  }
}

function demoDays(today: string): string[] {
  const at = new Date(`${today}T00:00:00Z`);
  const day = (date: Date): string => date.toISOString().slice(0, 10);
  const monthEnds = Array.from({ length: MONTHS }, (_, back) =>
    day(new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - back, 0))),
  );
  const recent = Array.from({ length: DAYS }, (_, back) => day(new Date(at.getTime() - (back + 1) * 86_400_000)));
  return [...new Set([...monthEnds, ...recent])].sort();
}
