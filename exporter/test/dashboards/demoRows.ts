import { VARIABLE_ROWS } from './variableRows.js';

/** What a panel's query yields on the demo portfolio. */
export interface DemoRows {
  /** Name and PostgreSQL type of each column. */
  readonly columns: readonly string[];
  /** How many rows; least and most where it depends on the day. */
  readonly rows: number | readonly [least: number, most: number];
  /** On an empty database; 0 where left out. */
  readonly rowsWhenEmpty?: DemoRows['rows'];
}

/** By dashboard, panel and refId. */
export const DEMO_ROWS: Readonly<Record<string, DemoRows>> = {
  ...VARIABLE_ROWS,
  'portfolio-overview / What changed most since last month / A': {
    columns: ['Venture text', 'Profit numeric', 'Revenue numeric', 'Burn numeric'],
    rows: 6,
  },
  'portfolio-performance / Portfolio revenue trend / A': {
    columns: [
      'day timestamp with time zone',
      'Baseline revenue numeric',
      'Current revenue numeric',
      'Target revenue numeric',
    ],
    rows: [18, 19],
  },
  'portfolio-performance / Portfolio profit margin / A': {
    columns: [
      'day timestamp with time zone',
      'Revenue numeric',
      'Burn rate numeric',
      'Profit numeric',
      'Profit margin numeric',
    ],
    rows: [18, 19],
  },
  'portfolio-performance / Venture scorecard / A': {
    columns: [
      'Venture text',
      'Total score numeric',
      'Trend text',
      'Score change numeric',
      'Strategic fit numeric',
      'Financial numeric',
      'Growth numeric',
      'Efficiency numeric',
    ],
    rows: 8,
  },
  'portfolio-performance / Venture scorecard / bands': {
    columns: ['min_viable numeric', 'high_priority numeric', 'excellent numeric'],
    rows: 1,
    rowsWhenEmpty: 1,
  },
  'portfolio-performance / Top 5 of the whole portfolio / A': {
    columns: ['Venture text', 'Total score numeric'],
    rows: 5,
  },
  'portfolio-performance / Top 5 of the whole portfolio / bands': {
    columns: ['min_viable numeric', 'high_priority numeric', 'excellent numeric'],
    rows: 1,
    rowsWhenEmpty: 1,
  },
  'portfolio-performance / Bottom 5 of the whole portfolio / A': {
    columns: ['Venture text', 'Total score numeric'],
    rows: 5,
  },
  'portfolio-performance / Bottom 5 of the whole portfolio / bands': {
    columns: ['min_viable numeric', 'high_priority numeric', 'excellent numeric'],
    rows: 1,
    rowsWhenEmpty: 1,
  },
  'portfolio-performance / annotation Coordination starts / A': {
    columns: ['time timestamp with time zone', 'text text'],
    rows: 1,
  },
  'synergy-value / Value by initiative, since launch / A': {
    columns: [
      'Initiative text',
      'Total in dollars numeric',
      'Total value text',
      'Total value bar text',
      'Cost saved numeric',
      'Revenue generated numeric',
      'Time saved numeric',
      'Hours saved numeric',
    ],
    rows: 11,
  },
  'synergy-value / Value by initiative, since launch / rate': {
    columns: ['label text'],
    rows: 1,
    rowsWhenEmpty: 1,
  },
  'synergy-value / Total synergy value, YTD / A': {
    columns: ['Value captured numeric'],
    rows: 1,
    rowsWhenEmpty: 1,
  },
  'synergy-value / Total synergy value, YTD / scope': {
    columns: ['label text'],
    rows: 1,
    rowsWhenEmpty: 1,
  },
  'synergy-value / Captured this month so far / A': {
    columns: ['Value captured numeric'],
    rows: 1,
    rowsWhenEmpty: 1,
  },
  'synergy-value / Captured this month so far / scope': {
    columns: ['label text'],
    rows: 1,
    rowsWhenEmpty: 1,
  },
  'synergy-value / Value capture timeline, complete months / A': {
    columns: ['day timestamp with time zone', 'Cost saved numeric', 'Revenue generated numeric', 'Time saved numeric'],
    rows: [6, 8],
  },
  'synergy-value / Value capture timeline, complete months / rate': {
    columns: ['label text'],
    rows: 1,
    rowsWhenEmpty: 1,
  },
  'synergy-value / Synergy ROI by initiative (size: ventures involved) / A': {
    columns: ['Implementation cost numeric', 'Active numeric', 'Ventures bigint', 'Initiative text', 'ROI numeric'],
    rows: 6,
  },
  'synergy-value / Synergy ROI by initiative (size: ventures involved) / B': {
    columns: ['Implementation cost numeric', 'Completed numeric', 'Ventures bigint', 'Initiative text', 'ROI numeric'],
    rows: 3,
  },
  'synergy-value / Synergy ROI by initiative (size: ventures involved) / T': {
    columns: ['Implementation cost numeric', 'ROI target numeric', 'Ventures bigint'],
    rows: 2,
    rowsWhenEmpty: 2,
  },
  'synergy-value / Synergy ROI by initiative (size: ventures involved) / name': {
    columns: ['label text'],
    rows: 1,
    rowsWhenEmpty: 1,
  },
  'synergy-value / Synergy ROI by initiative (size: ventures involved) / left': {
    columns: ['least numeric'],
    rows: 1,
    rowsWhenEmpty: 1,
  },
  'synergy-value / Synergy ROI by initiative (size: ventures involved) / bottom': {
    columns: ['least numeric'],
    rows: 1,
    rowsWhenEmpty: 1,
  },
  'synergy-value / ROI, lowest first / A': {
    columns: ['Initiative text', 'ROI numeric', 'Captured value numeric', 'Cost numeric'],
    rows: 9,
  },
  'synergy-value / ROI, lowest first / limit': {
    columns: ['missed integer', 'reached numeric'],
    rows: 1,
    rowsWhenEmpty: 1,
  },
  'synergy-value / Value capture events, last 30 days / A': {
    columns: [
      'Date timestamp with time zone',
      'Initiative text',
      'Value type text',
      'Amount text',
      'Evidence link text',
    ],
    rows: [120, 220],
  },
  'resource-efficiency / Resource allocation matrix / A': {
    columns: ['resource text', 'venture text', 'pct numeric'],
    rows: 90,
  },
  'resource-efficiency / Resource allocation matrix / limit': {
    columns: ['over_allocated numeric'],
    rows: 1,
    rowsWhenEmpty: 1,
  },
  'resource-efficiency / Conflict resolution time, 30 days / A': {
    columns: ['From numeric', 'Within target bigint', 'Over target bigint', 'Target integer'],
    rows: [7, 13],
    rowsWhenEmpty: 7,
  },
  'resource-efficiency / Conflict resolution time, 30 days / name': {
    columns: ['label text'],
    rows: 1,
    rowsWhenEmpty: 1,
  },
  'resource-efficiency / Duplicate efforts trend / A': {
    columns: [
      'day timestamp with time zone',
      'Baseline duplicate hours numeric',
      'Current duplicate hours numeric',
      'Target duplicate hours numeric',
    ],
    rows: [17, 19],
  },
  'resource-efficiency / annotation Coordination starts / A': {
    columns: ['time timestamp with time zone', 'text text'],
    rows: 1,
  },
  'initiative-tracking / Active initiatives, now / A': {
    columns: ['Active bigint'],
    rows: 1,
    rowsWhenEmpty: 1,
  },
  'initiative-tracking / Active initiatives, now / scope': {
    columns: ['label text'],
    rows: 1,
    rowsWhenEmpty: 1,
  },
  'initiative-tracking / Active initiatives / limits': {
    columns: ['update_late numeric', 'stalled numeric'],
    rows: 1,
    rowsWhenEmpty: 1,
  },
  'initiative-tracking / Stalled initiatives / A': {
    columns: ['Initiative text', 'Days idle integer', 'Owner text', 'Last update timestamp with time zone'],
    rows: 2,
  },
  'initiative-tracking / Initiative timeline, 90 days back and ahead / A': {
    columns: [
      'start_time timestamp with time zone',
      'end_time timestamp with time zone',
      'initiative text',
      'state text',
      'name text',
    ],
    rows: [30, 55],
    // The message and the key.
    rowsWhenEmpty: 6,
  },
  'initiative-tracking / Upcoming milestones, next 30 days / A': {
    columns: [
      'Mon text',
      'Mon due text',
      'Tue text',
      'Tue due text',
      'Wed text',
      'Wed due text',
      'Thu text',
      'Thu due text',
      'Fri text',
      'Fri due text',
      'Sat text',
      'Sat due text',
      'Sun text',
      'Sun due text',
      'style text',
    ],
    rows: [5, 6],
    rowsWhenEmpty: [5, 6],
  },
  'initiative-tracking / Upcoming milestones as a list / A': {
    columns: ['Date timestamp with time zone', 'Initiative text', 'Milestone text', 'Owner text'],
    rows: [6, 10],
  },
  'initiative-tracking / annotation Today / A': {
    columns: ['time timestamp with time zone', 'text text'],
    rows: 1,
    rowsWhenEmpty: 1,
  },
  'initiative-tracking / Active initiatives / A': {
    columns: [
      'Initiative text',
      'Status text',
      'Owner text',
      'Progress in percent numeric',
      'Progress text',
      'Progress bar text',
      'Next milestone text',
      'Deadline timestamp with time zone',
      'Days left integer',
      'Last update integer',
    ],
    rows: 6,
  },
  'initiative-tracking / Value capture progress / A': {
    columns: [
      'Initiative text',
      'Captured numeric',
      'Target numeric',
      'Captured in percent numeric',
      'Captured of target value text',
      'Captured of target value bar text',
    ],
    rows: 10,
  },
  'portfolio-operations / Threshold changes, last 365 days / A': {
    columns: ['Changed timestamp with time zone', 'Threshold text', 'From text', 'To text', 'By text', 'Reason text'],
    rows: 0,
  },
};
