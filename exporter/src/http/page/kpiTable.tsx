import type { ComponentChildren, VNode } from 'preact';
import { previousMonthEnd } from '../../kpi/unit/moment.js';
import { formatAge } from '../../format/formatAge.js';
import { formatMetricBrief } from '../../format/formatMetric.js';
import { metricTitle } from '../../format/metricTitle.js';
import { visibleText } from '../../format/visibleText.js';
import { ChangeText } from './changeText.js';
import { headline, headlineMetric, targetSign } from './headline.js';
import { Sparkline } from './historyDrawing.js';
import { PAST_DAYS, shortDay } from './past.js';
import { SilentVentures } from './silentVentures.js';
import { slaState, type SlaState } from './slaState.js';
import type { KpiStatus, MetricStatus, StatusModel } from './statusModel.js';

/** One line a KPI. Roles are written out: a phone gets the cells as a grid, which takes them from a table. */
export function KpiTable({ model }: { model: StatusModel }): VNode {
  const past = model.kpis.find((kpi) => kpi.past.value !== null)?.past.value ?? null;
  const since = past === null ? 'Change' : `Since ${shortDay(previousMonthEnd(past.today), past)}`;
  const columns = ['KPI', 'Value', 'Target', since, `Last ${PAST_DAYS} days`, 'Age of the data', 'Last run', 'State'];
  return (
    <>
      <table class="kpis" role="table" aria-labelledby="kpis">
        <caption class="unseen">One line a KPI</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column} scope="col" role="columnheader">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {model.kpis.map((kpi) => (
            <Line key={kpi.name} kpi={kpi} now={model.now} labels={columns} />
          ))}
        </tbody>
      </table>
      <HistoryNote model={model} />
    </>
  );
}

/** How old the lines drawn and the changes are, and why they are not newer. */
export function HistoryNote({ model, kpis = model.kpis }: { model: StatusModel; kpis?: readonly KpiStatus[] }): VNode {
  const pasts = kpis.filter(({ metrics }) => metrics.some((metric) => metric.history)).map(({ past }) => past);
  const read = pasts.flatMap(({ readAt }) => (readAt === null ? [] : [readAt.getTime()]));
  const problems = [...new Set(pasts.flatMap(({ problem }) => (problem === null ? [] : [problem])))];
  const age = read.length === 0 ? null : formatAge((model.now.getTime() - Math.min(...read)) / 1000);
  return (
    <>
      {problems.map((problem) => (
        <p key={problem} class="wait small note">
          ! History not read: {visibleText(problem, 400)}
          {age === null ? '' : `; what is drawn was read ${age} ago`}
        </p>
      ))}
      {age !== null && problems.length === 0 && (
        <p class="soft small note">
          History: the value that kpi_history keeps of each day, of many series the worst; read {age} ago. A change is
          against the last day of the month before that is recorded.
        </p>
      )}
      {pasts.length > 0 && age === null && problems.length === 0 && (
        <p class="soft small note">History: not read yet.</p>
      )}
    </>
  );
}

function Line({ kpi, now, labels }: { kpi: KpiStatus; now: Date; labels: readonly string[] }): VNode {
  const state = slaState(kpi, now);
  const metric = headlineMetric(kpi);
  return (
    <tr role="row">
      <th scope="row" role="rowheader" class="name">
        <a href={`/kpi/${kpi.name}`}>
          <bdi>{visibleText(kpi.title)}</bdi>
        </a>
        {metric !== null && (
          <div class="soft small" title={metric.name}>
            {metricTitle(metric.name, metric.unit)}
          </div>
        )}
      </th>
      {metric === null || state.state === 'no_value' || state.state === 'no_data' ? (
        <>
          <Cell name="value">
            <span class="soft">{state.state === 'no_data' ? 'no data yet' : 'no value yet'}</span>
          </Cell>
          <Cell name="target" />
          <Cell name="change" />
          <Cell name="past">{metric !== null && <Sparkline kpi={kpi} metric={metric} />}</Cell>
        </>
      ) : (
        <Figures kpi={kpi} metric={metric} sinceLabel={labels[3] ?? ''} />
      )}
      <Cell name="age" label="data">
        <Age state={state} lag={kpi.acceptableLagSeconds} />
      </Cell>
      <Cell name="run" label="run">
        {kpi.lastAttempt === null ? (
          <span class="soft">never</span>
        ) : (
          `${formatAge((now.getTime() - kpi.lastAttempt.getTime()) / 1000)} ago`
        )}
        {kpi.running && <span class="soft"> ↻ running</span>}
      </Cell>
      <Cell name="state">
        <Badges kpi={kpi} state={state} />
      </Cell>
    </tr>
  );
}

function Figures({ kpi, metric, sinceLabel }: { kpi: KpiStatus; metric: MetricStatus; sinceLabel: string }): VNode {
  const { text, detail, met } = headline(metric);
  const targets = kpi.metrics.map(headline).flatMap((one) => (one.met === null ? [] : [one.met]));
  return (
    <>
      <Cell name="value">
        <div class={met === false ? 'figure behind' : 'figure'}>{text}</div>
        {detail !== null && <div class="soft small">{detail}</div>}
        <SilentVentures metrics={kpi.metrics} />
      </Cell>
      <Cell name="target">
        {metric.target !== null && (
          <>
            <span class="nobr">
              {targetSign(metric)} {formatMetricBrief(metric.target.value, metric)}
            </span>{' '}
            <Met met={met} />
          </>
        )}
        {targets.length > 1 && (
          <div class="soft small">
            {targets.filter(Boolean).length} of {targets.length} targets met
          </div>
        )}
      </Cell>
      <Cell name="change" label={sinceLabel.replace(/^[SC]/, (letter) => letter.toLowerCase())}>
        <ChangeText kpi={kpi} metric={metric} />
      </Cell>
      <Cell name="past">
        <Sparkline kpi={kpi} metric={metric} />
      </Cell>
    </>
  );
}

function Cell({ name, label, children }: { name: string; label?: string; children?: ComponentChildren }): VNode {
  return (
    <td role="cell" class={name}>
      {label !== undefined && <span class="lab soft">{label} </span>}
      {children}
    </td>
  );
}

/** In words and a mark; the colour only repeats it. */
export function Met({ met }: { met: boolean | null }): VNode | null {
  if (met === null) return null;
  return met ? <span class="met">✓ met</span> : <span class="behind">✕ behind</span>;
}

function Age({ state, lag }: { state: SlaState; lag: number }): VNode {
  const { successAgeSeconds, dataAgeSeconds } = state;
  // When a KPI without rows was computed is no age of data.
  if (successAgeSeconds === null || state.state === 'no_data') return <span class="soft">none yet</span>;
  // A day that is not over makes rows current; when they were looked at is the age then.
  const age = Math.max(successAgeSeconds, dataAgeSeconds ?? 0);
  return (
    <>
      <span class={age > lag ? 'behind' : ''}>{formatAge(age)}</span> <span class="soft nobr">of {formatAge(lag)}</span>
    </>
  );
}

export function Badges({ kpi, state }: { kpi: KpiStatus; state: SlaState }): VNode {
  return (
    <span class="badges">
      {state.state === 'on_time' && <span class="badge ok">✓ on time</span>}
      {state.state === 'late' && <span class="badge bad">✕ late</span>}
      {state.state === 'no_value' && <span class="badge wait">○ no value yet</span>}
      {state.state === 'no_data' && <span class="badge">○ no data yet</span>}
      {state.failing && <span class="badge bad">! last run failed</span>}
      {kpi.notRecorded !== null && <span class="badge bad">! not recorded</span>}
    </span>
  );
}
