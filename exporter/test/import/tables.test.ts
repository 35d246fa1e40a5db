import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMPORT_TABLES } from '../../src/import/tables/tables.js';
import { targetOf } from '../../src/import/tables/importTable.js';
import type { ColumnType } from '../../src/import/tables/importTable.js';
import { templateOf } from '../../src/import/template.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';

interface CatalogColumn {
  readonly name: string;
  readonly type: string;
  readonly is_required: boolean;
  readonly standard: string | null;
}

/** Written by a trigger, by the database, or by who runs `import`. */
const NOT_IMPORTED = ['id', 'opportunity_id', 'conflict_id', 'value_capture_event_id', 'created_at'];

describe('the tables that rows are imported into', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());
  const column = async (sql: string, values: unknown[]): Promise<unknown[]> =>
    (await database.client.query<unknown[]>({ text: sql, values, rowMode: 'array' })).rows.map(([one]) => one);

  it.each(IMPORT_TABLES.map((table) => [table.name, table] as const))(
    '%s is described as the database has it',
    async (name, table) => {
      const { rows } = await database.client.query<CatalogColumn>(
        `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AND d.adbin IS NULL AS is_required,
              regexp_replace(pg_get_expr(d.adbin, d.adrelid), '::\\w+$', '') AS standard
         FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1`,
        [name],
      );
      // By its moment an event is known again: the file says it, whatever the database would write.
      const moments = table.key.filter((key) => key.endsWith('ed_at'));
      const described = table.columns.flatMap((one): CatalogColumn[] => {
        const own = {
          name: targetOf(one),
          type: typeOf(one.type),
          is_required: one.isRequired === true,
          standard: one.standard ?? null,
        };
        return one.keepsName === undefined ? [own] : [own, { ...own, name: one.keepsName, type: 'text' }];
      });
      const names = described.map((one) => one.name);
      expect(described.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(
        rows
          .filter((one) => names.includes(one.name) || !NOT_IMPORTED.includes(one.name))
          .map((one) => (moments.includes(one.name) ? { ...one, is_required: true, standard: null } : one)),
      );
      const words = table.columns.flatMap(({ type }) => (type.kind === 'word' ? type.words : []));
      const checks = await column(
        `SELECT DISTINCT (regexp_matches(pg_get_constraintdef(oid), '''([A-Za-z_]+)''', 'g'))[1] FROM pg_constraint
        WHERE conrelid = $1::regclass AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%ANY%'`,
        [name],
      );
      expect(words.toSorted()).toEqual(checks.map(String).toSorted());
      const [unique] = await column(
        `SELECT count(*)::int FROM pg_index i
        WHERE i.indrelid = $1::regclass AND i.indisunique AND i.indpred IS NULL
          AND (SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute a
                WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)) = $2`,
        [name, table.columns.flatMap((one) => (table.key.includes(one.name) ? [targetOf(one)] : [])).toSorted()],
      );
      expect(table.isKeyUnique ?? false).toBe(unique === 1);
    },
  );

  it('are those whose heartbeats a KPI or an alert reads', async () => {
    const text = await readFile(new URL('../../../docs/data-flow.md', import.meta.url), 'utf8');
    const [, section = ''] = /^## Heartbeats$(.*?)^## /ms.exec(text) ?? [];
    const documented = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, one]) => one).toSorted();
    expect(
      IMPORT_TABLES.filter((table) => table.hasHeartbeat === true)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(documented);
  });

  it('have a template whose examples are rows of the table', () => {
    for (const table of IMPORT_TABLES) {
      const lines = templateOf(table).trimEnd().split('\n');
      expect(lines.at(-1)).toBe(table.columns.map(({ name }) => name).join(','));
      expect(lines.slice(0, -1).filter((line) => !line.startsWith('# ') || line.includes('"'))).toEqual([]);
    }
  });
});

function typeOf(type: ColumnType): string {
  switch (type.kind) {
    case 'number':
      return `numeric(${type.digits},${type.decimals})`;
    case 'moment':
      return 'timestamp with time zone';
    case 'word':
    case 'text':
      return 'text';
    case 'integer':
      return 'integer';
    case 'day':
      return 'date';
    case 'flag':
      return 'boolean';
    case 'json':
      return 'jsonb';
    case 'reference':
      return 'uuid';
  }
}
