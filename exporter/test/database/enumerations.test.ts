import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEnumerations } from '../../src/database/enumerations.js';
import { migrate, readPending } from '../../src/database/migrate.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { SCHEMA_DIRECTORY, recordLog } from '../support/migrations.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase({ template: 'empty' });
});
afterEach(() => database.drop());

/** A ventures table from elsewhere, with a row per value. */
async function ventures(type: string, ...values: string[]): Promise<void> {
  await database.client.query(
    `CREATE TABLE ventures (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text, status ${type}, lead_name text, lead_email text)`,
  );
  for (const value of values) await database.client.query(`INSERT INTO ventures (status) VALUES (${value})`);
}

const run = (log = recordLog(), dryRun = false) =>
  migrate({ client: database.client, directory: SCHEMA_DIRECTORY, log, dryRun });

describe('a status that can never be active', () => {
  it.each([
    ['integer', '1'],
    ['smallint DEFAULT 1', '2'],
    ['numeric(3)', '1'],
    ['boolean DEFAULT true', 'true'],
    ['text[]', `'{active}'`],
    ['varchar(20)[]', `'{active}'`],
    ['jsonb', `'"active"'`],
    ['bytea', `'active'`],
    ['date', `'2026-01-01'`],
    ['uuid', 'gen_random_uuid()'],
    ['bit(1)', `'1'`],
    ['status_number', '1'],
  ])('%s is refused with its cure, before anything is applied', async (type, value) => {
    await database.client.query('CREATE DOMAIN status_number AS integer');
    await ventures(type, value);
    const problem =
      /^the column status of the existing table public\.ventures is .*, not text or an enum: .*; fix: (.*)$/;
    await expect(run(recordLog(), true)).rejects.toThrow(problem);
    const failure = await run().catch((error: unknown) => error);
    const fix = problem.exec(failure instanceof Error ? failure.message : '')?.[1] ?? '';
    const { rows } = await database.client.query(`SELECT to_regclass('venture_metrics') AS made`);
    expect(rows).toEqual([{ made: null }]);

    // What only its owner knows stands in the cure as a gap.
    await database.client.query(fix.replace(/\(<.*>\)/, `('1')`));
    expect(await readPending(database.client, SCHEMA_DIRECTORY)).toMatchObject({ problems: [] });
    const types = await database.client.query(
      `SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'ventures'::regclass AND attname = 'status'`,
    );
    expect(types.rows).toEqual([{ type: 'text' }]);
  });

  it('and the migrations apply to a column that was cured', async () => {
    await ventures('integer DEFAULT 1', '1');
    const failure = await run().catch((error: unknown) => error);
    const fix = /; fix: (.*)$/.exec(failure instanceof Error ? failure.message : '')?.[1] ?? '';
    await database.client.query(fix.replace(/\(<.*>\)/, `('active')`));
    expect((await run()).applied).toContain('0001_baseline');
  });

  it.each(['text', 'varchar(20)', 'char(10)', 'name', 'status_word', 'status_enum'])('%s is not', async (type) => {
    await database.client.query(
      `CREATE DOMAIN status_word AS varchar(20); CREATE TYPE status_enum AS ENUM ('active', 'paused', 'killed')`,
    );
    await ventures(type, `'active'`, `'paused'`);
    expect(await readEnumerations(database.client)).toEqual({ problems: [], warnings: [] });
    const { rows } = await database.client.query(
      `SELECT count(*)::int AS n FROM ventures WHERE status::text = 'active'`,
    );
    expect(rows).toEqual([{ n: 1 }]);
  });
});

