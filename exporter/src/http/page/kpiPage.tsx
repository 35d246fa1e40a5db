import type { VNode } from 'preact';
import { previousMonthEnd } from '../../kpi/unit/moment.js';
import { formatAge, formatTime } from '../../format/formatAge.js';
import { metricTitle } from '../../format/metricTitle.js';
import { visibleText } from '../../format/visibleText.js';
import { ColumnHeads } from './columnHeads.js';
import { lateSentence } from './attention.js';
import { ChangeText } from './changeText.js';
import { headlineMetric } from './headline.js';
import { HistoryChart, Sparkline } from './historyDrawing.js';
import { KpiDefinition } from './kpiDefinition.js';
import { ReadersOfKpi } from './readersOfKpi.js';
import { Badges, HistoryNote } from './kpiTable.js';
import { renderPage, type PageOptions } from './layout.js';
import { MetricCell } from './metricValue.js';
import { shortDay } from './past.js';
import { Runbook } from './runbook.js';
import { SeriesTables } from './seriesTables.js';
import { SilentVentures } from './silentVentures.js';
import { slaState, type SlaState } from './slaState.js';
import type { KpiStatus, MetricStatus, StatusModel } from './statusModel.js';

const MAX_SERIES_ROWS = 200;

interface KpiProps {
  readonly kpi: KpiStatus;
  readonly model: StatusModel;
}

/** The page of one KPI as HTML: its numbers, and where they come from. */
export function renderKpiPage(
  model: StatusModel,
  kpi: KpiStatus,
  { refresh }: PageOptions = { refresh: true },
): string {
  const state = slaState(kpi, model.now);
  return renderPage({
    model,
    refresh,
    path: `/kpi/${kpi.name}`,
    title: visibleText(kpi.title),
    healthy: state.state === 'on_time' && !state.failing,
    heading: <Heading kpi={kpi} state={state} />,
    children: (
      <>
        <Troubles kpi={kpi} model={model} state={state} />
        {state.state === 'no_value' ? (
          <p class="wait">
            No value yet: {kpi.lastAttempt === null ? 'its first run has not ended.' : 'no run has succeeded so far.'}
          </p>
        ) : (
          <Numbers kpi={kpi} model={model} isEmpty={state.state === 'no_data'} />
        )}
        <LastRuns kpi={kpi} model={model} />
        <KpiDefinition kpi={kpi} model={model} />
        <ReadersOfKpi kpi={kpi} model={model} />
      </>
    ),
  });
}

function Heading({ kpi, state }: { kpi: KpiStatus; state: SlaState }): VNode {
  const { successAgeSeconds, dataAgeSeconds } = state;
  const lag = formatAge(kpi.acceptableLagSeconds);
  return (
    <>
      <p class="small">
        <a href="/">All KPIs</a>
      </p>
      <div class="head">
        <h1 class="overall">
          <bdi>{visibleText(kpi.title)}</bdi>
        </h1>
        <Badges kpi={kpi} state={state} />
      </div>
      <p class="about">{visibleText(kpi.description, 1000)}</p>
      <p class="small">
        {successAgeSeconds !== null && `Computed ${formatAge(successAgeSeconds)} ago. `}
        {dataAgeSeconds !== null &&
          `Newest rows: ${dataAgeSeconds === 0 ? 'current' : `${formatAge(dataAgeSeconds)} old`}. `}
        Acceptable: {lag}. Owner: {visibleText(kpi.owner)}.
      </p>
    </>
  );
}

function Troubles({ kpi, model, state }: KpiProps & { state: SlaState }): VNode {
  const { timeZone, now } = model;
  return (
    <>
      {state.state === 'late' && <p class="behind">✕ These values are late: {lateSentence(kpi, now)}.</p>}
      {kpi.warnings.map((warning) => (
        <p class="wait">! {visibleText(warning, 400)}</p>
      ))}
      {kpi.lastError !== null && (
        <p class={state.failing ? 'error now' : 'error'}>
          <b>Last error</b> {formatAge((now.getTime() - kpi.lastError.at.getTime()) / 1000)} ago,{' '}
          {visibleText(kpi.lastError.result, 40)}
          {state.failing ? '. ' : '; succeeded since. '}
          {state.failing && <Runbook alert="PortfolioKpiFailing" url={model.runbookUrl} />}
          <span class="message">{visibleText(kpi.lastError.message, 1000)}</span>
        </p>
      )}
      {kpi.notRecorded !== null && (
        <p class="error now">
          <b>Not in kpi_history</b> since {formatTime(kpi.notRecorded.since, timeZone)}, tried again:{' '}
          {kpi.notRecorded.days.join(', ')}. <Runbook alert="PortfolioHistoryNotWritten" url={model.runbookUrl} />
          <span class="message">{visibleText(kpi.notRecorded.reason, 400)}</span>
        </p>
      )}
    </>
  );
}

