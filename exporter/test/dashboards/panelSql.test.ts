import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { recordConfiguration } from '../support/recordConfiguration.js';
import { DASHBOARDS } from './dashboardModel.js';
import { DEMO_ROWS } from './demoRows.js';
import type { DemoRows } from './demoRows.js';
import { SQL_QUERIES } from './panelQueries.js';
import { runPanelSql } from './runPanelSql.js';

function expectWithin(count: number, expected: DemoRows['rows']): void {
  const [least, most] = typeof expected === 'number' ? [expected, expected] : expected;
  expect(count).toBeGreaterThanOrEqual(least);
  expect(count).toBeLessThanOrEqual(most);
}

let demo: TestDatabase;
let empty: TestDatabase;

beforeAll(async () => {
  [demo, empty] = await Promise.all([createDatabase({ template: 'demo' }), createDatabase()]);
  await recordConfiguration(demo.client);
  await recordConfiguration(empty.client);
});

afterAll(async () => {
  await demo.drop();
  await empty.drop();
});

it('has an expectation for every query, and no other', () => {
  expect(Object.keys(DEMO_ROWS).toSorted()).toEqual(SQL_QUERIES.map(({ name }) => name).toSorted());
});

describe.each(SQL_QUERIES)('$name', ({ name, sql }) => {
  const expected = DEMO_ROWS[name] ?? ({ columns: [], rows: 0 } satisfies DemoRows);

  it('has its columns and rows on the demo portfolio', async () => {
    const { columns, rows } = await runPanelSql(demo.client, sql);
    expect(columns).toEqual(expected.columns);
    expectWithin(rows.length, expected.rows);
  });

  it('is empty on an empty database, but for the rows that its panel cannot be drawn without', async () => {
    const { columns, rows } = await runPanelSql(empty.client, sql);
    expect(columns).toEqual(expected.columns);
    expectWithin(rows.length, expected.rowsWhenEmpty ?? 0);
  });

  it('takes what is chosen above the dashboard as text, whatever it is', async () => {
    const hostile = [`x') OR true; DROP TABLE ventures --`, `\\`, `'`];
    const { columns } = await runPanelSql(demo.client, sql, { venture: hostile, initiative: hostile });
    expect(columns).toEqual(expected.columns);
  });
});

const monthly = SQL_QUERIES.filter(({ name }) => DEMO_ROWS[name]?.columns.includes('day timestamp with time zone'));

describe.each(monthly)('by months: $name', ({ sql }) => {
  const DAY = 86_400_000;
  const daysOf = async (from: Date, to: Date): Promise<number[]> => {
    const { rows } = await runPanelSql(demo.client, sql, {}, { from, to });
    return rows.map(({ day }) => z.date().parse(day).getTime());
  };
  const today = (): number => Math.floor(Date.now() / DAY) * DAY;

  it('stands where markers do: on the day that it is of, the last of its month or today', async () => {
    const days = await daysOf(new Date(0), new Date());
    expect(days.length).toBeGreaterThan(5);
    const isLastOfMonth = (day: number): boolean => new Date(day + DAY).getUTCDate() === 1;
    expect(days.filter((day) => !isLastOfMonth(day) && Math.abs(day - today()) > DAY)).toEqual([]);
    expect(days.filter((day) => day > today() + DAY)).toEqual([]);
  });

  it('takes months as a whole: one day in the middle of one shows it', async () => {
    const middle = new Date(today() - 45 * DAY);
    const [year, month] = [middle.getUTCFullYear(), middle.getUTCMonth()];
    const days = await daysOf(new Date(Date.UTC(year, month, 14)), new Date(Date.UTC(year, month, 15)));
    expect(days).toContain(Date.UTC(year, month + 1, 0));
  });
});

it('has panels by months', () => {
  expect(monthly.map(({ name }) => name.split(' / ')[0])).toEqual([
    'portfolio-performance',
    'portfolio-performance',
    'synergy-value',
    'resource-efficiency',
  ]);
});

it('links from a cell to nothing but http and https, whatever the rows say', async () => {
  await demo.client.query(`
    UPDATE value_capture_log SET evidence_link = 'javascript:alert(1)'
     WHERE captured_at = (SELECT max(captured_at) FROM value_capture_log WHERE captured_at <= now())`);
  const linked = DASHBOARDS.flatMap(({ panels }) => panels).flatMap(({ targets, fieldConfig }) =>
    fieldConfig.overrides
      .filter(({ properties }) => JSON.stringify(properties).includes('"url":"${__value.raw}"'))
      .map(({ matcher }) => ({ field: matcher.options, sql: targets[0]?.rawSql ?? '' })),
  );
  const cells = new Set<string>();
  for (const { field, sql } of linked)
    for (const row of (await runPanelSql(demo.client, sql)).rows) cells.add(JSON.stringify(row[field]));
  expect([...cells]).toContain('null');
  expect([...cells].filter((cell) => cell !== 'null' && !/^"https?:\/\/\S+"$/i.test(cell))).toEqual([]);
});
