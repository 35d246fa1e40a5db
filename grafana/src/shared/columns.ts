import type { DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard';

/**
 * The columns of a table over Prometheus, in this order; every other one, such as Time, is left out.
 * @param names label or `Value` (of several queries: `Value #A`) to the heading of its column
 * @param key label that all queries have, one row for each of its values; a query without an answer leaves its cells empty
 *   (the transformation "merge" would fall apart into a table for each query then)
 */
export function columns(names: Readonly<Record<string, string>>, key?: string): DataTransformerConfig[] {
  const kept = Object.keys(names);
  return [
    { id: 'filterFieldsByName', options: { include: { names: kept } } },
    ...(key === undefined ? [] : [{ id: 'joinByField', options: { byField: key, mode: 'outer' } }]),
    {
      id: 'organize',
      options: {
        indexByName: Object.fromEntries(kept.map((name, index) => [name, index])),
        renameByName: names,
      },
    },
  ];
}
