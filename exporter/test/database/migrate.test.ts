import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, DatabaseError } from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { migrate, type MigrateResult } from '../../src/database/migrate.js';
import { MigrationError } from '../../src/database/migrationError.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { SCHEMA_DIRECTORY, recordLog, type RecordedLog, writeDirectory } from '../support/migrations.js';

let database: TestDatabase;
const cleanUps: (() => Promise<void>)[] = [];

beforeEach(async () => {
  database = await createDatabase({ template: 'empty' });
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  await database.drop();
});

async function directoryOf(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await writeDirectory(files);
  cleanUps.push(() => directory.remove());
  return directory.path;
}

function run(directory: string, log: RecordedLog = recordLog(), dryRun = false): Promise<MigrateResult> {
  return migrate({ config: { connectionString: database.url }, directory, log, dryRun });
}

async function failureOf(directory: string): Promise<MigrationError> {
  const failure = await run(directory).catch((error: unknown) => error);
  if (!(failure instanceof MigrationError)) throw new Error(`expected a MigrationError, got ${String(failure)}`);
  return failure;
}

async function tables(): Promise<string[]> {
  const { rows } = await database.client.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname NOT LIKE 'pg_%' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'v') ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

async function recorded(): Promise<string[]> {
  const { rows } = await database.client.query<{ name: string }>(
    'SELECT name FROM portfolio_schema_migrations ORDER BY name',
  );
  return rows.map(({ name }) => name);
}

const BOOKKEEPING = ['portfolio_schema_migrations'];
const TWO = { '0001_one.sql': 'CREATE TABLE one (x int);\n', '0002_two.sql': 'CREATE TABLE two (x int);\n' };

