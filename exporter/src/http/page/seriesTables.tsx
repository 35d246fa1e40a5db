import type { VNode } from 'preact';
import { metricTitle, nameTitle } from '../../format/metricTitle.js';
import { MetricCell, TargetText } from './metricValue.js';
import { joinSeries, type SeriesRow, type SeriesTable } from './joinSeries.js';
import type { KpiStatus } from './statusModel.js';
import { visibleText } from '../../format/visibleText.js';

// More names than these make a heading that nobody reads.
const MOST_NAMES = 2;

/** The labelled series, one table for each set of label names; of a large one the worst. */
export function SeriesTables({ kpi, maxRows }: { kpi: KpiStatus; maxRows: number }): VNode {
  return (
    <>
      {joinSeries(kpi.metrics, maxRows).map((table, index) => (
        <Series key={index} table={table} id={`series-${index}`} />
      ))}
    </>
  );
}

function Series({ table, id }: { table: SeriesTable; id: string }): VNode {
  const shown = table.rows.length.toLocaleString('en-US');
  const total = (table.rows.length + table.hiddenRows).toLocaleString('en-US');
  const by = table.labels.map((label) => label.replaceAll('_', ' ')).join(', ');
  const titles = table.metrics.map((metric) => metricTitle(metric.name, metric.unit));
  const what = titles.length > MOST_NAMES ? `${titles.length} metrics` : titles.join(' and ');
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {what} by {by}
      </h2>
      <p class="soft small">
        {table.rows.length === 0 && 'No series now.'}
        {table.hiddenRows > 0 ? (
          <>
            {shown} of {total}, worst first; <a href="/metrics">/metrics</a> has all
          </>
        ) : (
          table.rows.length > 1 && `${total} series, worst first`
        )}
      </p>
      {table.rows.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-labelledby={id}>
          <table class="series">
            <caption class="unseen">
              {what} by {by}
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
                    {metricTitle(metric.name, metric.unit)} <TargetText metric={metric} value={null} />
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
      )}
    </section>
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
