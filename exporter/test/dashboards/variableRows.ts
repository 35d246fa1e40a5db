import type { DemoRows } from './demoRows.js';

const NAMES = ['__text text', '__value text'];

/** What the variables of each page yield on the demo portfolio. */
export const VARIABLE_ROWS: Readonly<Record<string, DemoRows>> = {
  'initiative-tracking / variable timeline_shift': { columns: ['days text'], rows: 1, rowsWhenEmpty: 1 },
  'portfolio-overview / variable venture': { columns: NAMES, rows: 8 },
  'portfolio-overview / variable initiative': { columns: NAMES, rows: 12 },
  'portfolio-performance / variable venture': {
    columns: NAMES,
    rows: 8,
  },
  'synergy-value / variable initiative': {
    columns: NAMES,
    rows: 12,
  },
  'resource-efficiency / variable venture': {
    columns: NAMES,
    rows: 8,
  },
  'initiative-tracking / variable chosen_initiatives': {
    columns: ['ids text'],
    rows: 1,
    rowsWhenEmpty: 1,
  },
  'initiative-tracking / variable initiative': {
    columns: NAMES,
    rows: 12,
  },
  'initiative-tracking / variable venture': { columns: NAMES, rows: 8 },
  'synergy-value / variable venture': { columns: NAMES, rows: 8 },
  'portfolio-performance / variable initiative': { columns: NAMES, rows: 12 },
  'resource-efficiency / variable initiative': { columns: NAMES, rows: 12 },
  'portfolio-operations / variable venture': { columns: NAMES, rows: 8 },
  'portfolio-operations / variable initiative': { columns: NAMES, rows: 12 },
};
