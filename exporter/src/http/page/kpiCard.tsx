import type { VNode } from 'preact';
import { formatAge, formatTime } from './formatAge.js';
import { slaState, type SlaState } from './slaState.js';
import { KpiFigures } from './kpiFigures.js';
import { SeriesTables } from './seriesTables.js';
import { SilentVentures } from './silentVentures.js';
import type { KpiStatus } from './statusModel.js';
import { ValueList } from './valueList.js';
import { visibleText } from './visibleText.js';

interface KpiCardProps {
  readonly kpi: KpiStatus;
  readonly now: Date;
  readonly timeZone: string;
  /** Rows of each table of series; the rest is counted, not shown. */
  readonly maxRows: number;
}

/** One KPI: its state, figures against targets, both clocks, last error, all values, and who answers for it. */
export function KpiCard({ kpi, now, timeZone, maxRows }: KpiCardProps): VNode {
  const state = slaState(kpi, now);
  const classes = ['card', state.state === 'late' ? 'is-late' : '', state.failing ? 'is-failing' : ''];
  const hasValue = state.state !== 'no_value';
  return (
    <article class={classes.filter(Boolean).join(' ')} id={`kpi-${kpi.name}`} aria-labelledby={`title-${kpi.name}`}>
      <div class="card-head">
        <h3 id={`title-${kpi.name}`}>
          <bdi>{visibleText(kpi.title)}</bdi>
        </h3>
        <Badges kpi={kpi} state={state} />
      </div>
      <p class="about">{visibleText(kpi.description, 400)}</p>
      {state.state === 'no_value' && <NoValue kpi={kpi} />}
      {state.state === 'no_data' && <NoData />}
      <StaleNote state={state} lag={kpi.acceptableLagSeconds} />
      {hasValue && <KpiFigures metrics={kpi.metrics} />}
      {hasValue && <SilentVentures metrics={kpi.metrics} />}
      <div class="clocks">
        {state.successAgeSeconds !== null && (
          <Clock label="Last success" age={state.successAgeSeconds} lag={kpi.acceptableLagSeconds} />
        )}
        {state.dataAgeSeconds !== null && (
          <Clock label="Newest rows" age={state.dataAgeSeconds} lag={kpi.acceptableLagSeconds} />
        )}
      </div>
      {kpi.warnings.map((warning) => (
        <p class="wait">! {visibleText(warning, 400)}</p>
      ))}
      <LastError kpi={kpi} failing={state.failing} now={now} timeZone={timeZone} />
      <NotRecorded kpi={kpi} timeZone={timeZone} />
      {hasValue && <ValueList kpi={kpi} />}
      {hasValue && <SeriesTables kpi={kpi} maxRows={maxRows} />}
      <Facts kpi={kpi} now={now} timeZone={timeZone} />
    </article>
  );
}

function Badges({ kpi, state }: { kpi: KpiStatus; state: SlaState }): VNode {
  return (
    <span class="badges">
      {state.state === 'on_time' && <span class="badge ok">✓ on time</span>}
      {state.state === 'late' && <span class="badge bad">✕ late</span>}
      {state.state === 'no_value' && <span class="badge wait">○ no value yet</span>}
      {state.state === 'no_data' && <span class="badge">○ no data yet</span>}
      {state.failing && <span class="badge bad">! last run failed</span>}
      {kpi.notRecorded !== null && <span class="badge bad">! not recorded</span>}
      {kpi.running && <span class="badge">↻ running</span>}
    </span>
  );
}

function NoValue({ kpi }: { kpi: KpiStatus }): VNode {
  const reason = kpi.lastAttempt === null ? 'its first run has not ended.' : 'no run has succeeded so far.';
  return <p class="wait">No value yet: {reason}</p>;
}

function NoData(): VNode {
  return (
    <p class="wait">
      No data yet: it was computed and there are no rows behind it. docs/data-flow.md says who loads them.
    </p>
  );
}

function StaleNote({ state, lag }: { state: SlaState; lag: number }): VNode | null {
  if (state.state !== 'late') return null;
  const age = Math.max(state.successAgeSeconds ?? 0, state.dataAgeSeconds ?? 0);
  return (
    <p class="stale">
      ✕ These values are {formatAge(age)} old; {formatAge(lag)} is acceptable.
    </p>
  );
}

function Clock({ label, age, lag }: { label: string; age: number; lag: number }): VNode {
  const late = age > lag;
  const share = lag > 0 ? Math.min(100, (age / lag) * 100) : 100;
  return (
    <div class="clock">
      {label}{' '}
      <b class={late ? 'bad' : ''}>
        {age === 0 ? 'current' : formatAge(age)}
        {late ? ' ✕' : ''}
      </b>{' '}
      <span class="soft">of {formatAge(lag)}</span>
      <svg aria-hidden="true">
        <rect class="track" width="100%" height="100%" />
        <rect class={late ? 'fill-bad' : 'fill'} width={`${share.toFixed(1)}%`} height="100%" />
      </svg>
    </div>
  );
}

function LastError({
  kpi,
  failing,
  now,
  timeZone,
}: Omit<KpiCardProps, 'maxRows'> & { failing: boolean }): VNode | null {
  if (kpi.lastError === null) return null;
  const { at, result, message } = kpi.lastError;
  const age = formatAge((now.getTime() - at.getTime()) / 1000);
  return (
    <p class={failing ? 'error now' : 'error'}>
      <b class={failing ? 'bad' : ''}>Last error</b> {age} ago, {visibleText(result, 40)}
      {failing ? '' : '; succeeded since'} <span class="soft">({formatTime(at, timeZone)})</span>
      <span class="message">{visibleText(message, 400)}</span>
    </p>
  );
}

function NotRecorded({ kpi, timeZone }: Pick<KpiCardProps, 'kpi' | 'timeZone'>): VNode | null {
  if (kpi.notRecorded === null) return null;
  const { since, days, reason } = kpi.notRecorded;
  return (
    <p class="error now">
      <b class="bad">Not in kpi_history</b> since {formatTime(since, timeZone)}, tried again: {days.join(', ')}
      <span class="message">{visibleText(reason, 400)}</span>
    </p>
  );
}

function Facts({ kpi, now, timeZone }: Omit<KpiCardProps, 'maxRows'>): VNode {
  const next = kpi.nextRun === null ? null : (kpi.nextRun.getTime() - now.getTime()) / 1000;
  return (
    <dl class="card-facts">
      <dt>Owner</dt>
      <dd>{visibleText(kpi.owner)}</dd>
      <dt>Schedule</dt>
      <dd>{visibleText(kpi.schedule, 200)}</dd>
      <dt>Next run</dt>
      <dd>
        {next === null || kpi.nextRun === null
          ? 'not planned'
          : `in ${formatAge(next)} (${formatTime(kpi.nextRun, timeZone)})`}
      </dd>
      <dt>When late</dt>
      <dd>{kpi.alertWhenLate ? 'alerts' : 'shown here, never alerts'}</dd>
      <dt>Series</dt>
      <dd>
        {kpi.seriesCount.toLocaleString('en-US')} <span class="soft">in</span> <code>{visibleText(kpi.name)}</code>
      </dd>
    </dl>
  );
}
