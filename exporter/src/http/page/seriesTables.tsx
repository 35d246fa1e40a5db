import type { VNode } from 'preact';
import { metricTitle, nameTitle } from './metricTitle.js';
import { MetricCell, TargetText } from './metricValue.js';
import { joinSeries, type SeriesRow, type SeriesTable } from './joinSeries.js';
import type { KpiStatus } from './statusModel.js';
import { visibleText } from './visibleText.js';

// A table this small is read at once; a larger one is asked for.
const OPEN_UP_TO_ROWS = 6;
// More names than these make a heading that nobody reads.
const MOST_NAMES = 2;
const NARROW_UP_TO_COLUMNS = 2;

/** The labelled series, one table for each set of label names. */
export function SeriesTables({ kpi, maxRows }: { kpi: KpiStatus; maxRows: number }): VNode {
  const hasPlain = kpi.metrics.some((metric) => metric.labels.length === 0);
  return (
    <>
      {joinSeries(kpi.metrics, maxRows).map((table, index) => (
        <Series key={index} kpi={kpi} table={table} open={!hasPlain && isSmall(table)} />
      ))}
    </>
  );
}

function isNarrow(table: SeriesTable): boolean {
  return table.labels.length + table.metrics.length <= NARROW_UP_TO_COLUMNS;
}

function isSmall(table: SeriesTable): boolean {
  return isNarrow(table) && table.rows.length + table.hiddenRows <= OPEN_UP_TO_ROWS;
}

function Series({ kpi, table, open }: { kpi: KpiStatus; table: SeriesTable; open: boolean }): VNode {
  const total = table.rows.length + table.hiddenRows;
  const by = table.labels.map((label) => label.replaceAll('_', ' ')).join(', ');
  const titles = table.metrics.map((metric) => metricTitle(metric.name, metric.unit));
  const what = titles.length > MOST_NAMES ? `${titles.length} metrics` : titles.join(' and ');
  if (total === 0)
    return (
      <p class="soft small">
        {what} by {by}: no series now.
      </p>
    );
  const caption = `${what} by ${by}`;
  return (
    <details open={open}>
      <summary>
        {caption}: {total.toLocaleString('en-US')} {total === 1 ? 'row' : 'rows'}
      </summary>
      <div class="scroll" tabIndex={0} role="region" aria-label={`${visibleText(kpi.title)}: ${caption}`}>
        <table class={isNarrow(table) ? 'series' : 'series many-columns'}>
          <caption class={table.hiddenRows > 0 ? '' : 'unseen'}>
            {table.hiddenRows > 0
              ? `The first ${table.rows.length} rows: those behind a target first, then by value.`
              : caption}
          </caption>
          <thead>
            <tr>
              {table.labels.map((label) => (
                <th scope="col" class="label" key={label}>
                  {nameTitle(label)}
                </th>
              ))}
              {table.metrics.map((metric) => (
                <th
                  scope="col"
                  class="num"
                  key={metric.name}
                  title={`${metric.name}: ${visibleText(metric.help, 400)}`}
                >
                  {metricTitle(metric.name, metric.unit)}
                  <TargetText metric={metric} value={null} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row, index) => (
              <Row key={index} row={row} table={table} />
            ))}
          </tbody>
        </table>
      </div>
      {table.hiddenRows > 0 && (
        <p class="soft small">
          and {table.hiddenRows.toLocaleString('en-US')} more; all are on <a href="/metrics">/metrics</a>
        </p>
      )}
    </details>
  );
}

function Row({ row, table }: { row: SeriesRow; table: SeriesTable }): VNode {
  return (
    <tr>
      {table.labels.map((label, column) => {
        const value = row.labels[label] ?? '';
        const text = value === '' ? <span class="soft">none</span> : <bdi>{visibleText(value, 80)}</bdi>;
        return column === 0 ? (
          <th scope="row" class="label" key={label}>
            {text}
          </th>
        ) : (
          <td class="label" key={label}>
            {text}
          </td>
        );
      })}
      {table.metrics.map((metric, column) => (
        <td class="num" key={metric.name}>
          <MetricCell metric={metric} value={row.values[column] ?? null} brief />
        </td>
      ))}
    </tr>
  );
}
