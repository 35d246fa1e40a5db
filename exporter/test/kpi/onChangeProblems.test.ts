import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onChangeProblems } from '../../src/kpi/check/onChangeProblems.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { postgresVersions } from '../support/postgresVersions.js';

const trigger = (
  table: string,
  events = 'INSERT OR UPDATE OR DELETE OR TRUNCATE',
  each = 'STATEMENT',
  when = '',
): string =>
  `CREATE TRIGGER tell AFTER ${events} ON ${table} FOR EACH ${each} ${when} EXECUTE FUNCTION portfolio_notify_change();`;
const partitioned = `CREATE TABLE whole (id int, note text) PARTITION BY RANGE (id);
  CREATE TABLE part PARTITION OF whole FOR VALUES FROM (0) TO (100);`;

/** What is written through the table that `on_change` names, or to a part of it. */
const writes = (table: string): string[] => [
  `INSERT INTO ${table} VALUES (1, 'a')`,
  `UPDATE ${table} SET id = 2`,
  `UPDATE ${table} SET note = 'b'`,
  `DELETE FROM ${table}`,
  `TRUNCATE ${table}`,
];
const WHOLE = writes('whole');
const PART = writes('part');
const plain = 'CREATE TABLE whole (id int, note text);';

interface Case {
  readonly how: string;
  readonly tables: string;
  readonly named?: string;
  readonly writes?: readonly string[];
  readonly unheard: readonly string[];
  readonly message: RegExp | null;
}

const CASES: readonly Case[] = [
  { how: 'a trigger of every statement', tables: plain + trigger('whole'), unheard: [], message: null },
  {
    how: 'UPDATE OF a column',
    tables: plain + trigger('whole', 'INSERT OR UPDATE OF note OR DELETE OR TRUNCATE'),
    unheard: [WHOLE[1] ?? ''],
    message: /only of some changes \(some UPDATE\)/,
  },
  {
    how: 'UPDATE OF a column beside one of every UPDATE',
    tables: `${plain}${trigger('whole')}${trigger('whole', 'UPDATE OF note').replace('tell', 'tell_too')}`,
    unheard: [],
    message: null,
  },
  {
    how: 'a condition',
    tables:
      plain +
      trigger('whole', 'INSERT OR UPDATE', 'ROW', `WHEN (NEW.note = 'b')`) +
      trigger('whole', 'DELETE OR TRUNCATE').replace('tell', 'rest'),
    unheard: [WHOLE[0] ?? '', WHOLE[1] ?? ''],
    message: /only of some changes \(some INSERT, some UPDATE\)/,
  },
  {
    how: 'each row, which no TRUNCATE is',
    tables: plain + trigger('whole', 'INSERT OR UPDATE OR DELETE', 'ROW'),
    unheard: [WHOLE[4] ?? ''],
    message: /only of some changes \(no TRUNCATE\)/,
  },
  {
    how: 'a partition',
    tables: partitioned + trigger('part'),
    named: 'part',
    // TRUNCATE alone goes down to the parts.
    unheard: WHOLE.slice(0, 4),
    writes: [...WHOLE, ...PART],
    message: /^part is a partition of whole, .*: name whole$/,
  },
  {
    how: 'a partitioned table',
    tables: partitioned + trigger('whole'),
    unheard: PART,
    writes: [...WHOLE, ...PART],
    message: /^what is written to part itself, not through whole, starts no run/,
  },
  {
    how: 'a partitioned table for each row, under the names of its partitions',
    tables: partitioned + trigger('whole', 'INSERT OR UPDATE OR DELETE', 'ROW'),
    unheard: [...WHOLE, ...PART],
    writes: [...WHOLE, ...PART],
    message: /no trigger that tells of INSERT, UPDATE, DELETE/,
  },
  {
    how: 'a partitioned table whose partitions tell its name',
    tables: `${partitioned}${trigger('whole')}
      CREATE FUNCTION tell_whole() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('portfolio_changes', 'whole'); RETURN NULL; END $$;
      CREATE TRIGGER tell_too AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON part FOR EACH STATEMENT EXECUTE FUNCTION tell_whole();`,
    unheard: [],
    writes: [...WHOLE, ...PART],
    message: null,
  },
  {
    how: 'a table with a child',
    tables: `${plain} CREATE TABLE part () INHERITS (whole); ${trigger('whole')}`,
    unheard: PART,
    writes: [...WHOLE, ...PART],
    message: /^what is written to part itself/,
  },
];

describe.each(postgresVersions())('$title', ({ isInstalled, sharedServer }) => {
  let database: TestDatabase;
  let client: Client;
  beforeAll(async () => {
    if (!isInstalled) return;
    database = await createDatabase({ template: 'empty', server: await sharedServer() });
    ({ client } = database);
    await client.query(`LISTEN portfolio_changes;
      CREATE FUNCTION portfolio_notify_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_notify('portfolio_changes', TG_TABLE_NAME); RETURN NULL; END $$`);
  });
  afterAll(async () => {
    if (!isInstalled) return;
    await database.drop();
  });

  it.skipIf(!isInstalled).each(CASES)('says what of a table is not heard: $how', async (one) => {
    const { tables, named = 'whole', writes: statements = WHOLE, unheard, message } = one;
    await client.query(`CREATE SCHEMA tried; SET search_path = tried, public; ${tables}`);
    try {
      const heard = new Set<string | undefined>();
      const listen = ({ payload }: { payload?: string | undefined }): void => {
        heard.add(payload);
      };
      client.on('notification', listen);
      const silent: string[] = [];
      for (const statement of statements) {
        heard.clear();
        await client.query(statement);
        if (!heard.has(named)) silent.push(statement);
        if (/^TRUNCATE|^DELETE/.test(statement))
          await client.query(`INSERT INTO ${statement.split(' ').at(-1) ?? ''} VALUES (1, 'a')`);
      }
      client.off('notification', listen);
      expect(silent).toEqual(unheard);
      const problems = await onChangeProblems(client, [named]);
      expect(problems.map((problem) => problem.message)).toEqual(
        message === null ? [] : [expect.stringMatching(message) as unknown],
      );
    } finally {
      await client.query('RESET search_path; DROP SCHEMA tried CASCADE');
    }
  });
});
