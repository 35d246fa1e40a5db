import { parse } from 'libpg-query';
import { type Repeatable, withNeeded } from '../../src/database/repeatables.js';
import { sqlNames } from '../../src/database/sqlNames.js';
import type { KpiUnit } from '../../src/kpi/unit/unit.js';

/** The views and functions of the portfolio that a KPI's SQL names, and those that they name. */
export async function sharedBy(unit: KpiUnit, repeatables: readonly Repeatable[]): Promise<Repeatable[]> {
  const { stmts = [] } = await parse(unit.sql);
  const names = stmts.flatMap(({ stmt }) => (stmt === undefined ? [] : [...sqlNames(stmt)]));
  return withNeeded(repeatables, new Set(names));
}
