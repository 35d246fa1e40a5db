import type { ComponentChildren, VNode } from 'preact';
import { formatAge, formatTime } from '../../format/formatAge.js';
import { metricTitle } from '../../format/metricTitle.js';
import { plural } from '../../format/plural.js';
import { visibleText } from '../../format/visibleText.js';
import { behindSentence } from './headline.js';
import { METRIC_READERS } from './kpiReaders.js';
import { lateAlert } from './lateAlert.js';
import { Runbook } from './runbook.js';
import { slaState } from './slaState.js';
import type { KpiStatus, StatusModel } from './statusModel.js';

const MAX_PROBLEMS = 20;

/** What a person should look at first, the worst first, each with what to do; nothing at all when all is well. */
export function Attention({ model }: { model: StatusModel }): VNode | null {
  const troubles = [
    ...exporterTroubles(model),
    ...model.kpis.flatMap((kpi) => kpiTroubles(kpi, model)),
    ...notRecorded(model),
  ];
  const targets = model.kpis.flatMap((kpi) => targetsBehind(kpi, model));
  const isEmpty = model.kpis.length > 0 && model.kpis.every((kpi) => slaState(kpi, model.now).state === 'no_data');
  if (isEmpty && troubles.length === 0) return <NextStep />;
  if (troubles.length + targets.length === 0) return null;
  return (
    <section class="attention" aria-labelledby="attention">
      <h2 id="attention">{troubles.length === 0 ? 'Behind target' : 'Needs attention'}</h2>
      <ul>{[...troubles, ...targets]}</ul>
      {model.runbookUrl === null && (
        <p class="soft small">
          The runbook is docs/runbook.md; with runbook_url in exporter.yaml its headings are links here.
        </p>
      )}
    </section>
  );
}

/** Every KPI ran and found nothing: a database without rows. */
function NextStep(): VNode {
  return (
    <section class="attention" aria-labelledby="attention">
      <h2 id="attention">Next step</h2>
      <p>
        <b>The database has no rows yet</b>: every KPI ran and found none. Write ventures.csv and venture_metrics.csv (
        <code>portfolio-exporter template venture_metrics</code> prints the columns), then load them:{' '}
        <code>portfolio-exporter import ventures.csv venture_metrics.csv</code>. The numbers follow within a minute.
      </p>
    </section>
  );
}

interface ItemProps {
  readonly badge: string;
  readonly look: 'bad' | 'wait';
  /** What to do. */
  readonly todo: ComponentChildren;
  readonly children: ComponentChildren;
}

function Item({ badge, look, todo, children }: ItemProps): VNode {
  return (
    <li>
      <span class={`badge ${look}`}>{badge}</span>
      <div>{children}</div>
      <div class="todo small">{todo}</div>
    </li>
  );
}

function exporterTroubles({ database, config, changesNotHeard, kpis, timeZone, runbookUrl }: StatusModel): VNode[] {
  const since = (moment: Date | null): string => (moment === null ? '' : ` since ${formatTime(moment, timeZone)}`);
  const runbook = (alert: string): VNode => <Runbook alert={alert} url={runbookUrl} />;
  const items: VNode[] = [];
  if (database.up === false) {
    const waiting = kpis.filter((kpi) => waitsForDatabase(kpi, database)).length;
    items.push(
      <Item badge="✕ down" look="bad" todo={runbook('PortfolioDatabaseDown')}>
        <b>Database down</b>
        {since(database.since)}: {visibleText(database.reason ?? 'no reason known', 400)}
        {waiting > 0 && `; ${plural(waiting, 'KPI waits', 'KPIs wait')} for it`}
      </Item>,
    );
  } else if (database.schemaProblem !== null) {
    items.push(
      <Item badge="✕ schema" look="bad" todo="Run portfolio-exporter migrate">
        <b>Schema of the database</b>: {visibleText(database.schemaProblem, 400)}
      </Item>,
    );
  }
  if (database.up === true && database.standby) {
    items.push(
      <Item badge="! standby" look="bad" todo={runbook('PortfolioHistoryNotWritten')}>
        <b>The database is a read-only standby</b>: KPIs are computed, but neither their history nor an edit of the
        thresholds is recorded.
      </Item>,
    );
  }
  if (changesNotHeard !== null) {
    items.push(
      <Item badge="! not heard" look="wait" todo="KPIs run on schedule; portfolio-exporter check names the tables">
        <b>Changes of tables are not heard</b>
        {since(changesNotHeard.since)}, KPIs run on schedule only: {visibleText(changesNotHeard.reason, 400)}
      </Item>,
    );
  }
  if (config.notRecorded !== null) {
    items.push(
      <Item badge="! not recorded" look="bad" todo={runbook('PortfolioConfigNotRecorded')}>
        <b>Thresholds not recorded</b> in the database{since(config.notRecorded.since)}:{' '}
        {visibleText(config.notRecorded.reason, 400)}
      </Item>,
    );
  }
  if (!config.lastReloadSuccessful) {
    items.push(
      <Item badge="✕ refused" look="bad" todo={runbook('PortfolioConfigReloadFailed')}>
        <b>Configuration refused</b>
        {config.lastReloadAt === null ? '' : ` at ${formatTime(config.lastReloadAt, timeZone)}`}; the previous one stays
        in force.
        <ul class="small">
          {config.problems.slice(0, MAX_PROBLEMS).map((problem, index) => (
            <li key={index}>
              <code>{visibleText(problem, 400)}</code>
            </li>
          ))}
          {config.problems.length > MAX_PROBLEMS && <li>and {config.problems.length - MAX_PROBLEMS} more</li>}
        </ul>
      </Item>,
    );
  }
  return items;
}

