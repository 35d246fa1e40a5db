import { parse } from 'libpg-query';
import { expect, it } from 'vitest';
import { isRealTime } from '../../src/kpi/unit/unit.js';
import type { KpiUnit } from '../../src/kpi/unit/unit.js';
import { shippedConfiguration } from '../support/shippedConfiguration.js';
import { readRepeatables } from '../../src/database/repeatables.js';
import { SCHEMA_DIRECTORY } from '../support/migrations.js';
import { sharedBy } from './sharedBy.js';
import { isTree, places } from './syntaxTree.js';

const repeatables = await readRepeatables(SCHEMA_DIRECTORY);

/** The tables that a KPI reads, also through views and functions of the portfolio, without the names of its own subqueries. */
async function tablesOf(unit: KpiUnit): Promise<string[]> {
  const shared = (await sharedBy(unit, repeatables)).map(({ statements }) => statements[0]?.sql ?? '');
  const trees: unknown[] = await Promise.all([unit.sql, ...shared].map((sql) => parse(sql)));
  const views = repeatables.map(({ writtenName }) => writtenName);
  const tables = new Set(trees.flatMap(tablesIn));
  return [...tables].filter((name) => !views.includes(name)).sort();
}

function tablesIn(tree: unknown): string[] {
  if (!isTree(tree)) throw new Error('no syntax tree');
  const named = (kind: string, attribute: string): string[] =>
    places(tree).flatMap(({ key, node }) => {
      const name = node[attribute];
      return key === kind && typeof name === 'string' ? [name] : [];
    });
  const own = named('CommonTableExpr', 'ctename');
  return named('RangeVar', 'relname').filter((name) => !own.includes(name));
}

it('every KPI that is not real time runs on a change of every table it reads, and of no other', async () => {
  const { units } = await shippedConfiguration();
  const scheduled = units.filter((unit) => !isRealTime(unit));
  expect(scheduled.length).toBeGreaterThan(5);
  for (const unit of scheduled) expect(unit.onChange.toSorted(), unit.name).toEqual(await tablesOf(unit));
});

it('no KPI that keeps history runs on a change of the history, which it writes itself', async () => {
  const { units } = await shippedConfiguration();
  const reading = units.filter((unit) => unit.onChange.includes('kpi_history'));
  expect(reading.map(({ name }) => name)).toEqual(['kpi_breaches']);
  expect(reading.flatMap(({ metrics }) => metrics).filter(({ history }) => history)).toEqual([]);
});
