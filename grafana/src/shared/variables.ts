import { QueryVariableBuilder, VariableRefresh } from '@grafana/grafana-foundation-sdk/dashboard';
import { POSTGRES } from './dataSources.js';

/** Which ventures the panels of a page sum; All is the portfolio, the number that the exporter exposes. */
export const ventureVariable = (): QueryVariableBuilder => choice('venture', 'Venture');

export const initiativeVariable = (): QueryVariableBuilder => choice('initiative', 'Initiative');

/** The condition of a panel's SQL that the variable stands for. Quoted by Grafana: an id is the user's input. */
export const CHOSEN_VENTURES = 'venture_id IN (${venture:sqlstring})';
export const CHOSEN_INITIATIVES = 'initiative_id IN (${initiative:sqlstring})';

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
