import { suggestion } from '../../yaml/didYouMean.js';
import type { Problem } from '../../yaml/problem.js';
import type { Cell } from '../cells/readCell.js';
import { quoted } from '../cells/refused.js';
import type { ImportColumn } from '../tables/importTable.js';
import type { Mapping } from './mappingFile.js';

/** A column of the table with where its value comes from. */
export interface BoundColumn {
  readonly column: ImportColumn;
  /** Fields of the file, from 0; the first that is not empty counts. */
  readonly fields: readonly number[];
  /** Where the file has no field for it. */
  readonly constant: string | null;
}

export interface Binding {
  readonly columns: readonly BoundColumn[];
  /** Whether a row is read at all. */
  readonly isWanted: (cells: readonly Cell[]) => boolean;
  readonly problems: readonly Problem[];
}

/** In the file of refused rows; ignored where such a file is imported again. */
export const REASON_HEADER = 'refused_because';

/** Compares the headers of a file with the columns of the table; problems name the field's number. */
export function bindHeader(
  headers: readonly string[],
  place: { readonly file: string; readonly line: number },
  mapping: Mapping,
): Binding {
  const { table } = mapping;
  const names = table.columns.map(({ name }) => name);
  const problems: Problem[] = [];
  const add = (message: string, field = 0): void => {
    problems.push({ ...place, column: field + 1, path: '', message });
  };
  const fields = new Map<string, number[]>();
  const known = new Set([...Object.keys(mapping.columns), ...Object.keys(mapping.only)]);
  const seen = new Map<string, number>();
  headers.forEach((header, field) => {
    const name = header.trim();
    const targets = mapping.columns[name] ?? (names.includes(name) ? [name] : []);
    if (targets.length === 0 && !known.has(name)) {
      if (mapping.other_columns === 'refuse' && name !== REASON_HEADER) {
        add(`${table.name} has no column ${quoted(name)}${suggestion(name, names)}; ${EXTRA}`, field);
      }
      return;
    }
    const first = seen.get(name);
    if (first !== undefined) {
      add(`a second column ${quoted(name)}; the first is field ${first + 1}`, field);
      return;
    }
    seen.set(name, field);
    for (const target of targets) fields.set(target, [...(fields.get(target) ?? []), field]);
  });
  for (const header of [...Object.keys(mapping.columns), ...Object.keys(mapping.only)]) {
    if (!seen.has(header) && !mapping.optional.includes(header)) {
      add(
        `has no column ${quoted(header)}, which the mapping names${suggestion(header, headers)}; there are ${list(headers)}`,
      );
    }
  }
  const order = Object.keys(mapping.columns);
  const columns = table.columns.flatMap((column): BoundColumn[] => {
    const own = (fields.get(column.name) ?? []).toSorted(
      (a, b) => order.indexOf(headers[a]?.trim() ?? '') - order.indexOf(headers[b]?.trim() ?? ''),
    );
    const constant = mapping.constants[column.name] ?? null;
    if (own.length === 0 && constant === null) {
      if (column.isRequired === true)
        add(`lacks ${column.name} (${column.meaning}): add the column, or give it with --set ${column.name}=VALUE`);
      return [];
    }
    return [{ column, fields: own, constant }];
  });
  const wanted = Object.entries(mapping.only).map(([header, values]) => ({
    field: seen.get(header) ?? -1,
    values: new Set(values),
  }));
  return {
    columns,
    isWanted: (cells) =>
      wanted.every(({ field, values }) => {
        const text = String(cells[field] ?? '').trim();
        return values.has(text) || (text !== '' && values.has('*'));
      }),
    problems,
  };
}

const EXTRA = 'rename or remove it, or say in a mapping which column it fills (--map FILE)';

function list(headers: readonly string[]): string {
  const shown = headers
    .slice(0, 20)
    .map((header) => quoted(header.trim()))
    .join(', ');
  return headers.length > 20 ? `${shown} and ${headers.length - 20} more` : shown;
}
