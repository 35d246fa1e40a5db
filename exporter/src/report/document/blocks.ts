/** good, bad, wait: a state, also said in words; soft: beside the point. */
export type Tone = 'good' | 'bad' | 'wait' | 'soft';

export interface Cell {
  readonly text: string;
  /** A second, smaller line. */
  readonly note?: string;
  readonly tone?: Tone;
}

export interface Column {
  readonly title: string;
  /** Where a cell stands without the columns beside it; otherwise the title. */
  readonly label?: string;
  readonly align?: 'right';
  /** Share of the width that the columns with one divide up; the others are as wide as they need. */
  readonly flex?: number;
}

export interface TableBlock {
  readonly kind: 'table';
  /** Above the table; empty: the section's heading says it. */
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** A last row that sums up. */
  readonly total?: readonly Cell[];
  /** The sentence in place of a table without rows. */
  readonly empty: string;
  readonly note?: string;
}

export type ChartName = 'revenue' | 'profit' | 'value';

export type Block =
  | { readonly kind: 'sentences'; readonly sentences: readonly string[] }
  | { readonly kind: 'bullets'; readonly title: string; readonly items: readonly string[]; readonly empty: string }
  | { readonly kind: 'note'; readonly tone: Tone; readonly text: string }
  | TableBlock
  | { readonly kind: 'chart'; readonly chart: ChartName; readonly title: string; readonly empty: string | null }
  | { readonly kind: 'actions'; readonly items: readonly ActionItem[]; readonly empty: string };

export interface ActionItem {
  readonly action: string;
  readonly because: string;
  readonly rule: string;
}

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface ReportDocument {
  readonly title: string;
  /** `October 2026`. */
  readonly period: string;
  readonly asOf: string;
  readonly moment: Date;
  readonly sections: readonly Section[];
}
