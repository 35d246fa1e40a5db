import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createConfigDirectory } from '../support/configDirectory.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { runCommand } from '../support/runCommand.js';
import { testUnit } from '../support/testUnit.js';

/** Every line that `check` prints about two KPIs, without the directory. */
async function check(
  database: TestDatabase,
  files: Record<string, string>,
  role = '',
): Promise<{ code: number | null; lines: string[] }> {
  const config = await createConfigDirectory({
    'exporter.yaml': 'shipped_kpis: false\nkpi_directories: [kpis]\n',
    ...files,
  });
  onTestFinished(() => config.remove());
  const url = role === '' ? database.url : database.urlOf(role, 'test');
  const { code, stderr } = await runCommand(['check', ...config.args], { env: { DATABASE_URL: url } });
  const lines = stderr.split('\n').filter((line) => line !== '');
  return { code, lines: lines.map((line) => line.replace(/\S*\/(?=[a-z_]+\.(sql|yaml):)/, '')) };
}

describe('check on a database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
    await database.client.query(`
      CREATE TABLE orders (id int, placed_on date, shipped_at timestamptz);
      CREATE TABLE tomorrow (placed_on date);
      INSERT INTO tomorrow VALUES ('2999-01-01');
      CREATE TABLE half (id int);
      CREATE TRIGGER tell AFTER INSERT ON half FOR EACH STATEMENT EXECUTE FUNCTION portfolio_notify_change();
      CREATE TABLE silenced (id int);
      CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON silenced FOR EACH STATEMENT EXECUTE FUNCTION portfolio_notify_change();
      ALTER TABLE silenced DISABLE TRIGGER tell;
      CREATE TABLE partly (id int, note text);
      CREATE TRIGGER tell AFTER INSERT OR UPDATE OF note OR DELETE OR TRUNCATE ON partly FOR EACH STATEMENT EXECUTE FUNCTION portfolio_notify_change();
      CREATE VIEW always AS SELECT CURRENT_DATE AS placed_on;
      CREATE VIEW order_ids AS SELECT id FROM orders;
      CREATE TYPE mood AS ENUM ('good');
      CREATE FUNCTION weight(int) RETURNS int LANGUAGE sql STABLE AS 'SELECT $1';
      INSERT INTO source_heartbeats VALUES ('order_writer', now())`);
  });
  afterAll(() => database.drop());

  it('names what the database has not, at its place and with the nearest name', async () => {
    const unit = (name: string): string =>
      testUnit({ metrics: { [`portfolio_${name}`]: 'count' }, labels: ['venture'] });
    const { code, lines } = await check(database, {
      'kpis/a.yaml': unit('a'),
      'kpis/a.sql': "-- ä\nSELECT v.name AS venture,\n       'ü', :as_of - v.nam AS portfolio_a\n  FROM ventures v\n",
      'kpis/b.yaml': unit('b'),
      'kpis/b.sql': 'SELECT 1 AS portfolio_b FROM\n  venturs v',
      'kpis/c.yaml': unit('c'),
      'kpis/c.sql': 'SELECT weigth(1) AS portfolio_c',
      'kpis/d.yaml': unit('d'),
      'kpis/d.sql':
        "SELECT :as_of::text AS vnture,\n  'x'::text AS portfolio_d, 'good'::mood AS portfolio_e, 1 AS portfolio_e",
      'kpis/e.yaml': testUnit({ metrics: { portfolio_e: 'count', portfolio_f: 'count' } }),
      'kpis/e.sql': "SELECT 'good'::mood AS portfolio_e",
    });
    expect(lines).toEqual([
      'a.sql:3:22: column v.nam does not exist (SQLSTATE 42703); did you mean v.name?',
      'b.sql:2:3: relation "venturs" does not exist (SQLSTATE 42P01); did you mean ventures?',
      'c.sql:1:8: function weigth(integer) does not exist (SQLSTATE 42883); did you mean weight?',
      'd.sql:1:8: column vnture is not declared; add it to metrics or labels, or drop it from the SELECT; did you mean venture?',
      'd.sql:2:3: column portfolio_d is not numeric (type text); cast it to numeric or double precision',
      'd.sql:2:29: column portfolio_e is not declared; add it to metrics or labels, or drop it from the SELECT',
      'd.sql:2:29: column portfolio_e is returned twice; give each column its own name',
      'd.yaml:11:1: labels: column venture is declared but the SELECT does not return it; did you mean vnture?',
      'e.sql:1:8: column portfolio_e is not numeric (type mood); cast it to numeric or double precision',
      'e.yaml:18:3: metrics.portfolio_f: column portfolio_f is declared but the SELECT does not return it',
    ]);
    expect(code).toBe(1);
  });

  it('refuses a freshness that cannot be read, and warns of a source without a row', async () => {
    const unit = (name: string, freshness: string): Record<string, string> => ({
      [`kpis/${name}.yaml`]: `${testUnit({ metrics: { [`portfolio_${name}`]: 'count' } })}freshness: {${freshness}}\n`,
      [`kpis/${name}.sql`]: `SELECT 1 AS portfolio_${name}`,
    });
    const { code, lines } = await check(database, {
      ...unit('a', 'heartbeats: [order_writr, order_writer]'),
      ...unit('b', 'heartbeats: [order_writer, another_thing]'),
      ...unit('c', 'day: order.placed_on'),
      ...unit('d', 'day: orders.placed_in'),
      ...unit('e', 'day: orders.shipped_at'),
      ...unit('f', 'day: tomorrow.placed_on'),
      ...unit('h', 'day: always.placed_on'),
      // Nothing was ever written there: that is a new installation.
      ...unit('g', 'day: orders.placed_on'),
    });
    expect(lines.map((line) => line.replace(/\d{4}-\d\d-\d\d/, 'DAY')).toSorted()).toEqual([
      'a.yaml:18:13: freshness.heartbeats: source_heartbeats has no row of order_writr; did you mean order_writer?',
      'c.yaml:18:18: freshness.day: there is no table order; did you mean orders?',
      'd.yaml:18:18: freshness.day: orders has no column placed_in; did you mean placed_on?',
      'e.yaml:18:18: freshness.day: orders.shipped_at is timestamp with time zone; it must be a date, one for each day',
      'h.yaml:18:18: freshness.day: an age comes from rows, not from a view of now: always: CURRENT_DATE reads the clock: use :as_of or :now, so that any day can be computed again',
      'warning: b.yaml:18:13: freshness.heartbeats: source_heartbeats has no row of another_thing: whether it still writes is not known until its first one',
      'warning: f.yaml:18:18: freshness.day: tomorrow.placed_on has no day up to DAY: the age of the rows is not known',
    ]);
    expect(code).toBe(1);
  });

  it('refuses an on_change that nobody would hear of', async () => {
    const onChange = ['synergy_initiatives', 'orders', 'half', 'silenced', 'order_ids', 'synergy_initiative', 'partly'];
    const files = {
      'kpis/a.yaml': testUnit({ metrics: { portfolio_a: 'count' }, onChange }),
      'kpis/a.sql': 'SELECT 1 AS portfolio_a',
    };
    const { code, lines } = await check(database, files);
    expect(lines.map((line) => line.split(', so')[0])).toEqual([
      'warning: a.yaml:6:89: on_change[6]: a trigger of partly tells only of some changes (some UPDATE): the others start no run before the next tick of the schedule; for all of them: CREATE TRIGGER portfolio_notify_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON partly FOR EACH STATEMENT EXECUTE FUNCTION portfolio_notify_change()',
      'a.yaml:6:34: on_change[1]: orders has no trigger that tells of INSERT, UPDATE, DELETE',
      'a.yaml:6:42: on_change[2]: half has no trigger that tells of UPDATE, DELETE',
      'a.yaml:6:48: on_change[3]: silenced has no trigger that tells of INSERT, UPDATE, DELETE',
      'a.yaml:6:58: on_change[4]: order_ids is a view: name the tables that it reads: orders',
      'a.yaml:6:69: on_change[5]: there is no table synergy_initiative; did you mean synergy_initiatives?',
    ]);
    expect(code).toBe(1);
    // The statement that it names is the cure; exporter.yaml may override the tables.
    const statement = /CREATE TRIGGER .*$/.exec(lines[1] ?? '')?.[0] ?? '';
    await database.client.query(statement);
    const override = 'shipped_kpis: false\nkpi_directories: [kpis]\nkpis:\n  a:\n    on_change: [orders, half]\n';
    expect((await check(database, { ...files, 'exporter.yaml': override })).lines).toEqual([
      expect.stringMatching(/^exporter\.yaml:5:5: kpis\.a\.on_change: half has no trigger/) as unknown,
    ]);
  });

  it('prints the GRANT of what the role may not read, and never sends to itself', async () => {
    await database.client.query(`CREATE ROLE check_reader LOGIN PASSWORD 'test'`);
    onTestFinished(async () => {
      await database.client.query('DROP ROLE check_reader');
    });
    const { code, lines } = await check(
      database,
      {
        'kpis/a.yaml': `${testUnit({ metrics: { portfolio_a: 'count' } })}freshness: {day: orders.placed_on}\n`,
        'kpis/a.sql': 'SELECT count(*) AS portfolio_a FROM orders',
      },
      'check_reader',
    );
    const ours = lines.filter((line) => /^a\./.test(line));
    expect(ours).toEqual([
      'a.sql:1:1: permission denied for table orders (SQLSTATE 42501); an administrator has to run: GRANT SELECT ON orders TO check_reader',
      'a.yaml:18:18: freshness.day: cannot be read: permission denied for table orders (SQLSTATE 42501); an administrator has to run: GRANT SELECT ON orders TO check_reader',
    ]);
    expect(lines.join('\n')).not.toContain('portfolio-exporter check');
    expect(code).toBe(1);
  });
});