function Numbers({ kpi, model, isEmpty }: KpiProps & { isEmpty: boolean }): VNode {
  const headline = headlineMetric(kpi);
  const plain = kpi.metrics.filter(({ labels }) => labels.length === 0);
  return (
    <>
      {isEmpty && (
        <p class="wait">
          No data yet: it was computed and there are no rows behind it. docs/data-flow.md says who loads them.
        </p>
      )}
      <SilentVentures metrics={kpi.metrics} />
      {headline?.history === true && (
        <section aria-labelledby="history">
          <h2 id="history">History</h2>
          <HistoryChart kpi={kpi} metric={headline} />
          <HistoryNote model={model} kpis={[kpi]} />
        </section>
      )}
      {plain.length > 0 && (
        <section aria-labelledby="values">
          <h2 id="values">Values</h2>
          <Values kpi={kpi} metrics={plain} />
        </section>
      )}
      <SeriesTables kpi={kpi} maxRows={MAX_SERIES_ROWS} />
    </>
  );
}

function Values({ kpi, metrics }: { kpi: KpiStatus; metrics: readonly MetricStatus[] }): VNode {
  const past = kpi.past.value;
  const since = past === null ? 'Change' : `Since ${shortDay(previousMonthEnd(past.today), past)}`;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-labelledby="values">
      <table class="values">
        <caption class="unseen">All values without labels</caption>
        <ColumnHeads columns={['Metric', 'Value and target', since, 'Last 90 days']} />
        <tbody>
          {metrics.map((metric) => (
            <tr key={metric.name}>
              <th scope="row">
                {metricTitle(metric.name, metric.unit)}
                <div class="soft small">
                  {visibleText(metric.help, 400)} <code>{metric.name}</code>
                </div>
              </th>
              <td>
                <MetricCell metric={metric} value={metric.samples[0]?.value ?? null} />
              </td>
              {metric.history ? (
                <>
                  <td>
                    <span class="lab soft">{since.replace(/^[SC]/, (letter) => letter.toLowerCase())} </span>
                    <ChangeText kpi={kpi} metric={metric} />
                  </td>
                  <td class="past">
                    <Sparkline kpi={kpi} metric={metric} />
                  </td>
                </>
              ) : (
                <td colSpan={2} class="soft">
                  not kept in kpi_history
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LastRuns({ kpi, model }: KpiProps): VNode {
  const { timeZone, now } = model;
  const next = kpi.nextRun === null ? null : (kpi.nextRun.getTime() - now.getTime()) / 1000;
  return (
    <section aria-labelledby="runs">
      <h2 id="runs">Last runs</h2>
      <p class="small">
        {visibleText(kpi.schedule, 1000)}. Next:{' '}
        {next === null || kpi.nextRun === null
          ? 'not planned'
          : `in ${formatAge(next)} (${formatTime(kpi.nextRun, timeZone)})`}
        {kpi.running ? ', running now' : ''}.
      </p>
      {kpi.runs.length === 0 ? (
        <p class="soft">None has ended since the exporter started.</p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-labelledby="runs">
          <table>
            <caption class="unseen">The newest runs since the exporter started, the latest first</caption>
            <ColumnHeads columns={['Ended', 'Took', 'Result', 'Reason']} />
            <tbody>
              {kpi.runs.map((run, index) => (
                <tr key={index}>
                  <td class="nobr">{formatTime(run.at, timeZone)}</td>
                  <td class="nobr">
                    {seconds(run.seconds)}
                    {run.attempts > 1 ? `, ${run.attempts} attempts` : ''}
                    {run.waitSeconds >= 1 ? `, after ${formatAge(run.waitSeconds)} of waiting` : ''}
                  </td>
                  <td class={`nobr ${run.result === 'success' ? 'met' : 'behind'}`}>
                    {run.result === 'success' ? '✓' : '✕'} {run.result}
                  </td>
                  <td>{run.message === null ? '' : visibleText(run.message, 400)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function seconds(value: number): string {
  return value < 1 ? `${Math.round(value * 1000)} ms` : value < 60 ? `${value.toFixed(1)} s` : formatAge(value);
}
