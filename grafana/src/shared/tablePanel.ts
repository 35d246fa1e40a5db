import { FieldTextAlignment, TableCellHeight } from '@grafana/grafana-foundation-sdk/common';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { describe } from './describe.js';
import type { PanelText } from './describe.js';
import { property } from './overrides.js';
import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';

export interface TableSettings {
  readonly id: number;
  readonly title: string;
  readonly at: GridPos;
  readonly text: PanelText;
  /** The sentence of an empty table. */
  readonly empty: string;
  /** What stands in a cell that is NULL. */
  readonly blank: string;
}

/** Rows as the query sorts them. */
export function tablePanel({ id, title, at, text, empty, blank }: TableSettings): PanelBuilder {
  return (
    new PanelBuilder()
      .id(id)
      .title(title)
      .description(describe(text))
      .gridPos(at)
      .showHeader(true)
      .cellHeight(TableCellHeight.Sm)
      .align(FieldTextAlignment.Left)
      .filterable(false)
      .noValue(empty)
      // noValue of the defaults is the text of the empty panel; that of a field is its empty cell's. First, so that others win.
      .overrideByRegexp('/.*/', [property('noValue', blank)])
  );
}

/** How a table over Prometheus is sorted when it is opened, by headings; `-Age` is descending. Series come in no order. */
export function sorted(...headings: readonly string[]): TableSortByFieldStateBuilder[] {
  return headings.map((heading) =>
    new TableSortByFieldStateBuilder().displayName(heading.replace(/^-/, '')).desc(heading.startsWith('-')),
  );
}