describe('migrate', () => {
  it('applies each file once, in order', async () => {
    const directory = await directoryOf(TWO);
    expect(await run(directory)).toEqual({ applied: ['0001_one', '0002_two'], pending: [], adminStatements: [] });
    expect(await run(directory)).toEqual({ applied: [], pending: [], adminStatements: [] });
    await writeFile(join(directory, 'migrations', '0003_three.sql'), 'CREATE TABLE three (x int);');
    expect((await run(directory)).applied).toEqual(['0003_three']);
    expect(await recorded()).toEqual(['0001_one', '0002_two', '0003_three']);
    expect(await tables()).toEqual(['one', ...BOOKKEEPING, 'three', 'two']);
  });

  it('lets replicas that start together on an empty database all succeed', async () => {
    const results = await Promise.all([1, 2, 3].map(() => run(SCHEMA_DIRECTORY)));
    const folders = ['migrations', 'repeatable'].map((folder) => readdir(join(SCHEMA_DIRECTORY, folder)));
    const files = (await Promise.all(folders)).flat().map((name) => name.replace('.sql', ''));
    expect(results.flatMap(({ applied }) => applied).sort()).toEqual([...files, 'graphile-worker 1 to 18'].sort());
    expect(results.filter(({ applied }) => applied.length > 0)).toHaveLength(1);
    expect((await recorded()).sort()).toEqual(files.sort());
  });

  it('waits, and says so, while another migration holds the lock', async () => {
    const directory = await directoryOf({ '0001_one.sql': TWO['0001_one.sql'] });
    await run(directory);
    await writeFile(join(directory, 'migrations', '0002_two.sql'), TWO['0002_two.sql']);
    await database.client.query('BEGIN; LOCK TABLE portfolio_schema_migrations IN SHARE ROW EXCLUSIVE MODE');
    const log = recordLog();
    const waiting = run(directory, log);
    await vi.waitFor(
      () => expect(log.warnings).toEqual(['waiting for another migration of this database to end']),
      60_000,
    );
    await database.client.query('COMMIT');
    expect((await waiting).applied).toEqual(['0002_two']);
  });

  it('waits for a reader of a table that it changes without holding up the readers after it', async () => {
    const directory = await directoryOf({ '0001_one.sql': TWO['0001_one.sql'] });
    await run(directory);
    await writeFile(
      join(directory, 'migrations', '0002_two.sql'),
      'CREATE TABLE two (x int);\nALTER TABLE one ADD y int;\n',
    );
    await database.client.query('BEGIN; SELECT FROM one');
    const log = recordLog();
    const waiting = run(directory, log);
    await vi.waitFor(() => expect(log.warnings).toEqual([expect.stringMatching(/^waiting for a lock/)]), 60_000);
    const reader = new Client({ connectionString: database.url });
    await reader.connect();
    await reader.query('SELECT FROM one');
    await reader.end();
    await database.client.query('COMMIT');
    expect((await waiting).applied).toEqual(['0002_two']);
  });

  it('ends at once when it is stopped while it waits, and leaves neither a lock nor a session', async () => {
    const directory = await directoryOf(TWO);
    await database.client.query('CREATE TABLE held (x int)');
    const holder = new Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE held');
    await writeFile(
      join(directory, 'migrations', '0002_two.sql'),
      'CREATE TABLE two (x int);\nALTER TABLE held ADD y int;\n',
    );
    const stop = new AbortController();
    const waiting = migrate({
      config: { connectionString: database.url },
      directory,
      log: recordLog(),
      signal: stop.signal,
    });
    const others = async () =>
      (
        await database.client.query<{ waiting: boolean }>(
          `SELECT wait_event_type = 'Lock' AS waiting FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND query NOT LIKE '%LOCK TABLE held'`,
        )
      ).rows.map((row) => row.waiting);
    await vi.waitFor(async () => expect(await others()).toEqual([true]), 60_000);
    stop.abort();
    await expect(waiting).rejects.toThrow('stopped before the end: nothing was changed');
    await vi.waitFor(async () => expect(await others()).toEqual([]), 60_000);
    await holder.end();
    expect(await tables()).toEqual(['held']);
    expect((await run(directory)).applied).toEqual(['0001_one', '0002_two']);
  });

  it('does not begin when it is stopped before', async () => {
    const directory = await directoryOf(TWO);
    const signal = AbortSignal.abort();
    const config = { connectionString: database.url };
    await expect(migrate({ config, directory, log: recordLog(), signal })).rejects.toThrow('nothing was changed');
    expect(await tables()).toEqual([]);
  });

  it('leaves the database as it was when a file fails, and applies all once it is mended', async () => {
    const directory = await directoryOf({
      '0001_one.sql': TWO['0001_one.sql'],
      '0002_two.sql':
        '-- é\nCREATE TABLE two (x int PRIMARY KEY);\n\nINSERT INTO two VALUES (1);\n-- again\nINSERT INTO two\nVALUES (1);\nCREATE TABLE never ();\n',
      '0003_three.sql': 'CREATE TABLE three (x int);\n',
    });
    const failure = await failureOf(directory);
    expect(failure.message).toBe(
      `${join(directory, 'migrations', '0002_two.sql')}:6: duplicate key value violates unique constraint "two_pkey"; Key (x)=(1) already exists.`,
    );
    expect(failure).toMatchObject({ file: join(directory, 'migrations', '0002_two.sql'), line: 6 });
    expect(failure.cause).toBeInstanceOf(DatabaseError);
    expect(await tables()).toEqual([]);

    await writeFile(join(directory, 'migrations', '0002_two.sql'), TWO['0002_two.sql']);
    expect((await run(directory)).applied).toEqual(['0001_one', '0002_two', '0003_three']);
  });

  it('names the line where the server gives a place inside a statement', async () => {
    const directory = await directoryOf({
      '0001_one.sql': '-- äöü€😀\nCREATE TABLE "ö😀" (\n  a int,\n  b no_such_type\n);\n',
    });
    expect((await failureOf(directory)).message).toMatch(/0001_one\.sql:4: type "no_such_type" does not exist$/);
  });

  it('lets go of the lock and of the transaction of a client that it was given', async () => {
    const directory = await directoryOf({ '0001_one.sql': 'SELECT 1/0;' });
    const { client } = database;
    await expect(migrate({ client, directory, log: recordLog() })).rejects.toThrow('0001_one.sql:1: division by zero');
    expect(client.listenerCount('notice')).toBe(0);
    expect((await client.query(`SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory'`)).rows).toEqual([
      { n: 0 },
    ]);
    await writeFile(join(directory, 'migrations', '0001_one.sql'), TWO['0001_one.sql']);
    expect((await migrate({ client, directory, log: recordLog() })).applied).toEqual(['0001_one']);
  });

  it('changes nothing when any file to apply has a syntax error', async () => {
    const directory = await directoryOf({
      ...TWO,
      '0003_three.sql': '-- é€\nCREATE TABLE three (x int);\n\nCRATE TABLE four ();\n',
    });
    const place = `${join(directory, 'migrations', '0003_three.sql')}:4: syntax error at or near "CRATE"`;
    expect((await failureOf(directory)).message).toBe(place);
    await expect(run(directory, recordLog(), true)).rejects.toThrow(place);
    expect(await tables()).toEqual([]);
  });

  it.each(['BEGIN;', 'COMMIT;', 'ROLLBACK;', 'SAVEPOINT s;'])(
    'refuses %s, which would break the transaction',
    async (statement) => {
      const directory = await directoryOf({
        '0001_one.sql': `CREATE TABLE one ();\n${statement}\nCREATE TABLE two ();\n`,
      });
      expect((await failureOf(directory)).message).toMatch(/0001_one\.sql:2: a migration is one transaction/);
      expect(await tables()).toEqual([]);
    },
  );

  it('says what fails with the commit', async () => {
    const directory = await directoryOf({
      '0001_one.sql':
        'CREATE TABLE one (x int PRIMARY KEY, y int REFERENCES one DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO one VALUES (1, 2);\n',
    });
    await expect(run(directory)).rejects.toThrow('insert or update on table "one" violates foreign key');
    expect(await tables()).toEqual([]);
  });

  it('surfaces what the server says', async () => {
    const directory = await directoryOf({
      '0001_one.sql': `DO $$ BEGIN RAISE NOTICE 'a notice'; RAISE WARNING 'a warning' USING HINT = 'a hint'; END $$;`,
    });
    const log = recordLog();
    await run(directory, log);
    expect(log.infos).toEqual(['applying 0001_one', 'a notice']);
    expect(log.warnings).toEqual(['a warning; a hint']);
  });
});

