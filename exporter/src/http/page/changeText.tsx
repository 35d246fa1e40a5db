import type { VNode } from 'preact';
import { previousMonthEnd } from '../../kpi/unit/moment.js';
import { changeOf, shortDay } from './past.js';
import type { KpiStatus, MetricStatus } from './statusModel.js';

/** What has changed since the end of last month, the day in words where that day itself is not recorded. */
export function ChangeText({ kpi, metric }: { kpi: KpiStatus; metric: MetricStatus }): VNode {
  const past = kpi.past.value;
  if (!metric.history) return <span class="soft">no daily record</span>;
  if (past === null) return <span class="soft">{kpi.past.problem === null ? 'not read yet' : 'not read'}</span>;
  const change = changeOf(kpi, metric);
  if (change === null) return <span class="soft">not known</span>;
  const { text, since, isBetter } = change;
  const look = isBetter === null ? '' : isBetter ? 'met' : 'behind';
  return (
    <>
      <span class={`nobr ${look}`}>{text}</span>
      {isBetter !== null && <span class="unseen"> ({isBetter ? 'better' : 'worse'})</span>}
      {since !== previousMonthEnd(past.today) && <div class="soft small">since {shortDay(since, past)}</div>}
    </>
  );
}
