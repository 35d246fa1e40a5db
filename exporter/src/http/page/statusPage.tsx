import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { DASHBOARDS } from './dashboards.js';
import { formatAge, formatTime } from './formatAge.js';
import { KpiCard } from './kpiCard.js';
import { slaState, type SlaState } from './slaState.js';
import type { KpiStatus, StatusModel } from './statusModel.js';
import { STATUS_PAGE_STYLE } from './statusPageStyle.js';
import { ThresholdTables } from './thresholdTables.js';
import { visibleText } from './visibleText.js';

export interface StatusPageOptions {
  /** Reload the page by itself every 30 s; a reader who opens tables pauses that. */
  readonly refresh: boolean;
}

const REFRESH_SECONDS = 30;
const MAX_SERIES_ROWS = 20;

/** For the page's response: nothing but its own style sheet and its icon is loaded, and nothing is run. */
export const STATUS_PAGE_POLICY = [
  "default-src 'none'",
  `style-src '${STATUS_PAGE_STYLE.hash}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The whole status page as HTML. It needs no JavaScript; every string of the model is escaped. */
export function renderStatusPage(model: StatusModel, options: StatusPageOptions = { refresh: true }): string {
  return `<!doctype html>${renderToString(<StatusPage model={model} refresh={options.refresh} />)}`;
}

function StatusPage({ model, refresh }: { model: StatusModel; refresh: boolean }): VNode {
  const overall = overallState(model);
  const healthy = overall.look === 'ok' && model.database.up === true;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {refresh && <meta http-equiv="refresh" content={String(REFRESH_SECONDS)} />}
        <title>{`${overall.text} · Portfolio metrics`}</title>
        <link rel="icon" href={icon(healthy)} />
        <style dangerouslySetInnerHTML={{ __html: STATUS_PAGE_STYLE.css }} />
      </head>
      <body>
        <a class="skip" href="#kpis">
          Skip to the KPIs
        </a>
        <Header model={model} overall={overall} refresh={refresh} />
        <main class="page">
          <Attention model={model} />
          <section aria-labelledby="kpis">
            <h2 id="kpis">KPIs</h2>
            {model.kpis.length === 0 && <p class="soft">No KPI is enabled.</p>}
            <div class="cards">
              {model.kpis.map((kpi) => (
                <KpiCard key={kpi.name} kpi={kpi} now={model.now} timeZone={model.timeZone} maxRows={MAX_SERIES_ROWS} />
              ))}
            </div>
          </section>
          <section aria-labelledby="thresholds">
            <h2 id="thresholds">Thresholds</h2>
            <ThresholdTables thresholds={model.thresholds} />
          </section>
        </main>
        <footer class="page foot">
          portfolio-metrics-exporter {visibleText(model.version)}, up for{' '}
          {formatAge((model.now.getTime() - model.startedAt.getTime()) / 1000)}. Times in {visibleText(model.timeZone)}.
        </footer>
      </body>
    </html>
  );
}

interface Overall {
  readonly text: string;
  readonly look: 'ok' | 'wait' | 'bad';
}

const MARKS = { ok: '✓', wait: '○', bad: '✕' } as const;

/** In one line; what has no data is neither on time nor late. */
function overallState({ kpis, now }: StatusModel): Overall {
  const states = kpis.map((kpi) => slaState(kpi, now).state);
  const count = (state: SlaState['state']): number => states.filter((one) => one === state).length;
  const [onTime, noData] = [count('on_time'), count('no_data')];
  if (noData > 0 && noData === kpis.length) return { text: `0 of ${kpis.length} KPIs have data`, look: 'wait' };
  return {
    text: `${onTime} of ${kpis.length} KPIs on time${noData === 0 ? '' : `, ${noData} without data`}`,
    look: onTime + noData < kpis.length ? 'bad' : noData > 0 ? 'wait' : 'ok',
  };
}

function Header({ model, overall, refresh }: { model: StatusModel; overall: Overall; refresh: boolean }): VNode {
  return (
    <header class="top">
      <div class="page">
        <h1>Portfolio metrics</h1>
        <p class="overall">
          <span class={overall.look}>
            {MARKS[overall.look]} {overall.text}
          </span>
          , <DatabaseState model={model} />
        </p>
        <p class="soft small">
          As of <time dateTime={model.now.toISOString()}>{formatTime(model.now, model.timeZone)}</time>
          {refresh ? `, renewed every ${REFRESH_SECONDS} s (` : ', not renewed by itself ('}
          <a href={refresh ? '/?refresh=off' : '/'}>{refresh ? 'pause' : 'renew again'}</a>)
        </p>
        <nav class="links" aria-label="Dashboards">
          {model.grafanaUrl === null ? (
            <span class="soft">Dashboards: no Grafana URL is configured</span>
          ) : (
            DASHBOARDS.map(({ uid, title }) => (
              <a key={uid} href={`/dashboards/${uid}`}>
                {title}
              </a>
            ))
          )}
        </nav>
        <nav class="links small" aria-label="This exporter">
          <a href="#thresholds">Thresholds</a>
          <a href="/metrics">/metrics</a>
          <a href="/healthz">/healthz</a>
          <a href="/readyz">/readyz</a>
        </nav>
      </div>
    </header>
  );
}

function DatabaseState({ model }: { model: StatusModel }): VNode {
  const { up, standby } = model.database;
  if (up === null) return <span class="wait">database not tried yet</span>;
  if (up && standby) return <span class="bad">database up, a read-only standby</span>;
  return up ? <span class="ok">database up</span> : <span class="bad">✕ database down</span>;
}

/** What a person on call should look at first; nothing at all when all is well. */
function Attention({ model }: { model: StatusModel }): VNode | null {
  const { database, config, changesNotHeard } = model;
  const troubled = model.kpis.filter((kpi) => {
    const { state, failing } = slaState(kpi, model.now);
    return state === 'late' || state === 'no_value' || failing || kpi.notRecorded !== null;
  });
  const databaseDown = database.up === false;
  const schemaProblem = databaseDown ? null : database.schemaProblem;
  const standby = database.up === true && database.standby;
  const healthy =
    troubled.length === 0 && !databaseDown && !standby && schemaProblem === null && changesNotHeard === null;
  if (healthy && config.lastReloadSuccessful && config.notRecorded === null) return null;
  return (
    <section class="notice bad" aria-labelledby="attention">
      <h2 id="attention">Needs attention</h2>
      <ul>
        {databaseDown && (
          <li>
            <b>Database down</b>
            {database.since === null ? '' : ` since ${formatTime(database.since, model.timeZone)}`}:{' '}
            {visibleText(database.reason ?? 'no reason known', 400)}
          </li>
        )}
        {schemaProblem !== null && (
          <li>
            <b>Schema of the database</b>: {visibleText(schemaProblem, 400)}
          </li>
        )}
        {standby && (
          <li>
            <b>The database is a read-only standby</b>: KPIs are computed, but neither their history nor an edit of the
            thresholds is recorded.
          </li>
        )}
        {changesNotHeard !== null && (
          <li>
            <b>Changes of tables are not heard</b> since {formatTime(changesNotHeard.since, model.timeZone)}, KPIs run
            on schedule only: {visibleText(changesNotHeard.reason, 400)}
          </li>
        )}
        {config.notRecorded !== null && (
          <li>
            <b>Thresholds not recorded</b> in the database since {formatTime(config.notRecorded.since, model.timeZone)}:{' '}
            {visibleText(config.notRecorded.reason, 400)}
          </li>
        )}
        {!config.lastReloadSuccessful && <RefusedReload model={model} />}
        {troubled.map((kpi) => (
          <li key={kpi.name}>
            <a href={`#kpi-${kpi.name}`}>{visibleText(kpi.title)}</a>: {trouble(kpi, model.now)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function RefusedReload({ model }: { model: StatusModel }): VNode {
  const { lastReloadAt, problems } = model.config;
  return (
    <li>
      <b>Configuration refused</b>
      {lastReloadAt === null ? '' : ` at ${formatTime(lastReloadAt, model.timeZone)}`}; the previous one stays in force.
      <ul class="small">
        {problems.slice(0, MAX_SERIES_ROWS).map((problem, index) => (
          <li key={index}>
            <code>{visibleText(problem, 400)}</code>
          </li>
        ))}
        {problems.length > MAX_SERIES_ROWS && <li>and {problems.length - MAX_SERIES_ROWS} more</li>}
      </ul>
    </li>
  );
}

function trouble(kpi: KpiStatus, now: Date): string {
  const { state, failing, successAgeSeconds, dataAgeSeconds } = slaState(kpi, now);
  const failed =
    failing && kpi.lastError !== null
      ? `last run failed (${visibleText(kpi.lastError.result, 40)}): ${visibleText(kpi.lastError.message, 400)}`
      : null;
  const parts: (string | null)[] = [failed, kpi.notRecorded === null ? null : 'not recorded in kpi_history'];
  if (state === 'no_value') parts.unshift('no value yet');
  if (state === 'late' && (successAgeSeconds ?? 0) > kpi.acceptableLagSeconds) {
    parts.unshift(
      `last success ${formatAge(successAgeSeconds ?? 0)} ago, ${formatAge(kpi.acceptableLagSeconds)} is acceptable`,
    );
  }
  if (state === 'late' && (dataAgeSeconds ?? 0) > kpi.acceptableLagSeconds) {
    parts.unshift(
      `newest rows are ${formatAge(dataAgeSeconds ?? 0)} old, ${formatAge(kpi.acceptableLagSeconds)} is acceptable`,
    );
  }
  return parts.filter((part) => part !== null).join('; ');
}

/** A dot whose shape tells the state as well: a full one for healthy, a ring for not. */
function icon(healthy: boolean): string {
  const shape = healthy
    ? '<circle cx="8" cy="8" r="7" fill="#2c8a5d"/>'
    : '<circle cx="8" cy="8" r="5.5" fill="none" stroke="#c8402c" stroke-width="4"/>';
  return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${shape}</svg>`)}`;
}