describe('a dry run', () => {
  it('of an empty database lists every file and makes not even the tables of migrations', async () => {
    const result = await run(SCHEMA_DIRECTORY, recordLog(), true);
    expect(result.applied).toEqual([]);
    expect(result.pending[0]).toBe('0001_baseline');
    expect(result.pending.length).toBeGreaterThan(30);
    expect(await tables()).toEqual([]);
  });

  it('lists only what is left, also for a role that may only read', async () => {
    const directory = await directoryOf(TWO);
    await run(directory);
    await writeFile(join(directory, 'migrations', '0003_three.sql'), 'CREATE TABLE three (x int);');
    await database.client.query('SET default_transaction_read_only = on');
    const result = await migrate({ client: database.client, directory, dryRun: true, log: recordLog() });
    expect(result).toEqual({ applied: [], pending: ['0003_three'], adminStatements: [] });
    expect(await tables()).not.toContain('three');
  });
});

describe('a database that does not fit the files', () => {
  it('is refused with every file that was edited, deleted or overtaken', async () => {
    const directory = await directoryOf({ ...TWO, '0004_four.sql': 'SELECT 4;\n', '0005_five.sql': 'SELECT 5;\n' });
    await run(directory);
    await writeFile(join(directory, 'migrations', '0002_two.sql'), 'CREATE TABLE two (x bigint);\n');
    await rm(join(directory, 'migrations', '0004_four.sql'));
    await writeFile(join(directory, 'migrations', '0003_three.sql'), 'CREATE TABLE three (x int);\n');
    await writeFile(join(directory, 'migrations', '0006_six.sql'), 'CREATE TABLE six (x int);\n');

    const { message } = await failureOf(directory);
    expect(message.split('\n')).toEqual([
      expect.stringMatching(
        /0002_two\.sql was changed after it was applied \(.*\): restore it, and put the change into a new migration 0007_name\.sql$/,
      ),
      '0004_four.sql was applied to this database but is gone: restore it from version control',
      `${join(directory, 'migrations', '0003_three.sql')} comes before 0005_five.sql, which is already applied: give it the next free number, 0007`,
    ]);
    expect(await tables()).not.toContain('six');
    await expect(run(directory, recordLog(), true)).rejects.toThrow('0002_two.sql was changed');
  });

  it('is refused when an applied file was renamed', async () => {
    const directory = await directoryOf(TWO);
    await run(directory);
    await rename(join(directory, 'migrations', '0002_two.sql'), join(directory, 'migrations', '0002_second.sql'));
    await expect(run(directory)).rejects.toThrow('0002_two.sql was applied to this database but is gone');
  });

  it('fits whatever the checkout made of line ends', async () => {
    await run(SCHEMA_DIRECTORY);
    const files: Record<string, string> = {};
    for (const name of await readdir(SCHEMA_DIRECTORY, { recursive: true })) {
      if (!/^(migrations|repeatable)\/.*\.sql$/.test(name)) continue;
      const text = await readFile(join(SCHEMA_DIRECTORY, name), 'utf8');
      files[name] = `\uFEFF${text.replaceAll('\n', '\r\n')}`;
    }
    expect(await run(await directoryOf(files))).toEqual({ applied: [], pending: [], adminStatements: [] });
  });
});

describe('a directory', () => {
  it.each([
    {
      name: 'with a misnamed file',
      files: { '0001_one.sql': '', '2_two.sql': '' },
      message: /2_two\.sql: not a name of a migration/,
    },
    {
      name: 'with a number twice',
      files: { '0001_one.sql': '', '0001_uno.sql': '' },
      message: /0001_uno\.sql: number 0001 is already taken by 0001_one\.sql/,
    },
    { name: 'without migrations', files: { 'README.md': '' }, message: /no migrations/ },
  ])('$name is refused', async ({ files, message }) => {
    await expect(run(await directoryOf(files))).rejects.toThrow(message);
  });

  it('that is not there is refused', async () => {
    await expect(run('/nowhere')).rejects.toThrow('/nowhere/migrations: cannot read the directory of migrations');
  });

  it('may hold other files', async () => {
    expect((await run(await directoryOf({ ...TWO, 'README.md': 'x', '.0003_x.sql.swp': 'x' }))).applied).toHaveLength(
      2,
    );
  });
});

it('needs a schema to create in', async () => {
  await database.client.query('SET search_path = nowhere');
  await expect(migrate({ client: database.client, directory: SCHEMA_DIRECTORY, log: recordLog() })).rejects.toThrow(
    'the search_path names no schema that exists',
  );
});

it('ends the connection it opened', async () => {
  await run(await directoryOf(TWO));
  const other = new Client({ connectionString: database.url });
  await other.connect();
  await vi.waitFor(async () => {
    const { rows } = await other.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database()`,
    );
    expect(rows).toEqual([{ n: 2 }]);
  }, 60_000);
  await other.end();
});
