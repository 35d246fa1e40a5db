import { CommandError, EXIT_OK } from '../app/io.js';
import type { Io } from '../app/io.js';
import { loadConfiguration } from '../app/loadConfiguration.js';
import type { ConfigPaths } from '../app/loadConfiguration.js';
import { explainMetric } from '../explain/explainMetric.js';
import type { ExplainContext } from '../explain/explainMetric.js';
import type { MetricExplanation } from '../explain/explanation.js';
import { loadExplainUnits } from '../explain/explainUnit.js';
import { momentOf, presentMoment, previousMonthEnd } from '../kpi/unit/moment.js';
import { explanationCsv } from './explanationCsv.js';
import { explanationTables } from './explanationTables.js';
import { formatTable } from './formatTable.js';
import { withDatabase } from './openDatabase.js';
import type { ExplainFormat } from './formats.js';

export interface ExplainOptions {
  readonly paths: ConfigPaths;
  /** null: list what there is. */
  readonly metric: string | null;
  /** `YYYY-MM-DD`, null for today. */
  readonly asOf: string | null;
  /** `YYYY-MM-DD`; true: the last day of the month before `asOf`; null: nothing is compared. */
  readonly against: string | true | null;
  /** Only the series with these labels. */
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly format: ExplainFormat;
}

/**
 * `portfolio-exporter explain <metric>`: what the metric's value, or its change from another day, is made of. Without a metric the
 * list of them. Throws ExplanationError for a metric without parts, CommandError for labels and days that do not fit.
 */
export async function explain(options: ExplainOptions, io: Io): Promise<number> {
  const { exporter, units, settings } = await loadConfiguration(options.paths);
  const context = { units, explainUnits: await loadExplainUnits(), settings };
  const { metric } = options;
  if (metric === null) {
    io.stdout(list(context, options.format));
    return EXIT_OK;
  }
  const explanation = await withDatabase(exporter, io, (database) =>
    database.withClient(async (client) => {
      const asOf =
        options.asOf === null
          ? await presentMoment(client, settings.timeZone)
          : await momentOf(client, options.asOf, settings.timeZone);
      const day = options.against === true ? previousMonthEnd(asOf.asOf) : options.against;
      if (day !== null && day >= asOf.asOf) throw new CommandError(`--against ${day} does not lie before ${asOf.asOf}`);
      const against = day === null ? null : await momentOf(client, day, settings.timeZone);
      return explainMetric(client, metric, { asOf, against }, context);
    }),
  );
  const chosen = withLabels(explanation, options.labels);
  if (chosen.isApproximate) {
    io.stderr(`approximate, because its rows keep no earlier state (docs/kpis.md): ${chosen.metric}\n`);
  }
  io.stdout(print(chosen, options.format));
  return EXIT_OK;
}

function withLabels(explanation: MetricExplanation, wanted: ExplainOptions['labels']): MetricExplanation {
  if (wanted.length === 0) return explanation;
  const series = explanation.series.filter(({ labels }) => wanted.every(([name, value]) => labels[name] === value));
  if (series.length > 0) return { ...explanation, series };
  const asked = wanted.map(([name, value]) => `${name}=${value}`).join(', ');
  const names = [...new Set(explanation.series.flatMap(({ labels }) => Object.keys(labels)))];
  throw new CommandError(
    `${explanation.metric} has no series with ${asked}; ` +
      (names.length === 0
        ? 'it has no labels'
        : `its labels are ${names.join(', ')}; without --label all series are printed`),
  );
}

function print(explanation: MetricExplanation, format: ExplainFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(explanation, null, 2)}\n`;
    case 'csv':
      return explanationCsv(explanation);
    case 'table':
      return explanationTables(explanation);
  }
}

/** Every metric of the KPIs in force: what it is made of, or why it is made of nothing. */
function list({ units, explainUnits }: ExplainContext, format: ExplainFormat): string {
  const rows = units.flatMap(({ name: kpi, metrics }) =>
    metrics.map(({ name: metric }) => {
      const unit = explainUnits.find((one) => one.kpi === kpi);
      const how = unit?.metrics.get(metric);
      return {
        metric,
        kpi,
        kind: how?.kind ?? null,
        part: how?.part ?? null,
        reason: how === undefined ? (unit?.unexplained.get(metric) ?? 'sql/explain has nothing about it') : null,
      };
    }),
  );
  switch (format) {
    case 'json':
      return `${JSON.stringify(rows, null, 2)}\n`;
    case 'csv':
    case 'table':
      return formatTable(
        ['metric', 'made of'],
        rows.map(({ metric, kind, part, reason }) => [
          metric,
          kind === null ? `no parts: ${reason ?? ''}` : `${kind} by ${part ?? ''}`,
        ]),
      );
  }
}
