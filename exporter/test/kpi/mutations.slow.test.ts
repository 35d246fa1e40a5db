import type { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import type { KpiUnit } from '../../src/kpi/unit/unit.js';
import { readRepeatables } from '../../src/database/repeatables.js';
import { shippedUnits } from '../../scripts/shippedUnits.js';
import { createDatabase } from '../support/database.js';
import { EQUIVALENT_MUTANTS } from './equivalentMutants.js';
import { differences, literalQuery, loadFixture, prepareSession, runQuery } from './fixture.js';
import type { FixtureCase } from './fixture.js';
import { mutate, rewrite } from './mutate.js';
import type { Mutant } from './mutate.js';
import { SCHEMA_DIRECTORY } from '../support/migrations.js';
import { sharedBy } from './sharedBy.js';

const units = await shippedUnits();
const repeatables = await readRepeatables(SCHEMA_DIRECTORY);
const shared = await Promise.all(units.map(async (unit) => ({ unit, needs: await sharedBy(unit, repeatables) })));
const sharedFiles = repeatables.filter((one) => shared.some(({ needs }) => needs.includes(one)));

describe('every fault in a window, filter or join of a KPI changes the samples of a fixture', () => {
  it.each(units.map((unit): [string, KpiUnit] => [unit.name, unit]))('%s', { timeout: 600_000 }, async (name, unit) => {
    const control: Mutant = { name: 'control', sql: await rewrite(unit.sql) };
    const mutants = await mutate(unit.sql);
    const database = await createDatabase();
    try {
      await prepareSession(database.client);
      // A fault may make a recursion endless.
      await database.client.query(`SET statement_timeout = '1s'; SET client_min_messages = 'error'`);
      let survivors = [control, ...mutants];
      for (const one of loadFixture(name)) survivors = await survivorsOf(database.client, unit, one, survivors);
      expect(survivors[0], 'the query rewritten without a fault').toBe(control);
      const equivalent = Object.keys(EQUIVALENT_MUTANTS[name] ?? {});
      expect(
        survivors
          .slice(1)
          .map((mutant) => mutant.name)
          .sort(),
      ).toEqual(equivalent.sort());
    } finally {
      await database.drop();
    }
  });

  it('and the list of equivalent ones names only units and files that there are', () => {
    const names = [...units, ...sharedFiles.map(({ file }) => file)].map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(EQUIVALENT_MUTANTS)));
  });
});

describe('every fault in what several KPIs share changes the samples of a fixture', () => {
  it.each(sharedFiles.map((one) => [one.file.name, one] as const))('%s', { timeout: 600_000 }, async (name, one) => {
    const [statement] = one.statements;
    if (statement === undefined) throw new Error(`nothing in ${name}`);
    const control: Mutant = { name: 'control', sql: await rewrite(statement.sql) };
    const database = await createDatabase();
    try {
      await prepareSession(database.client);
      let survivors = [control, ...(await mutate(statement.sql))];
      for (const { unit } of shared.filter(({ needs }) => needs.includes(one))) {
        for (const fixture of loadFixture(unit.name)) {
          survivors = await survivorsOf(database.client, unit, fixture, survivors, async (mutant) => {
            await database.client.query(mutant.sql);
            return unit.sql;
          });
        }
      }
      expect(survivors[0], 'the definition rewritten without a fault').toBe(control);
      const equivalent = Object.keys(EQUIVALENT_MUTANTS[name] ?? {});
      const names = survivors.slice(1).map((mutant) => mutant.name);
      expect(names.sort()).toEqual(equivalent.sort());
    } finally {
      await database.drop();
    }
  });
});

/** The mutants that yield exactly the samples that the case expects. */
async function survivorsOf(
  client: Client,
  unit: KpiUnit,
  one: FixtureCase,
  mutants: readonly Mutant[],
  /** Puts the fault in, and gives the query that meets it. */
  queryWith: (mutant: Mutant) => Promise<string> = ({ sql }) => Promise.resolve(sql),
): Promise<Mutant[]> {
  const survivors: Mutant[] = [];
  await client.query('BEGIN');
  try {
    await client.query(`SET LOCAL TIME ZONE 'UTC'`);
    await client.query(one.setup);
    await prepareSession(client);
    await client.query('SAVEPOINT rows');
    for (const mutant of mutants) {
      try {
        const actual = await runQuery(client, unit, literalQuery(unit, await queryWith(mutant), one.input));
        if (differences(one.expected, actual).length === 0) survivors.push(mutant);
      } catch {
        // An error is a difference: the fault does not go unseen.
      }
      await client.query('ROLLBACK TO SAVEPOINT rows');
    }
  } finally {
    await client.query('ROLLBACK');
  }
  return survivors;
}
