import { DateTime } from 'luxon';
import { readNumber } from '../cells/readNumber.js';
import { Refused, quoted } from '../cells/refused.js';
import { ImportError } from '../importError.js';
import type { Mapping } from '../mapping/mappingFile.js';
import { csvRecords } from './readCsv.js';
import type { CsvRecord } from './readCsv.js';
import type { Source, SourceRow } from './source.js';

type Months = NonNullable<Mapping['months']>;

/** A report of accounts has some hundred rows. */
const MAX_ROWS = 10_000;
/** Amounts are added without rounding: as whole numbers of ten thousandths. */
const DECIMALS = 4;

/**
 * A report whose columns are months, such as a profit and loss: a row for each month, with the amounts that the mapping names.
 * Titles above the header are passed over.
 * @throws {ImportError} where there is no header of months, a header that is none, or none of the rows that the mapping names
 */
export async function readMonths(
  file: string,
  chunks: AsyncIterable<string>,
  mapping: Mapping,
  months: Months,
): Promise<Source> {
  const records: CsvRecord[] = [];
  for await (const record of csvRecords(file, chunks, mapping.delimiter ?? null)) {
    records.push(record);
    if (records.length > MAX_ROWS) throw new ImportError(`${file}: more than ${MAX_ROWS} rows are no report of months`);
  }
  const dayOf = (text: string): string | null => lastDay(text.trim(), months.format);
  const at = records.findIndex(({ fields }) => fields.some((field) => dayOf(field) !== null));
  const header = records[at];
  if (header === undefined)
    throw new ImportError(`${file}: has no row of months, written as ${months.format.join(' or ')}`);
  const days = header.fields.map((field, index) => {
    const day = dayOf(field);
    const isOther = index === 0 || field.trim() === '' || months.other_headers.includes(field.trim());
    if (day === null && !isOther) {
      throw new ImportError(
        `${file}:${header.line}:${index + 1}: ${quoted(field)} is no whole month (${months.format.join(' or ')}); leave it out of the report`,
      );
    }
    return day;
  });
  const amounts = new Map(
    Object.entries(months.rows).map(([column, labels]) => [column, rowsOf(file, records.slice(at + 1), labels)]),
  );
  return {
    headers: [months.day, ...amounts.keys()],
    headerLine: header.line,
    rows: rowPerMonth(header.line, days, amounts, mapping),
  };
}

/** The rows of these labels; each label once. */
function rowsOf(file: string, records: readonly CsvRecord[], labels: readonly string[]): CsvRecord[] {
  const found = records.filter(({ fields }) => labels.includes(fields[0]?.trim() ?? ''));
  const twice = found.find(
    ({ fields }, index) => found.findIndex((one) => one.fields[0]?.trim() === fields[0]?.trim()) < index,
  );
  if (twice !== undefined) {
    throw new ImportError(
      `${file}:${twice.line}:1: a second row ${quoted(twice.fields[0] ?? '')}: which one counts? leave one in the report`,
    );
  }
  if (found.length > 0) return found;
  const there = records
    .flatMap(({ fields }) => (fields[0]?.trim().startsWith('Total') === true ? [quoted(fields[0].trim())] : []))
    .slice(0, 20);
  throw new ImportError(
    `${file}: has none of the rows ${labels.map(quoted).join(', ')} that the mapping names; there are ${there.join(', ')}`,
  );
}

// An iterator of the source is asynchronous, whatever it reads.
// eslint-disable-next-line @typescript-eslint/require-await
async function* rowPerMonth(
  headerLine: number,
  days: readonly (string | null)[],
  amounts: ReadonlyMap<string, readonly CsvRecord[]>,
  mapping: Mapping,
): AsyncGenerator<SourceRow> {
  const form = { decimal: mapping.decimal ?? null, currency: mapping.currency ?? [] };
  for (const [field, day] of days.entries()) {
    if (day === null) continue;
    let broken: { readonly line: number; readonly message: string } | undefined;
    const sums = [...amounts.values()].map((records) => {
      let sum: bigint | null = null;
      for (const { line, fields } of records) {
        const text = fields[field]?.trim() ?? '';
        if (text === '') continue;
        const amount = readNumber(text, form);
        if (amount instanceof Refused) broken ??= { line, message: amount.message };
        else if (/\.\d{5}/.test(amount))
          broken ??= { line, message: `${quoted(text)} has more than ${DECIMALS} decimals` };
        else sum = (sum ?? 0n) + scaled(amount);
      }
      return sum === null ? null : Number(sum) / 10 ** DECIMALS;
    });
    const cells = [day, ...sums];
    if (broken === undefined) yield { line: headerLine, cells };
    else yield { line: broken.line, cells, broken: { field, message: broken.message } };
  }
}

function scaled(amount: string): bigint {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(`${whole}${fraction.slice(0, DECIMALS).padEnd(DECIMALS, '0')}`);
}

function lastDay(text: string, formats: readonly string[]): string | null {
  for (const format of formats) {
    const time = DateTime.fromFormat(text, format, { locale: 'en-US', zone: 'utc' });
    if (time.isValid) return time.endOf('month').toISODate();
  }
  return null;
}
