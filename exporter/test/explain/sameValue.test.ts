import { expect, it } from 'vitest';
import { shippedUnits } from '../../scripts/shippedUnits.js';
import { loadExplainUnits } from '../../src/explain/explainUnit.js';
import { findImpure } from '../../src/kpi/check/findImpure.js';
import { createDatabase } from '../support/database.js';
import { postgresVersions } from '../support/postgresVersions.js';
import { describeSameValues } from './sameValues.js';

const explainUnits = await loadExplainUnits();

it('every metric of every KPI has parts or a reason why it has none, and nothing else has', async () => {
  const units = await shippedUnits();
  const named = explainUnits.flatMap(({ metrics, unexplained }) => [...metrics.keys(), ...unexplained.keys()]);
  expect(named.sort()).toEqual(units.flatMap(({ metrics }) => metrics.map(({ name }) => name)).sort());
});

it('the queries call nothing but functions of the rows and their parameters', async () => {
  const database = await createDatabase();
  for (const { query } of explainUnits) {
    expect(query === null ? [] : await findImpure(database.client, query.text)).toEqual([]);
  }
  await database.drop();
});

// The older one is a slow test's: it says the same of each query.
postgresVersions()
  .filter(({ title }) => title === 'PostgreSQL 18')
  .forEach(describeSameValues);
