import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { POSTGRES } from './dataSources.js';

/** The SDK has no builder for PostgreSQL: this is the target that the query editor of Grafana 12 writes. */
interface SqlQuery extends Dataquery {
  readonly refId: string;
  readonly datasource: typeof POSTGRES;
  readonly format: 'table';
  readonly rawQuery: true;
  readonly editorMode: 'code';
  readonly rawSql: string;
}

/**
 * A query of the views in schema portfolio_reporting.
 * @param refId `A` for the panel's rows, other letters or names for what configures them
 * @param sql one SELECT; `$__timeFilter(column)` and `${variable:sqlstring}` are Grafana's
 */
export function sqlQuery(refId: string, sql: string): Builder<SqlQuery> {
  const rawSql = sql.trim();
  return {
    build: () => ({
      refId,
      datasource: POSTGRES,
      format: 'table',
      rawQuery: true,
      editorMode: 'code',
      rawSql,
      _implementsDataqueryVariant: () => undefined,
    }),
  };
}

/**
 * The sentence of an empty panel on PostgreSQL. Grafana shows it as well when the query failed, with no more than a red mark in
 * the corner: it must not claim that there is nothing.
 */
export const nothing = (fact: string): string => `${fact}, or no answer from the database`;
