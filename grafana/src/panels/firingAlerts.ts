import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { DASHBOARDS } from '../../../exporter/src/http/page/dashboards.js';
import { columns } from '../shared/columns.js';
import { PROMETHEUS } from '../shared/dataSources.js';
import { absentAs, patterns, valueTexts } from '../shared/mappings.js';
import { COLOR_BACKGROUND, align, property, unit, width } from '../shared/overrides.js';
import { CHOSEN_OR_SHARED } from '../shared/ofPortfolio.js';
import { page } from '../shared/page.js';
import { instantQuery } from '../shared/promQuery.js';
import { sorted } from '../shared/tablePanel.js';
import { tablePanel } from '../shared/tablePanel.js';

const NONE = 'No alert is firing';
const BLIND = 'No rule is evaluated: the Watchdog is silent';

const TRANSPARENT = { mode: 'fixed', fixedColor: 'transparent' };

/** With the digit that sorts them. */
const SEVERITIES = {
  '1 critical': { text: 'critical', color: 'dark-red' },
  '2 high': { text: 'high', color: 'red' },
  '3 medium': { text: 'medium', color: 'orange' },
  '4 none': { text: 'none', color: 'blue' },
};

/** Labels that say what an alert is about, by their place in the text; those of one alert stand side by side here. */
const ABOUT = ['milestone', 'initiative', 'resource', 'measure', 'check', 'name', 'integration', 'component'];

/** Alerts whose numbers stand on one of the other pages; the rest is about the monitoring, and this page is theirs. */
const PAGES = [
  ['portfolio-performance', 'PortfolioPerformance.*'],
  ['synergy-value', 'Synergy(CaptureRate|Value).*'],
  ['resource-efficiency', 'Resource.*|CoordinationOverhead.*|ConflictDetection.*'],
  ['initiative-tracking', 'SynergyInitiative.*|InitiativeDashboard.*'],
] as const satisfies readonly (readonly [(typeof DASHBOARDS)[number]['uid'], string])[];

/** What is wrong now, the worst first. */
export function firingAlerts(id: number, at: GridPos): PanelBuilder {
  return tablePanel({
    id,
    title: 'Firing alerts',
    at,
    empty: 'Prometheus gives no answer',
    blank: '',
    text: {
      shows:
        'Every alert that fires now, the worst first, and for how long its condition has held. The Watchdog is left out: it fires always, and when it does not, this says so.',
      whenRed:
        'docs/runbook.md has a heading for each alert: what it means, the first three checks, how to silence it. The page opens where its numbers stand.',
    },
  })
    .datasource(PROMETHEUS)
    .withTarget(instantQuery('A', EXPR))
    .transformations(
      columns({ severity: 'Severity', alertname: 'Alert', about: 'About', kpi: 'KPI', Value: 'For', page: 'Page' }),
    )
    .sortBy(sorted('Severity', 'For'))
    .overrideByName('Severity', [
      width(96),
      align('center'),
      COLOR_BACKGROUND,
      property('mappings', [valueTexts(SEVERITIES)]),
      property('color', TRANSPARENT),
    ])
    .overrideByName('Alert', [
      property('custom.cellOptions', { type: 'color-background', mode: 'basic', applyToRow: true }),
      property('color', TRANSPARENT),
      property('custom.minWidth', 250),
      property('mappings', patterns([`^${NONE}$`, { color: 'green' }], [`^${BLIND}$`, { color: 'dark-red' }])),
    ])
    .overrideByName('About', [property('custom.wrapText', true), property('custom.minWidth', 180)])
    .overrideByName('KPI', [width(172)])
    .overrideByName('For', [
      unit('dtdurations'),
      property('decimals', 1),
      width(172),
      align('left'),
      property('mappings', [absentAs('', 'text')]),
    ])
    .overrideByName('Page', [
      width(172),
      property('links', [{ title: 'Open the page', url: page('${__value.raw}') }]),
      property('mappings', [
        valueTexts(Object.fromEntries(DASHBOARDS.map(({ uid, title }) => [uid, { text: title }]))),
      ]),
    ]);
}

/** The moment since when the condition of an alert holds, with the labels of the alert. */
const SINCE = `ALERTS_FOR_STATE{${CHOSEN_OR_SHARED}} and ignoring (alertstate) ALERTS{alertstate="firing", alertname!="Watchdog", ${CHOSEN_OR_SHARED}}`;

const relabel = (series: string, label: string, value: string, source: string, pattern: string): string =>
  `label_replace(${series}, "${label}", "${value}", "${source}", "${pattern}")`;

const EXPR = `
max by (severity, alertname, about, kpi, page) (${described(`time() - (${SINCE})`)})
or on ()
(${relabel('vector(NaN)', 'alertname', NONE, '', '')} and on () ALERTS{alertstate="firing", alertname="Watchdog", ${CHOSEN_OR_SHARED}})
or on ()
${relabel(relabel('vector(NaN)', 'alertname', BLIND, '', ''), 'severity', '1 critical', '', '')}`;

/** With what it is about in one label, severities that sort, and the page of its numbers. */
function described(alerts: string): string {
  const joined = `label_join(${alerts}, "about", ", ", ${ABOUT.map((label) => `"${label}"`).join(', ')})`;
  const ranked = (['critical', 'high', 'medium', 'none'] as const).reduce(
    (series, severity, index) => relabel(series, 'severity', `${index + 1} ${severity}`, 'severity', severity),
    relabel(joined, 'about', '$1', 'about', '[, ]*(.*?)[, ]*'),
  );
  return PAGES.reduce((series, [uid, pattern]) => relabel(series, 'page', uid, 'alertname', pattern), ranked);
}
