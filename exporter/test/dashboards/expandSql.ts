export interface Range {
  readonly from: Date;
  readonly to: Date;
}

/** What a reader has chosen above the dashboard, by variable; left out: All. */
export type Choice = Readonly<Record<string, readonly string[]>>;

/**
 * A panel's SQL as Grafana sends it: `$__timeFilter(column)`, `$__timeFrom()`, `$__timeTo()` and `${variable:sqlstring}`.
 * @param allValues what Grafana puts in for All, as it is
 * @throws Error where something is left that Grafana would have to replace
 */
export function expandSql(
  sql: string,
  range: Range,
  allValues: Readonly<Record<string, string>>,
  chosen: Choice = {},
): string {
  const from = `'${range.from.toISOString()}'`;
  const to = `'${range.to.toISOString()}'`;
  const expanded = sql
    .replaceAll(/\$__timeFilter\(([^)]*)\)/g, (_, column: string) => `${column} BETWEEN ${from} AND ${to}`)
    .replaceAll('$__timeFrom()', from)
    .replaceAll('$__timeTo()', to)
    .replaceAll(/\$\{(\w+):sqlstring\}/g, (_, name: string) => {
      const value = chosen[name]?.map(quoted).join(',') ?? allValues[name];
      if (value === undefined) throw new Error(`no variable ${name}`);
      return value;
    });
  // `%1$s` is PostgreSQL's format().
  const left = /(?<!%\d+)\$[\w{]+/.exec(expanded);
  if (left !== null) throw new Error(`${left[0]} is left in ${expanded}`);
  return expanded;
}

/** The format sqlstring of Grafana: doubled quotes, nothing else. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
