import type { Cell } from '../cells/readCell.js';

/** Rows of a file one after the other, whatever its form. */
export interface Source {
  readonly headers: readonly string[];
  /** Where they stand, from 1. */
  readonly headerLine: number;
  readonly rows: AsyncIterable<SourceRow>;
}

export interface SourceRow {
  /** Where it begins in the file, from 1. */
  readonly line: number;
  readonly cells: readonly Cell[];
  /** Why it is no row of this file, with the field from 0. */
  readonly broken?: { readonly field: number; readonly message: string };
}

/** More columns than any table of the portfolio or any export has; beyond, the file is something else. */
export const MAX_FIELDS = 1_000;
/** A row that is longer is something else, such as a quote that is never closed. */
export const MAX_ROW_CHARACTERS = 1024 * 1024;