describe('values that nothing counts', () => {
  it.each([
    [`'ACTIVE'`, `'ACTIVE'`],
    [`'Active '`, `'Active '`],
    [`' active'`, `' active'`],
    [`E'active\\n'`, `'active\\u000a'`],
    [`E'active\\u00a0'`, `'active\\u00a0'`],
    [`E'\\ufeffactive'`, `'\\ufeffactive'`],
    [`'"active"'`, `'"active"'`],
    [`'''active'''`, `'''active'''`],
    [`repeat(' ', 500) || 'active'`, `'${' '.repeat(60)}'`],
  ])('%s is told as what looks like active', async (value, example) => {
    await ventures('text', `'active'`, value, value, `'killed'`);
    const warning =
      `ventures.status: 2 rows are written almost like a value that the KPIs look for and are left out (such as ${example}); ` +
      `fix: write exactly 'active'`;
    expect(await readEnumerations(database.client)).toEqual({ problems: [], warnings: [warning] });
  });

  it('and the most frequent one is the example; an enum is told as text is, by a dry run too', async () => {
    await database.client.query(`CREATE TYPE shouted AS ENUM ('ACTIVE', 'Active', 'CLOSED')`);
    await ventures('shouted', `'Active'`, `'ACTIVE'`, `'ACTIVE'`, `'CLOSED'`);
    for (const dryRun of [true, false]) {
      const log = recordLog();
      await run(log, dryRun);
      expect(log.warnings).toEqual([
        `ventures.status: 3 rows are written almost like a value that the KPIs look for and are left out (such as 'ACTIVE'); fix: write exactly 'active'`,
      ]);
    }
  });

  it('NULL and blanks', async () => {
    await ventures('text', `'active'`, 'NULL', `''`, `E' \\t'`);
    expect((await readEnumerations(database.client)).warnings).toEqual([
      `ventures.status: 3 rows are NULL or blank and are left out of the KPIs; fix: write 'active', or what else it is`,
    ]);
  });

  it('words of another language, where none is active', async () => {
    await ventures('text', `'live'`, `'live'`, `'dead'`);
    expect((await readEnumerations(database.client)).warnings).toEqual([
      `ventures.status: no venture is 'active'; 3 are something else (such as 'live'); fix: write exactly 'active' where a venture is active`,
    ]);
    await database.client.query(`UPDATE ventures SET status = 'active' WHERE status = 'dead'`);
    expect((await readEnumerations(database.client)).warnings).toEqual([]);
  });

  it.each([
    [`'\uff21\uff43\uff54\uff49\uff56\uff45'`, /written almost like/],
    [`'active\u3000'`, /written almost like/],
    [`'a\u200bctive'`, /written almost like/],
    [`'\u00a0\u3000'`, /is NULL or blank/],
    [`'\u200b\ufeff'`, /is NULL or blank/],
    [`'\u7a3c\u50cd'`, /no venture is 'active'; 1 are something else/],
  ])('in letters and spaces of Unicode: %j', async (value, warning) => {
    await ventures('text', value);
    expect((await readEnumerations(database.client)).warnings).toEqual([expect.stringMatching(warning)]);
  });

  it('an enum without the word, on an empty table', async () => {
    await database.client.query(
      `CREATE TYPE venture_state AS ENUM ('LIVE', 'CLOSED'); CREATE DOMAIN state AS venture_state`,
    );
    await ventures('state');
    expect((await readEnumerations(database.client)).warnings).toEqual([
      `ventures.status: its type venture_state has no value 'active' (but 'LIVE', 'CLOSED'), so no venture can be it; ` +
        `fix: ALTER TYPE venture_state RENAME VALUE '<the one of an active venture>' TO 'active';`,
    ]);
    await database.client.query(`ALTER TYPE venture_state RENAME VALUE 'LIVE' TO 'active'`);
    expect((await readEnumerations(database.client)).warnings).toEqual([]);
  });

  it('not where the column itself takes both for the same', async () => {
    await database.client.query(
      `CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
    );
    await ventures('text COLLATE any_case', `'ACTIVE'`, `'Active '`);
    expect((await readEnumerations(database.client)).warnings).toEqual([
      `ventures.status: 1 row is written almost like a value that the KPIs look for and is left out (such as 'Active '); fix: write exactly 'active'`,
    ]);
  });

  it('not those of a table of somebody else, to which the search_path leads after the schema of its own', async () => {
    await ventures('integer', '1');
    await database.client.query('CREATE SCHEMA portfolio; SET search_path = portfolio, public');
    for (const dryRun of [true, false]) {
      const log = recordLog();
      expect(await run(log, dryRun)).toMatchObject({ adminStatements: [] });
      expect(log.warnings).toEqual([]);
    }
    await database.client.query(`INSERT INTO portfolio.ventures (name, status) VALUES ('x', 'ACTIVE')`);
    expect((await readEnumerations(database.client)).warnings).toEqual([
      expect.stringMatching(/^ventures\.status: 1 row is written almost like/),
    ]);
  });

  it('types of usage, once the tables are there', async () => {
    await ventures('text', `'active'`);
    await run();
    await database.client.query(
      `INSERT INTO venture_resource_usage (venture_id, resource_type, recorded_at)
       SELECT id, type, '2026-01-01' FROM ventures, unnest(ARRAY['Duplicate-Design', 'coordination', 'operations']) AS type`,
    );
    const log = recordLog();
    await run(log);
    expect(log.warnings).toEqual([
      `venture_resource_usage.resource_type: 1 row is written almost like a value that the KPIs look for and is left out ` +
        `(such as 'Duplicate-Design'); fix: write exactly 'duplicate_design'`,
    ]);
  });

  it('and nothing of a table that this role may not read, or that is not there', async () => {
    expect(await readEnumerations(database.client)).toEqual({ problems: [], warnings: [] });
    await ventures('text', `'ACTIVE'`);
    await database.client.query('CREATE ROLE reader_of_nothing; SET ROLE reader_of_nothing');
    expect(await readEnumerations(database.client)).toEqual({ problems: [], warnings: [] });
    await database.client.query('RESET ROLE; DROP ROLE reader_of_nothing');
  });
});
