import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { columns } from '../shared/columns.js';
import { PROMETHEUS } from '../shared/dataSources.js';
import { ALERTS_WHEN_LATE, FAILING, FRESH } from '../shared/kpiState.js';
import { PLAIN_WORDS, patterns, valueTexts } from '../shared/mappings.js';
import { COLOR_BACKGROUND, COLOR_TEXT, align, property, unit, width } from '../shared/overrides.js';
import { instantQuery } from '../shared/promQuery.js';
import { sorted } from '../shared/tablePanel.js';
import { tablePanel } from '../shared/tablePanel.js';

const AGE = 'max by (kpi) (kpi:portfolio_kpi_age_seconds:max)';
const LAG = 'max by (kpi) (portfolio_kpi_acceptable_lag_seconds)';

const STATE = `(clamp_max(2 * ${FRESH} + on (kpi) (1 - ${ALERTS_WHEN_LATE}), 2) or on (kpi) 2 * ${FRESH})`;
/** KPIs that found no row to say anything about: a service level that is met by them is none. */
const EMPTY = '(max by (kpi) (portfolio_kpi_series) == 0)';

/** The metrics document's "Monitoring SLAs", one row per KPI, the late ones first. */
export function serviceLevels(id: number, at: GridPos): PanelBuilder {
  return tablePanel({
    id,
    title: 'Service levels',
    at,
    empty: 'Prometheus knows no KPI, or gives no answer',
    csv: 'drawn',
    blank: '–',
    text: {
      shows:
        'Each KPI against its service level, the late ones first. Age: since its last success or its newest data, whichever is older; – where it was never computed since the exporter started. No data: it was computed and found no rows. 30 days: share of the seen minutes in which it was met; seen: share of the 30 days that was seen at all. Alerts: whether on-call is told, or lateness is only recorded.',
      target: '`acceptable_lag` and `alert_when_late` of the KPI in exporter.yaml.',
      whenRed:
        'red is late and on-call is told, yellow is late and only recorded. Failed: the newest run ended with an error, which stands on the status page of the exporter. Late without a failed run: its rows stopped coming.',
    },
  })
    .datasource(PROMETHEUS)
    .withTarget(instantQuery('state', `(${STATE} == 2 and on (kpi) ${EMPTY}) + 1 or on (kpi) ${STATE}`))
    .withTarget(instantQuery('failing', FAILING))
    .withTarget(instantQuery('age', AGE))
    .withTarget(instantQuery('lag', LAG))
    .withTarget(instantQuery('used', `${AGE} / on (kpi) ${LAG}`))
    .withTarget(instantQuery('met', `max by (kpi) (portfolio:sla_compliance:ratio_30d) unless on (kpi) ${EMPTY}`))
    .withTarget(instantQuery('seen', 'max by (kpi) (portfolio:sla_observed:ratio_30d)'))
    .withTarget(instantQuery('alerts', ALERTS_WHEN_LATE))
    .transformations(
      columns(
        {
          kpi: 'KPI',
          'Value #state': 'State',
          'Value #failing': 'Last run',
          'Value #age': 'Age',
          'Value #lag': 'Allowed',
          'Value #used': 'Used',
          'Value #met': '30 days',
          'Value #seen': 'Seen',
          'Value #alerts': 'Alerts',
        },
        'kpi',
      ),
    )
    .sortBy(sorted('State', '-Used'))
    .minWidth(60)
    .overrideByName('KPI', [property('custom.minWidth', 164), property('mappings', patterns(...PLAIN_WORDS))])
    .overrideByName('State', [
      width(74),
      align('center'),
      COLOR_BACKGROUND,
      property('mappings', [
        valueTexts({
          0: { text: 'late', color: 'red' },
          1: { text: 'late', color: 'yellow' },
          2: { text: 'met', color: 'green' },
          3: { text: 'no data', color: 'text' },
        }),
      ]),
    ])
    .overrideByName('Last run', [
      width(72),
      align('left'),
      COLOR_TEXT,
      property('mappings', [valueTexts({ 0: { text: 'ok', color: 'text' }, 1: { text: 'failed', color: 'red' } })]),
    ])
    .overrideByRegexp('/^(Age|Allowed)$/', [width(68), unit('s'), property('decimals', 0), align('right')])
    .overrideByName('Used', [width(72), unit('percentunit'), property('decimals', 0), align('right')])
    .overrideByName('30 days', [width(70), unit('percentunit'), property('decimals', 2), align('right')])
    .overrideByName('Seen', [width(56), unit('percentunit'), property('decimals', 1), align('right')])
    .overrideByName('Alerts', [
      width(58),
      align('left'),
      property('mappings', [valueTexts({ 0: { text: 'no' }, 1: { text: 'yes' } })]),
    ]);
}
