import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';

/** How a table over Prometheus is sorted when it is opened, by headings; `-Age` is descending. Series come in no order. */
export function sorted(...headings: readonly string[]): TableSortByFieldStateBuilder[] {
  return headings.map((heading) =>
    new TableSortByFieldStateBuilder().displayName(heading.replace(/^-/, '')).desc(heading.startsWith('-')),
  );
}
