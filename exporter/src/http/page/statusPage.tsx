import type { VNode } from 'preact';
import { Attention } from './attention.js';
import { headline } from './headline.js';
import { KpiTable } from './kpiTable.js';
import { renderPage, type PageOptions } from './layout.js';
import { slaState, type SlaState } from './slaState.js';
import type { StatusModel } from './statusModel.js';
import { ThresholdTables } from './thresholdTables.js';

/** The overview as HTML: what needs attention, one line a KPI, the thresholds. */
export function renderStatusPage(model: StatusModel, { refresh }: PageOptions = { refresh: true }): string {
  const overall = overallState(model);
  return renderPage({
    model,
    refresh,
    path: '/',
    title: overall.text,
    healthy: overall.look === 'ok' && model.database.up === true,
    heading: <Heading model={model} overall={overall} />,
    children: (
      <>
        <Attention model={model} />
        <section aria-labelledby="kpis">
          <h2 id="kpis">KPIs</h2>
          {model.kpis.length === 0 ? <p class="soft">No KPI is enabled.</p> : <KpiTable model={model} />}
        </section>
        <section aria-labelledby="thresholds">
          <h2 id="thresholds">Thresholds</h2>
          <ThresholdTables thresholds={model.thresholds} />
        </section>
      </>
    ),
  });
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

function Heading({ model, overall }: { model: StatusModel; overall: Overall }): VNode {
  const met = model.kpis
    .filter((kpi) => kpi.lastSuccess !== null)
    .flatMap((kpi) => kpi.metrics.map((metric) => headline(metric).met))
    .filter((one) => one !== null);
  return (
    <>
      <h1>Portfolio metrics</h1>
      <p class="overall">
        <span class={overall.look}>
          {MARKS[overall.look]} {overall.text}
        </span>
        {met.length > 0 && `, ${met.filter(Boolean).length} of ${met.length} targets met`},{' '}
        <DatabaseState model={model} />
      </p>
    </>
  );
}

function DatabaseState({ model }: { model: StatusModel }): VNode {
  const { up, standby } = model.database;
  if (up === null) return <span class="wait">database not tried yet</span>;
  if (up && standby) return <span class="bad">database up, a read-only standby</span>;
  return up ? <span class="ok">database up</span> : <span class="bad">✕ database down</span>;
}
