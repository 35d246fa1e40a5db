import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileSql } from '../../src/kpi/unit/grammar/compileSql.js';
import { SqlError } from '../../src/kpi/unit/grammar/sqlError.js';
import type { CompiledSql } from '../../src/kpi/unit/grammar/compileSql.js';
import { describeKpi } from '../../src/kpi/run/queryKpi.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { INPUT, kpiUnit } from '../support/kpiUnit.js';

const TYPES = new Map([
  ['as_of', 'date'],
  ['now', 'timestamptz'],
  ['hourly_rate', 'numeric'],
]);

const compile = (source: string): Promise<CompiledSql> => compileSql(source, TYPES);

/** The refusal as `line:column: message`, one line per problem. */
async function refusal(source: string): Promise<string> {
  return compile(source).then(
    ({ text }) => `accepted: ${text}`,
    (error: unknown) => (error instanceof SqlError ? error.message : `not a SqlError: ${String(error)}`),
  );
}

describe('a parameter', () => {
  it('becomes a numbered one with its type, the same number each time', async () => {
    expect(await compile('SELECT :as_of, :now, :hourly_rate * 2, :as_of - 29')).toEqual({
      text: 'SELECT ($1::date), ($2::timestamptz), ($3::numeric) * 2, ($1::date) - 29',
      parameters: ['as_of', 'now', 'hourly_rate'],
    });
  });

  it.each([
    ['a string', `SELECT ':as_of'`],
    ['a string with a doubled quote', `SELECT 'it''s :as_of'`],
    ['an escape string', `SELECT E'\\':as_of'`],
    ['a Unicode string', `SELECT U&'\\0041 :as_of'`],
    ['a dollar-quoted string', 'SELECT $$ :as_of $$'],
    ['a dollar-quoted string with a tag', 'SELECT $tag$ $$ :as_of $$ $tag$'],
    ['a quoted identifier', 'SELECT ":as_of" FROM t'],
    ['a line comment', 'SELECT 1 -- of :as_of\n'],
    ['a block comment', 'SELECT 1 /* of :as_of */'],
    ['a nested block comment', 'SELECT 1 /* a /* b :as_of */ c :as_of */'],
  ])('is left alone in %s', async (_where, source) => {
    expect(await compile(source)).toEqual({ text: source, parameters: [] });
  });

  it.each([
    ['casts', 'SELECT x::date, x :: date, :as_of::text FROM t', 'SELECT x::date, x :: date, ($1::date)::text FROM t'],
    ['array slices', 'SELECT a[1:2], a[:as_of] FROM t', 'SELECT a[1:2], a[($1::date)] FROM t'],
    ['named arguments', 'SELECT f(a := 1, b:=:now)', 'SELECT f(a := 1, b:=($1::timestamptz))'],
    ['operators', 'SELECT x - :as_of, x<:as_of', 'SELECT x - ($1::date), x<($1::date)'],
    ['a string before it', `SELECT ':as_of', :as_of`, `SELECT ':as_of', ($1::date)`],
    ['Windows line ends', 'SELECT 1\r\n, :as_of\r\n', 'SELECT 1\r\n, ($1::date)\r\n'],
  ])('is told from what else has a colon: %s', async (_what, source, text) => {
    expect((await compile(source)).text).toBe(text);
  });

  it('is found behind text whose bytes are more than its characters', async () => {
    expect(await compile(`SELECT 'größe € 🙂' AS "Maß", :as_of, 'ß', :now -- ü`)).toEqual({
      text: `SELECT 'größe € 🙂' AS "Maß", ($1::date), 'ß', ($2::timestamptz) -- ü`,
      parameters: ['as_of', 'now'],
    });
  });

  it('that is unknown is refused with its place and what is known, all of them at once', async () => {
    expect(await refusal(`SELECT 'ä€',\n  :nope, :as_of,\n\t'🙂', :As_Of`)).toBe(
      '2:3: unknown parameter :nope; known are :as_of, :now, :hourly_rate\n' +
        '3:8: unknown parameter :As_Of; known are :as_of, :now, :hourly_rate',
    );
  });

  it('that is numbered is refused: it would be bound to whatever is first', async () => {
    expect(await refusal('SELECT :as_of,\n $1, $2')).toBe(
      '2:2: $1 is a numbered parameter; name it, such as :as_of\n2:6: $2 is a numbered parameter; name it, such as :as_of',
    );
    expect(await refusal(`SELECT '$1', $$ $2 $$ -- $3`)).toMatch(/^accepted/);
  });

  it("in psql's quoted forms is refused", async () => {
    expect(await refusal(`SELECT :'as_of'`)).toBe('1:8: syntax error at or near ":"');
    expect(await refusal(`SELECT :"as_of"`)).toBe('1:8: syntax error at or near ":"');
    expect(await refusal('SELECT : as_of')).toBe('1:8: syntax error at or near ":"');
  });
});

