import { isTargetMet } from './statusModel.js';
import type { MetricStatus } from './statusModel.js';

/** Metrics of one KPI that share their label names, joined on the labels' values: one row per label set. */
export interface SeriesTable {
  readonly metrics: readonly MetricStatus[];
  /** The label columns worth showing: an `x_id` beside an `x` is left out while the rows stay distinguishable. */
  readonly labels: readonly string[];
  /** At most the asked number, the worst first: behind most targets, then by the first metric that has one, else by the first. */
  readonly rows: readonly SeriesRow[];
  readonly hiddenRows: number;
}

export interface SeriesRow {
  readonly labels: Readonly<Record<string, string>>;
  /** One per metric of the table; null: no sample. */
  readonly values: readonly (number | null)[];
}

/** Tables of the labelled metrics, in the order of first appearance. Metrics without labels are not in any. */
export function joinSeries(metrics: readonly MetricStatus[], maxRows: number): SeriesTable[] {
  const groups = new Map<string, MetricStatus[]>();
  for (const metric of metrics) {
    if (metric.labels.length === 0) continue;
    const key = JSON.stringify(metric.labels);
    groups.set(key, [...(groups.get(key) ?? []), metric]);
  }
  return [...groups.values()].map((group) => joinOnLabels(group, maxRows));
}

function joinOnLabels(metrics: readonly MetricStatus[], maxRows: number): SeriesTable {
  const names = metrics[0]?.labels ?? [];
  const rows = new Map<string, { labels: Readonly<Record<string, string>>; values: (number | null)[] }>();
  metrics.forEach((metric, column) => {
    for (const sample of metric.samples) {
      const key = JSON.stringify(names.map((name) => sample.labels[name] ?? ''));
      let row = rows.get(key);
      if (row === undefined) {
        row = { labels: sample.labels, values: metrics.map(() => null) };
        rows.set(key, row);
      }
      row.values[column] = sample.value;
    }
  });
  const sorted = [...rows.values()]
    .map((row) => ({
      row,
      behind: behindTargets(row, metrics),
      badness: badness(row, metrics),
    }))
    .sort((a, b) => b.behind - a.behind || b.badness - a.badness)
    .map(({ row }) => row);
  return {
    metrics,
    labels: shownLabels(names, sorted),
    rows: sorted.slice(0, maxRows),
    hiddenRows: Math.max(0, sorted.length - maxRows),
  };
}

function behindTargets(row: SeriesRow, metrics: readonly MetricStatus[]): number {
  return metrics.filter(({ target }, column) => {
    const value = row.values[column] ?? null;
    return value !== null && target !== null && !isTargetMet(value, target);
  }).length;
}

/** The greatest is the worst, but where a target says that higher is better; no sample is no worse than any. */
function badness({ values }: SeriesRow, metrics: readonly MetricStatus[]): number {
  const column = Math.max(
    0,
    metrics.findIndex(({ target }) => target !== null),
  );
  const value = values[column] ?? null;
  if (value === null) return -Number.MAX_VALUE;
  return metrics[column]?.target?.direction === 'at_least' ? -value : value;
}

function shownLabels(names: readonly string[], rows: readonly SeriesRow[]): readonly string[] {
  const short = names.filter((name) => !(name.endsWith('_id') && names.includes(name.slice(0, -'_id'.length))));
  const distinct = new Set(rows.map((row) => JSON.stringify(short.map((name) => row.labels[name] ?? '')))).size;
  return distinct === rows.length ? short : names;
}
