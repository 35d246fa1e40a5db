import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { ALERTS_OF_PAGES, ALERT_NAMES } from '../shared/alertCatalogue.js';
import { columns } from '../shared/columns.js';
import { PROMETHEUS } from '../shared/dataSources.js';
import { FIRING, SEVERITIES, WATCHDOG, ranks, relabel } from '../shared/firing.js';
import { patterns, valueTexts } from '../shared/mappings.js';
import { CHOSEN_OR_SHARED } from '../shared/ofPortfolio.js';
import { COLOR_BACKGROUND, align, property, width } from '../shared/overrides.js';
import { page } from '../shared/page.js';
import { instantQuery } from '../shared/promQuery.js';
import { tablePanel } from '../shared/tablePanel.js';

const NONE = 'No alert is firing';
const BLIND = 'No rule is evaluated: the Watchdog is silent';

const TRANSPARENT = { mode: 'fixed', fixedColor: 'transparent' };

const OTHER_PAGES = ALERTS_OF_PAGES.filter(({ uid, names }) => uid !== 'portfolio-operations' && names.length > 0);

/** What is wrong now, a row an alert, the worst first. */
export function firingAlerts(id: number, at: GridPos): PanelBuilder {
  return tablePanel({
    id,
    title: 'Firing alerts',
    at,
    empty: 'Prometheus gives no answer',
    csv: 'drawn',
    blank: '',
    text: {
      shows:
        'What is wrong now, the worst first: one row an alert, however many things it fires for (Count). For: how long it has gone on for the worst of them, the one that About names. The Watchdog is left out: it fires always, and when it does not, this says so.',
      target:
        'the links lead where `external_labels` of prometheus.yml says (`runbook_url`, `alertmanager_url`); without them the cells are empty.',
      whenRed:
        'open the runbook: what the alert means, the first three checks, how it ends. Silence opens Alertmanager with the alert filled in; Page shows where its numbers stand.',
    },
  })
    .datasource(PROMETHEUS)
    .withTarget(instantQuery('A', EXPR))
    .transformations(
      columns({
        severity: 'Severity',
        alertname: 'Alert',
        age: 'For',
        about: 'About',
        instances: 'Count',
        runbook: 'Runbook',
        silence: 'Silence',
        page: 'Page',
      }),
    )
    .overrideByName('Severity', [
      width(78),
      align('center'),
      COLOR_BACKGROUND,
      property('mappings', [
        valueTexts(
          Object.fromEntries(Object.entries(SEVERITIES).map(([severity, { color }]) => [severity, { color }])),
        ),
      ]),
      property('color', TRANSPARENT),
    ])
    .overrideByName('Alert', [
      property('custom.cellOptions', { type: 'color-background', mode: 'basic', applyToRow: true }),
      property('color', TRANSPARENT),
      // The longest of our names has 34 letters.
      width(260),
      property('mappings', patterns([`^${NONE}$`, { color: 'green' }], [`^${BLIND}$`, { color: 'dark-red' }])),
    ])
    .overrideByName('For', [width(64)])
    .overrideByName('About', [property('custom.wrapText', true), property('custom.minWidth', 150)])
    .overrideByName('Count', [width(56), align('right')])
    .overrideByName('Runbook', leadsTo('Runbook', 78))
    .overrideByName('Silence', leadsTo('Silence', 68))
    .overrideByName('Page', [
      width(160),
      property('links', [{ title: 'Open the page', url: page('${__value.raw}') }]),
      property('mappings', [
        valueTexts(Object.fromEntries(OTHER_PAGES.map(({ uid, title }) => [uid, { text: title }]))),
      ]),
    ]);
}

/** A cell that holds an address and shows a word. */
function leadsTo(word: string, pixels: number): ReturnType<typeof property>[] {
  return [
    width(pixels),
    property('mappings', patterns(['^https?://.*', { text: word }])),
    property('links', [{ title: `Open ${word.toLowerCase()}`, url: '${__value.raw}', targetBlank: true }]),
  ];
}

/** The moment since when the condition of an alert holds, with the labels of the alert. */
const SINCE = `ALERTS_FOR_STATE{addressee="", ${CHOSEN_OR_SHARED}} and ignoring (alertstate) ${FIRING}`;

/** More than any age in seconds, so that of one alert the worst is the largest, and the oldest of these. */
const WEIGHT = 1e10;

/** Of each alert the instance that is worst, and oldest: its age with the weight of its severity. */
const WORST = `topk by (alertname, portfolio) (1, time() - (${SINCE}) + on (severity) group_left () (${ranks(WEIGHT)}))`;

/** What alerts and the names of what they are about have in common. */
const THINGS = 'portfolio, alertname, check, conflict_id, initiative_id, measure, milestone_id, resource_id';

