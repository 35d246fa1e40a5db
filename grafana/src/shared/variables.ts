import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  CustomVariableBuilder,
  QueryVariableBuilder,
  VariableHide,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import { POSTGRES } from './dataSources.js';

/** Which ventures the panels of a page sum; All is the portfolio, the number that the exporter exposes. */
export const ventureVariable = (): QueryVariableBuilder => choice('venture', 'Venture');

export const initiativeVariable = (): QueryVariableBuilder => choice('initiative', 'Initiative');

/** On a page that has nothing to choose by it, so that what was chosen on one page is still chosen two pages on. */
export const remembered = (variable: QueryVariableBuilder): QueryVariableBuilder =>
  variable.hide(VariableHide.HideVariable);

/** The condition of a panel's SQL that the variable stands for. Quoted by Grafana: an id is the user's input. */
export const CHOSEN_VENTURES = 'venture_id IN (${venture:sqlstring})';
export const CHOSEN_INITIATIVES = 'initiative_id IN (${initiative:sqlstring})';

/** The same for PromQL: a matcher that All lets everything through. */
export const CHOSEN_INITIATIVE_SERIES = '{initiative_id=~"${chosen_initiatives:raw}"}';

/** The variable of that matcher: the ids of the chosen initiatives as a regular expression; that of All is SQL. */
export function chosenInitiatives(): Builder<VariableModel> {
  const sql = `SELECT CASE WHEN coalesce(bool_and(${CHOSEN_INITIATIVES}), true) THEN '.*'
            ELSE coalesce(string_agg(initiative_id, '|') FILTER (WHERE ${CHOSEN_INITIATIVES}), '') END AS ids
  FROM portfolio_reporting.initiative_names`;
  const variable = new QueryVariableBuilder('chosen_initiatives')
    .hide(VariableHide.HideVariable)
    .datasource(POSTGRES)
    .query(sql)
    .definition(sql)
    .refresh(VariableRefresh.OnDashboardLoad)
    .multi(false)
    .includeAll(false)
    .current({ selected: true, text: '.*', value: '.*' });
  // An address that names it could contradict what is chosen.
  return { build: () => ({ ...variable.build(), skipUrlSync: true }) };
}

function choice(name: 'venture' | 'initiative', label: string): QueryVariableBuilder {
  const view = `portfolio_reporting.${name}_names`;
  const sql = `SELECT ${name} AS __text, ${name}_id AS __value FROM ${view} ORDER BY ${name}`;
  return (
    new QueryVariableBuilder(name)
      .label(label)
      .datasource(POSTGRES)
      .query(sql)
      .definition(sql)
      .refresh(VariableRefresh.OnDashboardLoad)
      .multi(true)
      .includeAll(true)
      // Grafana puts this in as it is: one subquery in place of a list of every id.
      .allValue(`SELECT ${name}_id FROM ${view}`)
      .allowCustomValue(false)
      .current({ selected: true, text: ['All'], value: ['$__all'] })
  );
}

/** How far back charts of hours and days reach, whose measurements are kept for weeks: the pages' common period is months. */
export function windowVariable(): CustomVariableBuilder {
  return new CustomVariableBuilder('window')
    .label('Charts show the last')
    .values('24h,7d,30d')
    .multi(false)
    .includeAll(false)
    .allowCustomValue(false)
    .current({ selected: true, text: '24h', value: '24h' });
}

interface TimeOverride {
  timeFrom(from: string): this;
  hideTimeOverride(hide: boolean): this;
}

/** A panel over that window, or over what is chosen by dragging; its corner says which. */
export const ofWindow = <T extends TimeOverride>(panel: T): T => panel.timeFrom('$window');

/** Likewise where three panels stand in a row: the words in the corner would leave the title no room. */
export const ofWindowUnsaid = <T extends TimeOverride>(panel: T): T => ofWindow(panel).hideTimeOverride(true);

/** How far back the timeline of initiatives begins: 90 days, but a period of the reader's own is drawn as it is. */
export function timelineShift(): Builder<VariableModel> {
  // Relative periods end now; a dragged or a fixed one hardly ever does. A shift moves both kinds.
  const sql = `SELECT CASE WHEN abs(extract(epoch FROM $__timeTo()::timestamptz - now())) < 300 THEN '90d' ELSE '0d' END AS days`;
  const variable = new QueryVariableBuilder('timeline_shift')
    .hide(VariableHide.HideVariable)
    .datasource(POSTGRES)
    .query(sql)
    .definition(sql)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .multi(false)
    .includeAll(false)
    .current({ selected: true, text: '90d', value: '90d' });
  return { build: () => ({ ...variable.build(), skipUrlSync: true }) };
}
