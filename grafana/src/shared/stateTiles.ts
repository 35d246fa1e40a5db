import { ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import { DashboardLinkBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PROMETHEUS } from './dataSources.js';
import { durationInWords } from './limit.js';
import { limitTile } from './limitTile.js';
import { absentAs } from './mappings.js';
import { CHOSEN_OR_SHARED } from './ofPortfolio.js';
import { instantQuery } from './promQuery.js';
import { page } from './page.js';
import { steps } from './steps.js';
import { tile } from './tile.js';

/**
 * How old the numbers of the page are, against their service level: a number without its age cannot be trusted.
 * @param kpis the KPIs of the page, which have the same acceptable lag; the oldest counts
 */
export function ageTile(id: number, title: string, at: GridPos, kpis: readonly string[]): PanelBuilder {
  const kpi = `{kpi=~"${kpis.join('|')}"}`;
  const lag = `min(portfolio_kpi_acceptable_lag_seconds${kpi})`;
  return (
    limitTile({
      id,
      title,
      at,
      // NaN where nothing is known, so that the tile says so in red; an absent series would leave it grey.
      value: `max(kpi:portfolio_kpi_age_seconds:max${kpi}) or vector(NaN)`,
      unit: 'dtdurations',
      decimals: 0,
      absent: 'Unknown',
      limit: { value: lag, text: durationInWords(lag, 'allowed:') },
      good: 'at most',
      text: {
        shows: `Age of the oldest data on this page (${kpis.join(', ')}): since the last successful run or the newest row, whichever is older.`,
        target: '`acceptable_lag` of the KPI in exporter.yaml.',
        whenRed:
          'the numbers on this page are old. Operations shows which part is late; on-call has been told if the service level says so.',
      },
    })
      // A value mapping wins over the steps.
      .mappings([absentAs('Unknown', 'red')])
  );
}

/** How many alerts are firing now, with the way to the list. */
export function alertsTile(id: number, at: GridPos): PanelBuilder {
  return (
    tile({
      id,
      title: 'Alerts firing',
      at,
      text: {
        shows: 'Alerts of the portfolio and its monitoring that are firing now.',
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
          `(count(ALERTS{alertstate="firing", alertname!="Watchdog", ${CHOSEN_OR_SHARED}}) or vector(0))
           and on () ALERTS{alertstate="firing", alertname="Watchdog", ${CHOSEN_OR_SHARED}}
           or vector(NaN)`,
        ),
      )
      // Not lastNotNull, which passes over NaN as well.
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(['last']).fields('').values(false))
      .mappings([absentAs('Unknown', 'red')])
      .unit('none')
      .decimals(0)
      .noValue('Unknown')
      .thresholds(steps('green', [1, 'red']))
      .dataLinks([new DashboardLinkBuilder('Operations').url(page('portfolio-operations'))])
  );
}