/** Whether all that is wrong with its last run is that the database is down, which is told once. */
function waitsForDatabase({ lastError, lastSuccess }: KpiStatus, { up }: StatusModel['database']): boolean {
  const isNewest = lastError !== null && (lastSuccess === null || lastError.at > lastSuccess);
  return up === false && isNewest && lastError.result === 'database_unavailable';
}

/** One cause is one line, whatever the number of KPIs. */
function notRecorded({ kpis, runbookUrl }: StatusModel): VNode[] {
  const byReason = new Map<string, KpiStatus[]>();
  for (const kpi of kpis) {
    if (kpi.notRecorded === null) continue;
    const { reason } = kpi.notRecorded;
    byReason.set(reason, [...(byReason.get(reason) ?? []), kpi]);
  }
  return [...byReason].map(([reason, same]) => (
    <Item
      key={reason}
      badge="! not recorded"
      look="bad"
      todo={<Runbook alert="PortfolioHistoryNotWritten" url={runbookUrl} />}
    >
      {same.map((kpi, index) => (
        <span key={kpi.name}>
          {index === 0 ? '' : ', '}
          <KpiLink kpi={kpi} />
        </span>
      ))}
      : not recorded in kpi_history, {visibleText(reason, 400)}
    </Item>
  ));
}

function kpiTroubles(kpi: KpiStatus, { now, database, runbookUrl }: StatusModel): VNode[] {
  const { state, failing } = slaState(kpi, now);
  const runbook = (alert: string): VNode => <Runbook alert={alert} url={runbookUrl} />;
  const items: VNode[] = [];
  if (state === 'late') {
    items.push(
      <Item badge="✕ late" look="bad" todo={runbook(lateAlert(kpi))}>
        <KpiLink kpi={kpi} />: {lateSentence(kpi, now)}
      </Item>,
    );
  }
  if (waitsForDatabase(kpi, database)) return items;
  if (failing && kpi.lastError !== null) {
    items.push(
      <Item badge="! failing" look="bad" todo={runbook('PortfolioKpiFailing')}>
        <KpiLink kpi={kpi} />: last run failed ({visibleText(kpi.lastError.result, 40)}),{' '}
        {visibleText(kpi.lastError.message, 400)}
      </Item>,
    );
  } else if (state === 'no_value') {
    items.push(
      <Item badge="○ no value yet" look="wait" todo="Wait for its first run">
        <KpiLink kpi={kpi} />: its first run has not ended
      </Item>,
    );
  }
  return items;
}

function targetsBehind(kpi: KpiStatus, { runbookUrl }: StatusModel): VNode[] {
  return kpi.metrics.flatMap((metric) => {
    const sentence = behindSentence(metric, metricTitle(metric.name, metric.unit));
    if (sentence === null) return [];
    const alerts = METRIC_READERS[metric.name]?.alerts ?? [];
    const todo = (
      <>
        Owner: {visibleText(kpi.owner)}
        {alerts.map((alert) => (
          <div key={alert}>
            <Runbook alert={alert} url={runbookUrl} />
          </div>
        ))}
      </>
    );
    return [
      <Item key={metric.name} badge="✕ behind" look="wait" todo={todo}>
        <KpiLink kpi={kpi} />: {sentence.replace(`${kpi.title}: `, '')}
      </Item>,
    ];
  });
}

function KpiLink({ kpi }: { kpi: KpiStatus }): VNode {
  return (
    <a href={`/kpi/${kpi.name}`}>
      <bdi>{visibleText(kpi.title)}</bdi>
    </a>
  );
}

export function lateSentence(kpi: KpiStatus, now: Date): string {
  const { successAgeSeconds, dataAgeSeconds } = slaState(kpi, now);
  const lag = kpi.acceptableLagSeconds;
  const parts: string[] = [];
  if ((dataAgeSeconds ?? 0) > lag) parts.push(`newest rows are ${formatAge(dataAgeSeconds ?? 0)} old`);
  if ((successAgeSeconds ?? 0) > lag) parts.push(`last success ${formatAge(successAgeSeconds ?? 0)} ago`);
  return `${parts.join('; ')}, ${formatAge(lag)} is acceptable`;
}
