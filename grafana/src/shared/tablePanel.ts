import { FieldTextAlignment, TableCellHeight } from '@grafana/grafana-foundation-sdk/common';
import type { DataTransformerConfig, GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
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
  /** What a file with its rows is made of: the query as it is answered, or, of several queries, the rows as they are drawn. */
  readonly csv?: 'query' | 'drawn';
  /** Columns of the query that are no data, such as the style of a bar. */
  readonly helpers?: readonly string[];
}

/** Columns that the query has for a file alone, as numbers beside the words that are drawn. */
export const forFilesOnly = (...names: readonly string[]): DataTransformerConfig => ({
  id: 'organize',
  options: { excludeByName: Object.fromEntries(names.map((name) => [name, true])) },
});

function exported({ csv = 'query', helpers = [] }: TableSettings): string {
  return [
    'in the menu of the panel, Inspect > Data.',
    `"Apply panel transformations" ${csv === 'query' ? 'off' : 'on'}, and "Formatted data" off for numbers.`,
    ...(helpers.length === 0
      ? []
      : [`Leave out ${helpers.map((name) => `"${name}"`).join(', ')}: they are looks, not data.`]),
  ].join(' ');
}

/** Rows as the query sorts them. */
export function tablePanel(settings: TableSettings): PanelBuilder {
  const { id, title, at, text, empty, blank } = settings;
  return (
    new PanelBuilder()
      .id(id)
      .title(title)
      .description(describe({ ...text, exported: exported(settings) }))
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
