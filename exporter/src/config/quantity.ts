import { ExplainedError } from '../yaml/explainedError.js';

/** Base units of a configured number: ratio (1 = 100%), seconds, dollars, a count or a score. */
export type QuantityUnit = 'ratio' | 'seconds' | 'dollars' | 'count' | 'score';

/** How a duration may be written: a number and one of these. */
export type DurationUnit = 'ms' | 's' | 'm' | 'h' | 'd' | 'w';

const MILLISECONDS: Readonly<Record<DurationUnit, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const PLAIN = String.raw`\d+(?:\.\d+)?`;
const GROUPED = String.raw`\d{1,3}(?:,\d{3})+(?:\.\d+)?`;

/**
 * The accepted text of each unit as regular expressions without a sign: the parser below and the JSON Schemas use the
 * same ones.
 */
export const QUANTITY_PATTERN: Readonly<Record<QuantityUnit, string>> = {
  ratio: `(?:${PLAIN} ?%|0(?:\\.\\d+)?|1(?:\\.0+)?)`,
  seconds: `${PLAIN} ?(?:ms|s|m|h|d|w)`,
  dollars: `\\$?(?:${PLAIN}|${GROUPED})`,
  count: String.raw`(?:\d+|\d{1,3}(?:,\d{3})+)`,
  score: PLAIN,
};

/** How a quantity of each unit is written, for error messages. */
export const EXPECTED_QUANTITY: Readonly<Record<QuantityUnit, string>> = {
  ratio: 'a percentage such as 20%, or a ratio from 0 to 1 such as 0.2',
  seconds: 'a duration with its unit, such as 30s, 48h or 14d (ms, s, m, h, d, w)',
  dollars: 'an amount such as $50,000 or 50000',
  count: 'a number such as 3',
  score: 'a number such as 2.5',
};

/** The text or number cannot be read as a quantity of the unit; the message says how to write it. */
export class QuantityError extends ExplainedError {
  override readonly name = 'QuantityError';
}

/**
 * `20%` -> 0.2, `48h` -> 172800, `$50,000` -> 50000, `3` -> 3: the number in base units.
 * A bare number above 1 for a ratio is refused, because 15 may mean 15% or 1500%; a bare number for a duration is
 * refused, because it lacks its unit. A leading minus is read, so that the caller's range can name the limit.
 * @throws {QuantityError} with the fix
 */
export function parseQuantity(raw: string | number, unit: QuantityUnit): number {
  if (typeof raw === 'number' && !Number.isFinite(raw)) {
    throw new QuantityError(`${raw} is not a number to compare with: write ${EXPECTED_QUANTITY[unit]}`);
  }
  const text = String(raw).trim();
  const negative = text.startsWith('-');
  const body = negative ? text.slice(1) : text;
  if (/^\d/.test(body) && Number.isFinite(Number(body))) {
    const number = Number(body);
    if (unit === 'seconds') {
      throw new QuantityError(`${text} has no unit: write ${text}s, ${text}h or ${text}d`);
    }
    if (unit === 'ratio' && number > 1) {
      throw new QuantityError(
        `${text} could mean ${text}% or ${format(number * 100)}%: write the percent sign, as in ${text}%`,
      );
    }
    // YAML gives 1e3 and 0x10 as numbers; as text they are slips.
    if (typeof raw === 'number') {
      return negative ? -number : number;
    }
  }
  if (!new RegExp(`^${QUANTITY_PATTERN[unit]}$`).test(body)) {
    throw new QuantityError(`"${shorten(text)}" is not understood: write ${EXPECTED_QUANTITY[unit]}`);
  }
  const value = toBaseUnit(body, unit);
  if (!Number.isFinite(value)) {
    throw new QuantityError(`"${shorten(text)}" is too large`);
  }
  return negative ? -value : value;
}

function toBaseUnit(body: string, unit: QuantityUnit): number {
  const digits = body.replace(/[$,%a-z ]/g, '');
  if (unit === 'seconds') {
    return durationMilliseconds(body) / 1_000;
  }
  // Through the decimal text, not a division: 7% is the double nearest 0.07.
  return body.endsWith('%') ? Number(`${digits}e-2`) : Number(digits);
}

/** Milliseconds of a duration text that QUANTITY_PATTERN.seconds has accepted; rounded to whole milliseconds. */
function durationMilliseconds(body: string): number {
  const match = /^([\d.]+) ?(ms|s|m|h|d|w)$/.exec(body);
  const [, amount, unit] = match ?? [];
  return isDurationUnit(unit) ? Math.round(Number(amount) * MILLISECONDS[unit]) : Number.NaN;
}

function isDurationUnit(text: string | undefined): text is DurationUnit {
  return text !== undefined && text in MILLISECONDS;
}

/**
 * The value as people write it: `20%`, `$50,000`, `48h`, `14d`, `3`, `4.0`; rounded to two decimals for reading.
 * Durations take the largest unit that fits, hours up to 48h; `durationUnit` asks for a particular one.
 */
export function formatQuantity(value: number, unit: QuantityUnit, durationUnit?: DurationUnit): string {
  if (!Number.isFinite(value)) {
    return String(value);
  }
  const sign = value < 0 ? '-' : '';
  const size = Math.abs(value);
  switch (unit) {
    case 'ratio':
      // Twelve digits hide binary noise: 0.07 * 100 is 7.000000000000001.
      return `${sign}${format(Number((size * 100).toPrecision(12)))}%`;
    case 'dollars':
      return `${sign}$${Number.isInteger(size) ? format(size) : format(size, 2)}`;
    case 'seconds':
      return `${sign}${formatDuration(size * 1_000, durationUnit)}`;
    case 'score':
      return `${sign}${format(size, 1)}`;
    case 'count':
      return `${sign}${format(size)}`;
  }
}

function formatDuration(milliseconds: number, wanted?: DurationUnit): string {
  const largest = (
    [
      ['d', 3],
      ['h', 1],
      ['m', 1],
      ['s', 1],
    ] as const
  ).find(([unit, least]) => milliseconds >= least * MILLISECONDS[unit])?.[0];
  const even = (['d', 'h', 'm', 's'] as const).find(
    (unit) => (unit !== 'd' || largest === 'd') && milliseconds > 0 && milliseconds % MILLISECONDS[unit] === 0,
  );
  // 90s and 36h are read more easily than 1.5m and 1.5d, 331200s is not: an even unit may be one step smaller.
  const close = even !== undefined && milliseconds / MILLISECONDS[even] < 1_000 ? even : undefined;
  const unit = wanted ?? close ?? largest ?? (milliseconds === 0 ? 's' : 'ms');
  return `${format(milliseconds / MILLISECONDS[unit]).replaceAll(',', '')}${unit}`;
}

function format(value: number, leastDecimals = 0): string {
  // Below one hundredth, two decimals would show 0 for something that is not.
  const options: Intl.NumberFormatOptions =
    value > 0 && value < 0.01
      ? { maximumSignificantDigits: 2 }
      : { minimumFractionDigits: leastDecimals, maximumFractionDigits: Math.max(2, leastDecimals) };
  return new Intl.NumberFormat('en-US', options).format(value);
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
