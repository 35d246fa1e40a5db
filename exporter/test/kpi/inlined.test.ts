import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_THRESHOLDS } from '../../src/config/thresholdCatalogue.js';
import { migrate } from '../../src/database/migrate.js';
import { shippedUnits } from '../../scripts/shippedUnits.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { recordLog, SCHEMA_DIRECTORY } from '../support/migrations.js';
import { postgresVersions } from '../support/postgresVersions.js';
import { boundQuery } from './fixture.js';

const units = await shippedUnits();

// Each name for a rule costs nothing: the planner sees through it, so that indexes and filters work as if it were written out.
describe.each(postgresVersions())(
  'on $title no plan calls a function of the portfolio',
  ({ isInstalled, sharedServer }) => {
    describe.skipIf(!isInstalled)('', () => {
      let server: string;
      let database: TestDatabase;
      beforeAll(async () => {
        server = await sharedServer();
        database = await createDatabase({ template: 'empty', server });
        await migrate({ client: database.client, directory: SCHEMA_DIRECTORY, log: recordLog() });
      });
      afterAll(async () => {
        await database.drop();
      });

      const calls = async (text: string, values: readonly unknown[] = []): Promise<string[]> => {
        const { rows } = await database.client.query<[string]>({
          text: `EXPLAIN (VERBOSE) ${text}`,
          values: [...values],
          rowMode: 'array',
        });
        return rows.flatMap(([line]) => line.match(/\bportfolio_\w+\(/g) ?? []);
      };

      it.each(units.map((unit) => [unit.name, unit] as const))('of %s', async (_name, unit) => {
        const { text, values } = boundQuery(unit, {
          asOf: '2026-03-31',
          now: new Date('2026-03-31T12:00:00Z'),
          timeZone: 'UTC',
          carryForwardDays: 3,
          thresholds: DEFAULT_THRESHOLDS,
        });
        expect(await calls(text, values)).toEqual([]);
      });

      it('of a reporting view', async () => {
        const { rows } = await database.client.query<{ view: string }>(
          `SELECT viewname AS view FROM pg_views WHERE schemaname = 'portfolio_reporting'`,
        );
        expect(rows.length).toBeGreaterThan(25);
        for (const { view } of rows)
          expect([view, ...(await calls(`SELECT * FROM portfolio_reporting.${view}`))]).toEqual([view]);
      });

      it('and one that is not inlined is seen', async () => {
        await database.client.query('BEGIN; ALTER FUNCTION portfolio_silent_in_usage(date) VOLATILE');
        expect(await calls('SELECT * FROM portfolio_silent_in_usage(CURRENT_DATE)')).not.toEqual([]);
        await database.client.query('ROLLBACK');
      });
    });
  },
);
