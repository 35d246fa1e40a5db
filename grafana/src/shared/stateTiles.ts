import { BigValueTextMode, ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import { DashboardLinkBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { byQuery, configFromData } from './configFromData.js';
import { PROMETHEUS } from './dataSources.js';
import { durationInWords } from './limit.js';
import { limitTile } from './limitTile.js';
import { absentAs, valueTexts } from './mappings.js';
import { FIRING, RANKS, SEVERITIES, WATCHDOG, WORST_FIRST, relabel } from './firing.js';
import { instantQuery } from './promQuery.js';
import { page } from './page.js';
import { LOAD_ROWS, NO_DATA } from './stale.js';
import { steps } from './steps.js';
import { tile } from './tile.js';

/**
 * How old the numbers of the page are, against their service level: a number without its age cannot be trusted.
 * A run over an empty database is fresh as well: then there is nothing whose age could be good.
 * @param kpis the KPIs of the page, which have the same acceptable lag; the oldest counts
 */
export function ageTile(id: number, title: string, at: GridPos, kpis: readonly string[]): PanelBuilder {
  const kpi = `{kpi=~"${kpis.join('|')}"}`;
  const lag = `min(portfolio_kpi_acceptable_lag_seconds${kpi})`;
  const isEmpty = `(sum(max by (kpi) (portfolio_kpi_series${kpi})) == 0 and on () min(kpi:portfolio_kpi_fresh:bool${kpi}) == 1)`;
  return (
    limitTile({
      id,
      title,
      at,
      // NaN where nothing is known, so that the tile says so in red; an absent series would leave it grey.
      value: `${isEmpty} - 1 or on () max(kpi:portfolio_kpi_age_seconds:max${kpi}) or vector(NaN)`,
      unit: 'dtdurations',
      decimals: 0,
      absent: 'Unknown',
      limit: {
        value: lag,
        text: `label_replace(${isEmpty}, "label", "${LOAD_ROWS}", "", "") or on () (${durationInWords(lag, 'allowed:')})`,
      },
      good: 'at most',
      text: {
        shows:
          'How old the oldest numbers on this page are: since they were last computed or since their newest row, whichever is longer ago.',
        target: '`acceptable_lag` of the KPI in exporter.yaml.',
        source: `${kpis.map((name) => `\`${name}\``).join(', ')}.`,
        whenRed:
          'the numbers on this page are old. Operations shows which part is late; on-call has been told if the service level says so.',
      },
    })
      // A value mapping wins over the steps.
      .mappings([valueTexts({ '-1': { text: NO_DATA, color: 'text' } }), absentAs('Unknown', 'red')])
  );
}

/** How many causes fire now, in the colour of the worst, and for how many things; with the way to the list. */
export function alertsTile(id: number, at: GridPos): PanelBuilder {
  return (
    tile({
      id,
      title: 'Alerts firing',
      at,
      text: {
        shows:
          'Alerts of the portfolio and its monitoring that are firing now, each counted once, in the colour of the worst. Below: its severity, and the instances: how many milestones, resources, KPIs they fire for.',
        whenRed:
          'open Operations (click the number): each alert stands there with what it is about, and the runbook says what to do.',
      },
    })
      .datasource(PROMETHEUS)
      // Prometheus has a series only for alerts that are not inactive, so none is a count of 0; but only while its rules are
      // evaluated, which the Watchdog tells by firing always.
      .withTarget(
        instantQuery(
          'A',
          `(count(count by (alertname) (${FIRING})) or vector(0)) and on () ${WATCHDOG} or vector(NaN)`,
        ),
      )
      // Columns named by the severity, of which the worst alone is there: from 1 on its colour.
      .withTarget(
        instantQuery(
          'worst',
          WORST_FIRST.reduce((series, severity) => relabel(series, severity, '1', 'worst', severity), WORST),
        ),
      )
      .withTarget(instantQuery('text', ALERTS_IN_WORDS))
      // Not lastNotNull, which passes over NaN as well.
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(['last']).fields('').values(false))
      .textMode(BigValueTextMode.ValueAndName)
      .mappings([absentAs('Unknown', 'red')])
      .unit('none')
      .decimals(0)
      .noValue('Unknown')
      .displayName('rules not evaluated')
      .thresholds(steps('green'))
      .withTransformation(
        configFromData(
          'worst',
          byQuery('A'),
          WORST_FIRST.map((severity) => ({ column: severity, as: { color: SEVERITIES[severity].color } })),
        ),
      )
      .withTransformation(configFromData('text', byQuery('A'), [{ column: 'label', as: 'displayName' }]))
      .dataLinks([new DashboardLinkBuilder('Operations').url(page('portfolio-operations'))])
  );
}

/** One series whose label `worst` is the worst severity of all; one that the rules do not give counts as high, behind those that they do. */
const WORST = relabel(
  relabel(`topk(1, max by (severity) (${FIRING}) + on (severity) (${RANKS}))`, 'worst', 'high', '', ''),
  'worst',
  '$1',
  'severity',
  `(${WORST_FIRST.join('|')})`,
);

/** `critical, 12 instances`; `none` where nothing fires, which is told by the Watchdog alone. */
const ALERTS_IN_WORDS = `
${relabel(
  relabel(
    `label_join(count_values("instances", count(${FIRING})) * on () group_left (worst) (${WORST}), "both", ", ", "worst", "instances")`,
    'label',
    '$1 instances',
    'both',
    '(.+)',
  ),
  'label',
  '$1 instance',
  'both',
  '(.+, 1)',
)} or on () ${relabel(WATCHDOG, 'label', 'none', '', '')}`;
