import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';

/**
 * The columns of a table over Prometheus, in this order; every other one, such as Time, is left out.
 * @param names label, or `Value` (`Value #A` of several queries), to the heading of its column
 */
export function columns(names: Readonly<Record<string, string>>): DataTransformerConfig[] {
  const kept = Object.keys(names);
  return [
    { id: 'filterFieldsByName', options: { include: { names: kept } } },
    {
      id: 'organize',
      options: {
        indexByName: Object.fromEntries(kept.map((name, index) => [name, index])),
        renameByName: names,
      },
    },
  ];
}

/** Rows of several queries with the same labels as one row. */
export const MERGED: DataTransformerConfig = { id: 'merge', options: {} };