describe('the statement', () => {
  it.each([
    ['SELECT 1;', 'SELECT 1'],
    ['SELECT 1;;', 'SELECT 1'],
    ['SELECT 1 ;\n-- the end\n', 'SELECT 1 '],
    ['SELECT 1; /* a; /* b */ */ ; -- c;', 'SELECT 1'],
    ['-- ü;\nSELECT :as_of; -- ü', '-- ü\nSELECT ($1::date)'.replace('ü', 'ü;')],
    [`SELECT ';' -- a;`, `SELECT ';' -- a;`],
    ['\uFEFFSELECT 1', 'SELECT 1'],
    ['WITH a AS (SELECT 1 AS x) SELECT x FROM a UNION ALL (SELECT 2 ORDER BY 1)', undefined],
    ['(SELECT 1)', undefined],
    ['VALUES (1)', undefined],
    ['TABLE ventures', undefined],
  ])('is cut at its semicolon: %j', async (source, text = source) => {
    expect((await compile(source)).text).toBe(text);
  });

  it.each([
    ['', '1:1: no statement; a KPI is a single SELECT'],
    [' \n\t', '1:1: no statement; a KPI is a single SELECT'],
    ['-- nothing yet', '1:1: no statement; a KPI is a single SELECT'],
    [';', '1:1: no statement; a KPI is a single SELECT'],
    ['SELECT 1; SELECT 2', '1:11: a second statement starts here; a KPI is a single SELECT'],
    [
      '/* ä */ SELECT 1;\n /* a /* b */ c */ -- x\n  DROP TABLE ventures;',
      '3:3: a second statement starts here; a KPI is a single SELECT',
    ],
    ['-- first\nINSERT INTO t VALUES (1)', '2:1: InsertStmt is not a SELECT; a KPI is a single SELECT'],
    ['UPDATE t SET a = 1', '1:1: UpdateStmt is not a SELECT; a KPI is a single SELECT'],
    ['DELETE FROM t', '1:1: DeleteStmt is not a SELECT; a KPI is a single SELECT'],
    [
      'MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE',
      '1:1: MergeStmt is not a SELECT; a KPI is a single SELECT',
    ],
    ['CREATE TABLE t (a int)', '1:1: CreateStmt is not a SELECT; a KPI is a single SELECT'],
    ['CREATE TABLE t AS SELECT 1', '1:1: CreateTableAsStmt is not a SELECT; a KPI is a single SELECT'],
    ['EXPLAIN SELECT 1', '1:1: ExplainStmt is not a SELECT; a KPI is a single SELECT'],
    ['EXECUTE q', '1:1: ExecuteStmt is not a SELECT; a KPI is a single SELECT'],
    ['COPY t TO STDOUT', '1:1: CopyStmt is not a SELECT; a KPI is a single SELECT'],
    ['DO $$ BEGIN END $$', '1:1: DoStmt is not a SELECT; a KPI is a single SELECT'],
    ['SET statement_timeout = 0', '1:1: VariableSetStmt is not a SELECT; a KPI is a single SELECT'],
    ['COMMIT', '1:1: TransactionStmt is not a SELECT; a KPI is a single SELECT'],
  ])('is refused unless it is one SELECT: %j', async (source, message) => {
    expect(await refusal(source)).toBe(message);
  });

  it.each([
    ['SELECT INTO', 'SELECT 1 AS a INTO t'],
    ['FOR UPDATE/SHARE', 'SELECT * FROM t FOR UPDATE'],
    ['FOR UPDATE/SHARE', 'SELECT * FROM t FOR KEY SHARE SKIP LOCKED'],
    ['FOR UPDATE/SHARE', 'SELECT * FROM (SELECT * FROM t FOR SHARE) AS a'],
    ['INSERT', 'WITH a AS (INSERT INTO t VALUES (1) RETURNING x) SELECT x FROM a'],
    ['UPDATE', 'WITH a AS (UPDATE t SET x = 1 RETURNING x) SELECT x FROM a'],
    ['DELETE', 'SELECT 1 UNION SELECT (WITH a AS (DELETE FROM t RETURNING x) SELECT x FROM a)'],
    ['MERGE', 'WITH a AS (MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE RETURNING 1) SELECT 1'],
  ])('is refused where it hides %s: %j', async (what, source) => {
    expect(await refusal(source)).toBe(`1:1: ${what} writes or locks; a KPI is a single SELECT that only reads`);
  });

  it.each([
    [`SELECT 'ä€'\n  FROM a\n WHER x`, '3:7: syntax error at or near "x"'],
    [`SELECT '🙂' ,, 1`, '1:13: syntax error at or near ","'],
    ['SELECT 1\n  + :as_of :now', '2:12: syntax error at or near ":now"'],
    ['SELECT count(*) FROM', '1:21: syntax error at end of input'],
    [`SELECT :as_of,\n 'never closed\n, :now`, `2:2: unterminated quoted string at or near "'never closed`],
    ['SELECT "never closed', '1:8: unterminated quoted identifier at or near ""never closed"'],
    ['SELECT 1 /* never /* closed */', '1:10: unterminated /* comment at or near "/* never /* closed */"'],
    ['SELECT $a$ never $$ closed', '1:8: unterminated dollar-quoted string at or near "$a$ never $$ closed"'],
    [`SELECT\n'a\0b'`, '2:3: a NUL character'],
  ])('that is no SQL is refused with line and column: %j', async (source, message) => {
    expect(await refusal(source)).toBe(message);
  });
});

describe('on the server', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase({ template: 'empty' });
  });
  afterAll(() => database.drop());

  it.each([
    'SELECT :as_of AS a, :now AS b, :hourly_rate AS c',
    'SELECT 1 AS a -- the last line is a comment without a line end',
    'SELECT 1 AS a; -- and so it is behind a semicolon',
    'SELECT 1 AS a;;',
    `SELECT 'größe € 🙂' AS "Maß", :as_of AS a;\n/* the end */`,
    'TABLE pg_class',
  ])('what comes out can be run and described: %j', async (source) => {
    const { text, parameters } = await compile(source);
    const unit = kpiUnit({ sql: text, parameters });
    const values = parameters.map(
      (name) => ({ as_of: '2026-03-31', now: '2026-04-01T00:00:00Z', hourly_rate: 75 })[name],
    );
    const run = await database.client.query(text, values);
    const described = await describeKpi(database.client, unit, INPUT);
    expect(described.map(({ name, dataTypeID }) => [name, dataTypeID])).toEqual(
      run.fields.map(({ name, dataTypeID }) => [name, dataTypeID]),
    );
  });
});
