import type { WriteStream } from 'node:fs';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Problem } from '../../yaml/problem.js';
import type { Cell } from '../cells/readCell.js';
import { ImportError } from '../importError.js';
import { REASON_HEADER } from '../mapping/bindHeader.js';

/** More problems than a person reads; the others are counted. */
export const MAX_SHOWN = 1_000;

/** What was refused of one file: shown in part, counted in full, and kept where a file for it is named. */
export class Refusals {
  readonly shown: Problem[] = [];
  #problems = 0;
  #rows = 0;
  readonly #keeper: RefusedRows | null;

  constructor(keeper: RefusedRows | null) {
    this.#keeper = keeper;
  }

  get problems(): number {
    return this.#problems;
  }

  get rows(): number {
    return this.#rows;
  }

  /** All that is wrong with one row. Throws the system's error where it cannot be kept. */
  async add(problems: readonly Problem[], cells: readonly Cell[]): Promise<void> {
    this.#rows += 1;
    this.#problems += problems.length;
    if (this.shown.length < MAX_SHOWN) this.shown.push(...problems.slice(0, MAX_SHOWN - this.shown.length));
    await this.#keeper?.write(cells, problems.map(({ path, message }) => `${path}: ${message}`).join('; '));
  }
}

/** A CSV file that appears with its last row, or not at all; the reason is its last column. */
export class RefusedRows {
  readonly #file: string;
  readonly #partial: string;
  #headers: readonly string[] = [];
  #stream: WriteStream | null = null;

  private constructor(file: string) {
    this.#file = file;
    this.#partial = `${file}.${process.pid}.partial`;
  }

  /** @throws {ImportError} where the file is there already: what it keeps may not be loaded yet */
  static async at(file: string): Promise<RefusedRows> {
    const isThere = await stat(file).then(
      () => true,
      () => false,
    );
    if (isThere)
      throw new ImportError(
        `${file}: is there already and may hold rows that were never loaded; move it away or name another`,
      );
    return new RefusedRows(file);
  }

  begin(headers: readonly string[]): void {
    this.#headers = headers;
  }

  async write(cells: readonly Cell[], reason: string): Promise<void> {
    if (this.#stream === null) {
      this.#stream = createWriteStream(this.#partial, { flags: 'wx' });
      // An error without a listener would end the process; the next write meets it.
      this.#stream.on('error', () => undefined);
      await once(this.#stream, 'open');
      await this.#write([...this.#headers.filter((header) => header !== REASON_HEADER), REASON_HEADER]);
    }
    const kept = cells.filter((_, field) => this.#headers[field] !== REASON_HEADER);
    await this.#write([...kept.map((cell) => (cell === null ? '' : String(cell))), reason]);
  }

  /** Everything is on the disk, under another name. */
  async close(): Promise<void> {
    if (this.#stream === null) return;
    this.#stream.end();
    await finished(this.#stream);
  }

  /** It appears under its name. */
  async publish(): Promise<void> {
    if (this.#stream !== null) await rename(this.#partial, this.#file);
  }

  async discard(): Promise<void> {
    if (this.#stream === null) return;
    this.#stream.destroy();
    await rm(this.#partial, { force: true });
  }

  async #write(fields: readonly string[]): Promise<void> {
    const stream = this.#stream;
    if (stream === null) return;
    if (stream.errored !== null) throw stream.errored;
    if (!stream.write(`${fields.map(harmless).join(',')}\r\n`)) await once(stream, 'drain');
  }
}

/** What a spreadsheet would take for a formula begins with an apostrophe, which importing the file takes away. */
function harmless(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.,]+$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The cells of a file of refused rows as they were before. */
export function asBefore(cells: readonly Cell[]): readonly Cell[] {
  return cells.map((cell) => (typeof cell === 'string' && /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell));
}
