import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../src/database/migrate.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { SCHEMA_DIRECTORY, recordLog } from '../support/migrations.js';
import { postgresVersions } from '../support/postgresVersions.js';
import { recordConfiguration } from '../support/recordConfiguration.js';
import { fixtureNames, loadViewCases, prepareCase, readView } from './viewFixture.js';

/** Views of an earlier migration: settings, not panels. */
const SETTINGS_VIEWS = ['clock', 'thresholds'];

const cases = fixtureNames().flatMap((fixture) => loadViewCases(fixture).map((one) => ({ fixture, one })));

describe.each(postgresVersions())(
  'the reporting views on $title, with a ventures table of somebody else',
  (version) => {
    describe.skipIf(!version.isInstalled)('', () => {
      let server: string;
      let database: TestDatabase;
      beforeAll(async () => {
        server = await version.sharedServer();
        database = await createDatabase({ template: 'empty', server });
        await database.client.query(`
        CREATE TYPE venture_status AS ENUM ('active', 'paused', 'closed');
        CREATE TABLE ventures (
          id uuid PRIMARY KEY, name varchar(80), status venture_status NOT NULL, lead_name varchar(40), lead_email varchar(80)
        )`);
        await migrate({ client: database.client, directory: SCHEMA_DIRECTORY, log: recordLog() });
        await recordConfiguration(database.client);
      });
      afterAll(async () => {
        await database.drop();
      });

      it.each(cases.map(({ fixture, one }) => [fixture, one.name, one] as const))(
        '%s: %s',
        async (_fixture, _name, one) => {
          await database.client.query('BEGIN');
          try {
            await prepareCase(database.client, one);
            for (const [view, { columns, rows }] of one.expected) {
              expect([view, ...(await readView(database.client, view, columns))]).toEqual([view, ...rows]);
            }
          } finally {
            await database.client.query('ROLLBACK');
          }
        },
      );

      it('show rows in some case, and every column', async () => {
        const { rows } = await database.client.query<{ name: string }>(
          `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
          WHERE table_schema = 'portfolio_reporting' AND table_name <> ALL ($1)`,
          [SETTINGS_VIEWS],
        );
        const shown = cases.flatMap(({ one }) =>
          [...one.expected].flatMap(([view, { columns, rows: expected }]) =>
            expected.length === 0 ? [] : columns.map((column) => `${view}.${column}`),
          ),
        );
        expect([...new Set(shown)].sort()).toEqual(rows.map(({ name }) => name).sort());
      });

      it('take the present from portfolio_reporting.clock and from nowhere else', async () => {
        const { rows } = await database.client.query<{ name: string; body: string }>(
          `SELECT viewname AS name, definition AS body FROM pg_views WHERE schemaname = 'portfolio_reporting' AND viewname <> 'clock'`,
        );
        const present =
          /\b(now\(|current_(date|time)|localtime|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|'now'|'today')/i;
        expect(rows.length).toBeGreaterThan(20);
        expect(rows.filter(({ body }) => present.test(body)).map(({ name }) => name)).toEqual([]);
      });

      it('say what they show, and of what a row is', async () => {
        const { rows } = await database.client.query<{ name: string; comment: string | null }>(
          `SELECT relname AS name, obj_description(oid, 'pg_class') AS comment FROM pg_class
          WHERE relnamespace = 'portfolio_reporting'::regnamespace AND relname <> ALL ($1)`,
          [SETTINGS_VIEWS],
        );
        expect(rows.filter(({ comment }) => !/\brows?\b/.test(comment ?? '')).map(({ name }) => name)).toEqual([]);
      });
    });
  },
);
