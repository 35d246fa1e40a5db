import { parse } from 'libpg-query';
import { expect, it } from 'vitest';
import { isRealTime } from '../../src/kpi/unit/unit.js';
import type { KpiUnit } from '../../src/kpi/unit/unit.js';
import { shippedConfiguration } from '../support/shippedConfiguration.js';
import { isTree, places } from './syntaxTree.js';

/** The tables that a KPI's SQL reads, without the names of its own subqueries. */
async function tablesOf(unit: KpiUnit): Promise<string[]> {
  const tree: unknown = await parse(unit.sql);
  if (!isTree(tree)) throw new Error(`no syntax tree of ${unit.name}`);
  const named = (kind: string, attribute: string): string[] =>
    places(tree).flatMap(({ key, node }) => {
      const name = node[attribute];
      return key === kind && typeof name === 'string' ? [name] : [];
    });
  const own = named('CommonTableExpr', 'ctename');
  return [...new Set(named('RangeVar', 'relname'))].filter((name) => !own.includes(name)).sort();
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
