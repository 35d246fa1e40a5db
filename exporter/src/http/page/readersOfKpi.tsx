import type { VNode } from 'preact';
import { metricTitle } from '../../format/metricTitle.js';
import { DASHBOARDS } from '../../config/dashboards.js';
import { METRIC_READERS } from './kpiReaders.js';
import { lateAlert } from './lateAlert.js';
import { Runbook } from './runbook.js';
import type { KpiStatus, StatusModel } from './statusModel.js';

/** The alerts and panels that come with the exporter and read a metric of the KPI, or its age. */
export function ReadersOfKpi({ kpi, model }: { kpi: KpiStatus; model: StatusModel }): VNode {
  const { runbookUrl, grafanaUrl } = model;
  const alerts = byReader(kpi, ({ alerts }) => alerts);
  if (kpi.alertWhenLate) alerts.set(lateAlert(kpi), ['its age']);
  alerts.set('PortfolioKpiFailing', ['its last run']);
  const panels = DASHBOARDS.flatMap(({ uid, title }) => {
    const read = byReader(kpi, ({ panels }) => panels.filter((panel) => panel.uid === uid).map((panel) => panel.title));
    return read.size === 0 ? [] : [{ uid, title, read }];
  });
  return (
    <section aria-labelledby="readers">
      <h2 id="readers">Who reads it</h2>
      <h3>Alerts</h3>
      <ul class="plain">
        {[...alerts].map(([alert, what]) => (
          <li key={alert}>
            <Runbook alert={alert} url={runbookUrl} /> <span class="soft">reads {what.join(', ')}</span>
          </li>
        ))}
      </ul>
      <h3>Panels</h3>
      {panels.length === 0 && <p class="soft">No panel that comes with the exporter reads its metrics.</p>}
      <ul class="plain">
        {panels.map(({ uid, title, read }) => (
          <li key={uid}>
            {grafanaUrl === null ? title : <a href={`/dashboards/${uid}`}>{title}</a>}:{' '}
            {[...read].map(([panel, what]) => `${panel} (${what.join(', ')})`).join('; ')}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What reads the KPI's metrics, each with the titles of those that it reads. */
function byReader(
  kpi: KpiStatus,
  names: (readers: (typeof METRIC_READERS)[string]) => readonly string[],
): Map<string, string[]> {
  const read = new Map<string, string[]>();
  for (const { name, unit } of kpi.metrics) {
    const readers = METRIC_READERS[name];
    if (readers === undefined) continue;
    for (const reader of names(readers)) read.set(reader, [...(read.get(reader) ?? []), metricTitle(name, unit)]);
  }
  return read;
}
