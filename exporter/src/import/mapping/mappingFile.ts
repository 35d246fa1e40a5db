import { z } from 'zod';
import { suggestion } from '../../yaml/didYouMean.js';
import { ConfigError } from '../../yaml/problem.js';
import { readYamlDocument } from '../../yaml/yamlDocument.js';
import type { YamlPath } from '../../yaml/yamlLocator.js';
import { findTable, TABLE_NAMES } from '../tables/tables.js';
import type { ImportTable } from '../tables/importTable.js';

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'iso-8859-1', 'windows-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

const texts = z
  .union([z.string(), z.array(z.string()).min(1)], { error: 'expected a text or a list of texts' })
  .transform((value) => (typeof value === 'string' ? [value] : value));

/** What may be written in a mapping file. */
export const mappingSchema = z.strictObject({
  table: z.enum(TABLE_NAMES).describe('Where the rows go.'),
  columns: z
    .record(z.string(), texts)
    .default({})
    .describe(
      'By header of the file, the column (or columns) that it fills. Of several headers for one column the first that is not empty counts.',
    ),
  optional: z.array(z.string()).default([]).describe('Headers that a file may lack.'),
  other_columns: z
    .enum(['refuse', 'ignore'])
    .default('refuse')
    .describe('What is done with headers that are neither above nor columns of the table.'),
  constants: z.record(z.string(), z.string()).default({}).describe('By column, the value that every row has.'),
  values: z
    .record(z.string(), z.record(z.string(), z.string().nullable()))
    .default({})
    .describe('By column, what a word of the file means: Done: COMPLETED. null: empty.'),
  only: z
    .record(z.string(), texts)
    .default({})
    .describe(
      "By header of the file, the values of the rows that are read, '*' for any that is not empty. Others are counted and left out.",
    ),
  date_format: texts
    .optional()
    .describe('How dates and times are written, in tokens of Luxon: dd/MM/yyyy. Left out: ISO 8601.'),
  decimal: z
    .enum(['.', ','])
    .optional()
    .describe('What separates decimals; the others of . , space and apostrophe separate thousands.'),
  currency: texts.optional().describe('Signs or codes that stand beside amounts, which are dollars.'),
  round: z.boolean().default(false).describe('Whether more decimals than a column has are rounded.'),
  duplicates: z
    .enum(['refuse', 'sum'])
    .default('refuse')
    .describe('What is done with several rows of a file about the same thing: their amounts may be added.'),
  encoding: z.enum(ENCODINGS).optional().describe('Left out: UTF-8, or UTF-16 with its mark.'),
  delimiter: z
    .string()
    .length(1)
    .optional()
    .describe('Left out: the first of comma, semicolon, tab and | that the header has.'),
  months: z
    .strictObject({
      format: texts.describe('How the headers write a month: MMM yyyy.'),
      day: z.string().describe('The column that gets the last day of the month.'),
      other_headers: z.array(z.string()).default([]).describe('Headers of columns that are no month, such as Total.'),
      rows: z.record(z.string(), texts).describe('By column, the labels of the rows whose amounts are added.'),
    })
    .optional()
    .describe('For a table whose columns are months: a row of the file becomes a column.'),
});

/** A mapping, checked: what the file says, and the table that it is about. */
export interface Mapping extends Omit<z.output<typeof mappingSchema>, 'table'> {
  readonly table: ImportTable;
}

/**
 * The content of a mapping file.
 * @throws {ConfigError} with every problem at once, each with file, line, path and what would be right
 */
export function parseMapping(text: string, file: string): Mapping {
  const { value, problemAt } = readYamlDocument(text, file, mappingSchema);
  const table = findTable(value.table);
  const names = table.columns.map(({ name }) => name);
  const unknown = (name: string, path: YamlPath) =>
    names.includes(name) ? [] : [problemAt(path, `${table.name} has no column ${name}${suggestion(name, names)}`)];
  const problems = [
    ...Object.entries(value.columns).flatMap(([header, columns]) =>
      columns.flatMap((name) => unknown(name, ['columns', header])),
    ),
    ...Object.keys(value.constants).flatMap((name) => unknown(name, ['constants', name])),
    ...Object.keys(value.values).flatMap((name) => unknown(name, ['values', name])),
    ...value.optional
      .filter((header) => value.columns[header] === undefined)
      .map((header) =>
        problemAt(
          ['optional', value.optional.indexOf(header)],
          `${header} is no header of columns:${suggestion(header, Object.keys(value.columns))}`,
        ),
      ),
  ];
  if (value.round && value.decimal === undefined) {
    problems.push(problemAt(['round'], 'needs decimal: too, so that 1.234 is not taken for what it is not'));
  }
  if (value.duplicates === 'sum') {
    const others = table.columns.filter(
      ({ name, type }) => !table.key.includes(name) && type.kind !== 'number' && type.kind !== 'integer',
    );
    const [mapped] = others.filter(
      ({ name }) => Object.values(value.columns).flat().includes(name) || value.constants[name] !== undefined,
    );
    if (mapped !== undefined)
      problems.push(problemAt(['duplicates'], `${mapped.name} is not an amount: it cannot be added`));
  }
  if (value.months !== undefined) {
    if (value.date_format !== undefined) problems.push(problemAt(['date_format'], 'months: has a format of its own'));
    problems.push(
      ...unknown(value.months.day, ['months', 'day']),
      ...Object.keys(value.months.rows).flatMap((name) => unknown(name, ['months', 'rows', name])),
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...value, table };
}

/** What holds for a file without a mapping: headers as the table's columns, everything written in one way. */
export function plainMapping(table: ImportTable): Mapping {
  return { ...mappingSchema.parse({ table: table.name }), table };
}