/** With the names of what it is about, which are no labels of alerts. Of names that differ in another label alone, one: two are an error, and no table at all. */
const NAMED = `
(${WORST}) * on (${THINGS})
group_left (initiative, milestone, resource) (0 * topk by (${THINGS}) (1, portfolio:alert_about{${CHOSEN_OR_SHARED}}) + 1)
or ignoring (initiative, milestone, resource) (${WORST})`;

/** How long that has been as people write it. Grafana's own units say 1 mins, and have no label that a table can sort by beside it. */
const AGES = (
  [
    ['min', 60, '< 3600'],
    ['h', 3600, '>= 3600 < 86400'],
    ['d', 86_400, '>= 86400'],
  ] as const
)
  .map(([word, seconds, which]) =>
    relabel(
      `count_values by (alertname, portfolio) ("number", floor(((${WORST}) % ${WEIGHT} ${which}) / ${seconds}))`,
      'age',
      `$1 ${word}`,
      'number',
      '(.*)',
    ),
  )
  .join(' or ');

/** With its age, with how many there are, and with the addresses to which links lead; all three are series of 1. */
const COUNTED = `
(${NAMED})
* on (alertname, portfolio) group_left (age) (${AGES})
* on (alertname, portfolio) group_left (instances)
count_values by (alertname, portfolio) ("instances", count by (alertname, portfolio) (${SINCE}))
* on () group_left (runbook_url, alertmanager_url)
(topk(1, max by (runbook_url, alertmanager_url) (${WATCHDOG})) or on () vector(1))`;

const EXPR = `
sort_desc(max by (severity, alertname, age, about, instances, runbook, silence, page) (${described(COUNTED)}))
or on ()
(${relabel('vector(NaN)', 'alertname', NONE, '', '')} and on () ${WATCHDOG})
or on ()
${relabel(relabel('vector(NaN)', 'alertname', BLIND, '', ''), 'severity', 'critical', '', '')}`;

/** With what it is about in one label, severities that sort, and where to go: each step reads labels of those before it. */
function described(alerts: string): string {
  const steps: ((series: string) => string)[] = [
    // What is not empty, of labels that stand for one another.
    joined('names', 'milestone', 'initiative', 'resource'),
    joined('terms', 'condition', 'measure', 'check', 'name', 'integration', 'component'),
    replaced('terms', '$1', 'about_kpi', ';(.+)', ['about_kpi', ';', 'terms', 'kpi']),
    // Identifiers as words.
    ...Array.from({ length: 4 }, () => replaced('terms', '$1 $2', 'terms', '(.*)_(.*)')),
    replaced('about', 'not said', 'class', ''),
    replaced('about', 'the monitoring', 'class', 'sla|exporter'),
    replaced('about', 'the portfolio', 'class', 'kpi'),
    replaced('about', '$1', 'terms', '(.+)'),
    replaced('about', '$1', 'names', '(.+)'),
    replaced('about', '$1 and others', 'several', '(.*);([2-9]|[0-9]{2,})', ['several', ';', 'about', 'instances']),
    ...OTHER_PAGES.map(({ uid, names }) => replaced('page', uid, 'alertname', names.join('|'))),
    // GitHub's anchor of a heading; PromQL has no lower case.
    ...ALERT_NAMES.map((name) => replaced('anchor', name.toLowerCase(), 'alertname', name)),
    replaced('runbook', '$1', 'to_runbook', '(https?://.+#.+)', ['to_runbook', '#', 'runbook_url', 'anchor']),
    replaced('alertmanager_url', '$1', 'alertmanager_url', '(.*?)/+'),
    replaced('matcher', '/#/silences/new?filter=%7Balertname%3D%22$1%22', 'alertname', '(.+)'),
    // Empty where the alert has none: without it the silence would be for every portfolio.
    replaced('scope', '%2Cportfolio%3D%22$1%22', 'portfolio', '(.*)'),
    replaced('silence', '$1%7D', 'to_silence', '(https?://.+)', [
      'to_silence',
      '',
      'alertmanager_url',
      'matcher',
      'scope',
    ]),
  ];
  return steps.reduce((series, step) => step(series), alerts);
}

function joined(label: string, ...sources: readonly string[]): (series: string) => string {
  const replace = replaced(label, '$1', label, '[, ]*(.*?)[, ]*');
  return (series) => replace(join(series, label, ', ', ...sources));
}

/** @param joining where the source is made of other labels: its name, what stands between them, their names */
function replaced(
  label: string,
  value: string,
  source: string,
  pattern: string,
  joining?: readonly [name: string, separator: string, ...labels: string[]],
): (series: string) => string {
  return (series) => relabel(joining === undefined ? series : join(series, ...joining), label, value, source, pattern);
}

function join(series: string, label: string, separator: string, ...sources: readonly string[]): string {
  return `label_join(${series}, "${label}", "${separator}", ${sources.map((one) => `"${one}"`).join(', ')})`;
}
