import { didYouMean } from '../../yaml/didYouMean.js';
import type { ColumnType, ImportColumn } from '../tables/importTable.js';
import type { References } from '../load/references.js';
import { readHours, readNumber } from './readNumber.js';
import type { NumberForm } from './readNumber.js';
import type { TimeReader } from './readTime.js';
import { Refused, quoted } from './refused.js';

/** A cell of a file: text, or what JSON says. null: empty. */
export type Cell = string | number | boolean | null;

export interface CellForm extends NumberForm {
  readonly times: TimeReader;
  /** Whether more decimals than the column has are rounded. */
  readonly round: boolean;
  /** By column, what the words of the file mean. */
  readonly values: ReadonlyMap<string, ReadonlyMap<string, string | null>>;
}

/** Reads the cells of one column: what SQL takes, null where the cell is empty. */
export type CellReader = (cell: Cell) => string | null | Refused;

export function cellReader(column: ImportColumn, form: CellForm, references: References): CellReader {
  const { name, type } = column;
  const words = form.values.get(name);
  const read = typeReader(type, form, references, words !== undefined);
  return (cell) => {
    const text = typeof cell === 'string' ? cell.trim() : cell === null ? '' : String(cell);
    const meant = words?.get(text);
    if (meant === null || (text === '' && meant === undefined)) {
      return column.isRequired === true ? new Refused(`is empty; every row needs it (${column.meaning})`) : null;
    }
    // JSON writes its numbers in one way only.
    if (typeof cell === 'number' && meant === undefined && type.kind === 'number')
      return limited(plainNumber(cell), type, form);
    return read(meant ?? text);
  };
}

function plainNumber(value: number): string {
  return String(value).includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : String(value);
}

function typeReader(
  type: ColumnType,
  form: CellForm,
  references: References,
  hasWords: boolean,
): (text: string) => string | Refused {
  switch (type.kind) {
    case 'text':
      return (text) => readText(text, type.maxBytes);
    case 'word':
      return (text) => (type.words.includes(text) ? text : new Refused(explainWord(text, type.words, hasWords)));
    case 'integer':
      return (text) => readInteger(text, type, form);
    case 'number':
      return (text) => {
        const number = type.isHours === true ? readHours(text, form) : readNumber(text, form);
        return number instanceof Refused ? number : limited(number, type, form, text.includes(':'));
      };
    case 'day':
      return (text) => form.times.day(text);
    case 'moment':
      return (text) => form.times.moment(text);
    case 'flag':
      return readFlag;
    case 'json':
      return readJsonList;
    case 'reference':
      return (text) => references.find(type.to, text);
  }
}

function readText(text: string, maxBytes = 1024 * 1024): string | Refused {
  if (text.includes('\0')) return new Refused('holds a NUL character, which the database cannot store');
  if (/\p{Cs}/u.test(text)) return new Refused('holds half a character (a lone surrogate)');
  return text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes
    ? new Refused(`is longer than ${maxBytes.toLocaleString('en-US')} bytes`)
    : text;
}

function explainWord(text: string, words: readonly string[], hasWords: boolean): string {
  const near = didYouMean(text, words);
  const choice = near === null ? `there are ${words.join(', ')}` : `did you mean ${near}?`;
  return `${quoted(text)} is not known; ${choice}${hasWords ? ' (the mapping has no value for it either)' : ''}`;
}

function readInteger(
  text: string,
  { least, most }: { readonly least: number; readonly most: number },
  form: CellForm,
): string | Refused {
  const number = readNumber(text, form);
  if (number instanceof Refused) return number;
  // A spreadsheet writes 39.0 for a whole number.
  const whole = number.replace(/\.0+$/, '');
  if (whole.includes('.')) return new Refused(`${quoted(text)} is not a whole number`);
  const value = Number(whole);
  if (value < least || value > most)
    return new Refused(`${quoted(text)} is not ${least} to ${most.toLocaleString('en-US')}`);
  return whole;
}

function limited(
  number: string,
  {
    digits,
    decimals,
    least,
    most,
  }: { readonly digits: number; readonly decimals: number; readonly least: number; readonly most?: number },
  form: CellForm,
  isRounded = form.round,
): string | Refused {
  const value = Number(number);
  if (value < least) {
    return new Refused(
      `${quoted(number)} is less than ${least}${least === 0 ? '; amounts here are not negative, spending is positive' : ''}`,
    );
  }
  const greatest = most ?? 10 ** (digits - decimals) - 1;
  if (value > greatest) return new Refused(`${quoted(number)} is more than ${greatest.toLocaleString('en-US')}`);
  const places = /\.(\d*[1-9])?0*$/.exec(number)?.[1]?.length ?? 0;
  if (places <= decimals || isRounded) return number;
  return new Refused(
    `${quoted(number)} has more than ${decimals} decimals; round it, or say round: true in the mapping` +
      (places === 3 ? '; where the point separates thousands, say decimal: ","' : ''),
  );
}

function readFlag(text: string): string | Refused {
  if (/^(true|yes|y|1|checked)$/i.test(text)) return 'true';
  if (/^(false|no|n|0|unchecked)$/i.test(text)) return 'false';
  return new Refused(`${quoted(text)} is neither true nor false`);
}

function readJsonList(text: string): string | Refused {
  try {
    if (Array.isArray(JSON.parse(text))) return readText(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return new Refused(`${quoted(text)} is not a JSON list`);
}
