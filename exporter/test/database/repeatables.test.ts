import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrate, readPending, type MigrateResult } from '../../src/database/migrate.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { recordLog, writeDirectory } from '../support/migrations.js';
import { postgresVersions } from '../support/postgresVersions.js';

const TABLE = { '0001_one.sql': 'CREATE TABLE one (x int, y int); INSERT INTO one VALUES (1, 2);' };
const FIRST = 'CREATE OR REPLACE VIEW first AS SELECT x FROM one;';
const SECOND = 'CREATE OR REPLACE VIEW second AS SELECT x + 1 AS z FROM first;';
const TWICE = 'CREATE OR REPLACE FUNCTION twice(x int) RETURNS int LANGUAGE sql IMMUTABLE RETURN x * 2;';

describe.each(postgresVersions())('views and functions on $title', ({ isInstalled, sharedServer }) => {
  describe.skipIf(!isInstalled)('', () => {
    let server: string;
    let database: TestDatabase;
    let files: Awaited<ReturnType<typeof writeDirectory>>;
    let directory: string;
    beforeAll(async () => {
      server = await sharedServer();
    });
    beforeEach(async () => {
      database = await createDatabase({ template: 'empty', server });
      files = await writeDirectory(TABLE);
      directory = files.path;
    });
    afterEach(async () => {
      await database.drop();
      await files.remove();
    });

    const write = (name: string, sql: string) => writeFile(join(directory, 'repeatable', `${name}.sql`), sql);
    const run = (dryRun = false): Promise<MigrateResult> =>
      migrate({ client: database.client, directory, log: recordLog(), dryRun });
    const value = async (sql: string): Promise<unknown> => {
      const { rows } = await database.client.query<[unknown]>({ text: sql, rowMode: 'array' });
      return rows[0]?.[0];
    };
    const failure = async (): Promise<string> => {
      const dry = await run(true).catch((error: unknown) => (error as Error).message);
      const real = await run().catch((error: unknown) => (error as Error).message);
      expect(dry).toEqual(real);
      return typeof real === 'string' ? real : `not refused: ${real.applied.join(', ')}`;
    };

    it('are made once, each behind what it names, and again when the file changes', async () => {
      // By name `a_view` would come first.
      await write('a_view', 'CREATE OR REPLACE VIEW a_view AS SELECT twice(z) AS w FROM second;');
      await write('first', FIRST);
      await write('second', SECOND);
      await write('twice', TWICE);
      expect((await run(true)).pending).toEqual(['0001_one', 'first', 'twice', 'second', 'a_view']);
      expect(await value(`SELECT to_regclass('one')`)).toBeNull();
      expect((await run()).applied).toEqual(['0001_one', 'first', 'twice', 'second', 'a_view']);
      expect(await value('SELECT w FROM a_view')).toBe(4);
      expect((await run()).applied).toEqual([]);

      await write('twice', TWICE.replace('* 2', '* 20'));
      expect(await readPending(database.client, directory)).toMatchObject({ pending: ['twice'], problems: [] });
      expect((await run(true)).pending).toEqual(['twice']);
      expect(await value('SELECT w FROM a_view')).toBe(4);
      expect((await run()).applied).toEqual(['twice']);
      expect(await value('SELECT w FROM a_view')).toBe(40);
    });

    it('are dropped and made again, with those that depend on them, where OR REPLACE cannot', async () => {
      await write('first', FIRST);
      await write('second', `${SECOND} COMMENT ON VIEW second IS 'kept'; REVOKE ALL ON second FROM PUBLIC;`);
      await write('twice', TWICE);
      await write('fourth', 'CREATE OR REPLACE VIEW fourth AS SELECT twice(z) AS w FROM second;');
      await run();
      // Another type of a column; another result; other arguments; a column that goes.
      await write('first', 'CREATE OR REPLACE VIEW first AS SELECT x::bigint AS x FROM one;');
      await write(
        'twice',
        TWICE.replace('RETURNS int', 'RETURNS numeric').replace('x int', 'y bigint').replace('x *', 'y *'),
      );
      expect((await run(true)).pending).toEqual(['first', 'twice']);
      expect(await value('SELECT pg_typeof(z)::text FROM second')).toBe('integer');
      expect((await run()).applied).toEqual(['first', 'twice']);
      expect(await value('SELECT pg_typeof(z)::text FROM second')).toBe('bigint');
      expect(await value('SELECT pg_typeof(w)::text FROM fourth')).toBe('numeric');
      expect(await value(`SELECT obj_description('second'::regclass)`)).toBe('kept');
      expect(await value(`SELECT count(*)::int FROM pg_proc WHERE proname = 'twice'`)).toBe(1);
      expect((await run()).applied).toEqual([]);
    });

    it('that no longer need each other may change places', async () => {
      await write('first', FIRST);
      await write('second', SECOND);
      await run();
      await write('second', 'CREATE OR REPLACE VIEW second AS SELECT y AS z FROM one;');
      await write('first', 'CREATE OR REPLACE VIEW first AS SELECT z::text AS x FROM second;');
      expect((await run()).applied).toEqual(['second', 'first']);
      expect(await value('SELECT x FROM first')).toBe('2');
    });

    it('go with their files, and come again where somebody dropped them', async () => {
      await write('first', FIRST);
      await write('second', SECOND);
      await write('twice', TWICE);
      await run();
      await rm(join(directory, 'repeatable', 'twice.sql'));
      await rm(join(directory, 'repeatable', 'second.sql'));
      await rm(join(directory, 'repeatable', 'first.sql'));
      await write('second', 'CREATE OR REPLACE VIEW second AS SELECT 7 AS z;');
      expect((await run(true)).pending).toEqual(['drop of first', 'drop of twice', 'second']);
      expect((await run()).applied).toEqual(['drop of first', 'drop of twice', 'second']);
      expect(await value('SELECT z FROM second')).toBe(7);
      expect(await value(`SELECT to_regclass('first')`)).toBeNull();
      expect(await value(`SELECT to_regproc('twice')`)).toBeNull();
      await database.client.query('DROP VIEW second');
      expect((await run()).applied).toEqual(['second']);
      expect((await run()).applied).toEqual([]);
    });

    it('are refused where what others made depends on one that must be dropped, and nothing is changed', async () => {
      await write('first', FIRST);
      await write('second', SECOND);
      await run();
      await database.client.query(`CREATE SCHEMA app; CREATE VIEW app.theirs AS SELECT * FROM second`);
      await write('first', 'CREATE OR REPLACE VIEW first AS SELECT x::bigint AS x FROM one;');
      expect(await failure()).toBe(
        `${join(directory, 'repeatable', 'first.sql')} changes what CREATE OR REPLACE cannot, so view second must be dropped, ` +
          `and what is not the portfolio's depends on it: view app.theirs; fix: keep its definition, drop it, migrate, and create it again`,
      );
      expect(await value('SELECT z FROM app.theirs')).toBe(2);
      await rm(join(directory, 'repeatable', 'second.sql'));
      expect(await failure()).toMatch(
        /^second\.sql is gone, so view second must be dropped, .*: view app\.theirs; fix: /,
      );
      await database.client.query('DROP VIEW app.theirs');
      expect((await run()).applied).toEqual(['drop of second', 'first']);
    });

    it('that a migration names are there before it, and may be changed by it', async () => {
      await writeFile(
        join(directory, 'migrations', '0002_two.sql'),
        'CREATE TRIGGER t BEFORE INSERT ON one FOR EACH ROW EXECUTE FUNCTION set_y();',
      );
      await write(
        'set_y',
        `CREATE OR REPLACE FUNCTION set_y() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.y := 5; RETURN NEW; END';`,
      );
      await write('first', FIRST);
      await run();
      await database.client.query('DELETE FROM one; INSERT INTO one VALUES (1)');
      expect(await value('SELECT y FROM one')).toBe(5);
      await writeFile(
        join(directory, 'migrations', '0003_three.sql'),
        'DROP VIEW IF EXISTS first;\nALTER TABLE one ALTER x TYPE bigint;',
      );
      expect((await run()).applied).toEqual(['0003_three', 'first']);
      expect(await value('SELECT pg_typeof(x)::text FROM first')).toBe('bigint');
    });

    it.each([
      [
        'x',
        'CREATE VIEW x AS SELECT 1 AS one;',
        /x\.sql:1: a repeatable file begins with CREATE OR REPLACE VIEW or FUNCTION$/,
      ],
      ['x', '-- nothing\n', /x\.sql:1: a repeatable file begins with/],
      ['x', 'CREATE TABLE x ();', /x\.sql:1: a repeatable file begins with/],
      ['x', 'CREATE OR REPLACE VIEW y AS SELECT 1 AS one;', /x\.sql: makes y: call the file y\.sql$/],
      [
        'x',
        'CREATE OR REPLACE VIEW x AS SELECT 1 AS one;\nCREATE TABLE t ();',
        /x\.sql:2: a repeatable file holds one view or function/,
      ],
      ['x', 'CREATE OR REPLACE VIEW x AS\nSELECT no AS one FROM one;', /x\.sql:2: column "no" does not exist/],
      ['second', SECOND, /second\.sql:1: relation "first" does not exist/],
      ['one', 'CREATE OR REPLACE VIEW one AS SELECT 1 AS one;', /relation "one" already exists/],
    ])('%s as %j', async (name, sql, message) => {
      await write(name, sql);
      expect(await failure()).toMatch(message);
    });

    it('that need each other are refused', async () => {
      await write('first', 'CREATE OR REPLACE VIEW first AS SELECT z FROM second;');
      await write('second', SECOND);
      expect(await failure()).toMatch(/first\.sql: cannot be made: first, second need each other$/);
    });

    it('that somebody else has are no ours to replace', async () => {
      await write('first', FIRST);
      await write('twice', TWICE);
      await database.client.query(`CREATE VIEW first AS SELECT 1 AS x; ${TWICE}`);
      expect((await failure()).split('\n').slice(0, 2)).toEqual([
        expect.stringMatching(
          /^a view public\.first exists already, where the portfolio creates its own; fix: ALTER VIEW public\.first RENAME/,
        ),
        expect.stringMatching(/^a function public\.twice\(x integer\) exists already/),
      ]);
    });
  });
});
