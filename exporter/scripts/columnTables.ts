import { describeType } from '../src/import/tables/importTable.js';
import type { ImportColumn } from '../src/import/tables/importTable.js';
import { IMPORT_TABLES } from '../src/import/tables/tables.js';

/** For docs/data-flow.md: by marker, what each column of a file for a table holds. */
export function columnTables(): Record<string, string> {
  return Object.fromEntries(
    IMPORT_TABLES.map(({ name, key, columns }) => [
      `columns of ${name}`,
      [
        '',
        '| column of a file | holds | where it is empty | meaning |',
        '| --- | --- | --- | --- |',
        ...columns.map((column) => {
          const title = key.includes(column.name) ? `\`${column.name}\` (key)` : `\`${column.name}\``;
          return `| ${[title, describeType(column.type), whenEmpty(column), column.meaning].join(' | ')} |`;
        }),
        '',
      ].join('\n'),
    ]),
  );
}

function whenEmpty({ isRequired, standard }: ImportColumn): string {
  if (isRequired === true) return 'refused';
  return standard === undefined
    ? 'unknown (NULL)'
    : `a new row has \`${standard.replaceAll("'", '')}\`, another keeps its own`;
}
