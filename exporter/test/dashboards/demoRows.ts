/** What a panel's query yields on the demo portfolio. */
export interface DemoRows {
  /** Name and PostgreSQL type of each column. */
  readonly columns: readonly string[];
  /** How many rows; least and most where it depends on the day. */
  readonly rows: number | readonly [least: number, most: number];
  /** On an empty database; 0 where left out. */
  readonly rowsWhenEmpty?: number;
}

/** By dashboard, panel and refId. */
export const DEMO_ROWS: Readonly<Record<string, DemoRows>> = {};
