import { visibleText } from '../../format/visibleText.js';
import { ASKED_NUMBERS, type AskedNumber, expectedRange, type Numbers, withUnit } from './askedNumbers.js';

/** What was sent, checked. */
export interface NumberForm {
  /** As they were typed, to be shown again. */
  readonly typed: Readonly<Record<string, string>>;
  readonly numbers: Numbers;
  /** By field what is wrong with it. */
  readonly problems: ReadonlyMap<string, string>;
  /** By field what has to be confirmed and was not. */
  readonly doubts: ReadonlyMap<string, string>;
  /** Fields that were doubted and confirmed. */
  readonly confirmed: readonly string[];
}

export const MAX_TYPED = 40;
const PLAIN = /^\d+(?:\.\d+)?$/;

/**
 * Reads the fields of the form. Only 1234.56 is a number: whatever can be read in two ways is refused with the cure.
 * @param last the period before, by key
 * @param reported what the rows have of this period: usage and scores that are there cannot be taken back, only corrected
 */
export function readNumberForm(fields: Readonly<Record<string, string>>, last: Numbers, reported: Numbers): NumberForm {
  const typed: Record<string, string> = {};
  const numbers: Record<string, string | null> = {};
  const problems = new Map<string, string>();
  const doubts = new Map<string, string>();
  const confirmed: string[] = [];
  for (const asked of ASKED_NUMBERS) {
    const { key } = asked;
    const text = (fields[key] ?? '').trim();
    typed[key] = text.slice(0, MAX_TYPED * 2);
    const read = readOne(asked, text);
    numbers[key] = 'number' in read ? read.number : null;
    if ('problem' in read) problems.set(key, read.problem);
    if (!('number' in read)) continue;
    if (read.number === null) {
      if (asked.table !== 'metrics' && reported[key] != null)
        problems.set(key, 'This is reported already and cannot be taken back: write the right number, 0 for none.');
      continue;
    }
    const doubt = doubtAbout(asked, read.number, last[key]);
    // The box that was ticked names the number: another number has to be confirmed anew.
    if (doubt !== null && fields[sureField(key)] === read.number) confirmed.push(key);
    else if (doubt !== null) doubts.set(key, doubt);
  }
  const scores = ASKED_NUMBERS.filter(({ table }) => table === 'assessments');
  const missing = scores.filter(({ key }) => numbers[key] === null);
  if (missing.length > 0 && missing.length < scores.length) {
    for (const { key } of missing)
      if (!problems.has(key)) problems.set(key, 'The four scores belong together: give all of them or none.');
  }
  return { typed, numbers, problems, doubts, confirmed };
}

/** The box that confirms a number. */
export function sureField(key: string): string {
  return `sure_${key}`;
}

function doubtAbout(asked: AskedNumber, number: string, last: string | null | undefined): string | null {
  const range = expectedRange(asked, last);
  if (range === null || (Number(number) >= range.least && Number(number) <= range.most)) return null;
  const base = Number(last);
  const percent = Math.round((Math.abs(Number(number) - base) / base) * 100).toLocaleString('en-US');
  const way = Number(number) > base ? 'more' : 'less';
  return `${withUnit(asked, number)} is ${percent}% ${way} than the ${withUnit(asked, base)} before. Are you sure?`;
}

function readOne(
  { key, unit, decimals, most }: AskedNumber,
  text: string,
): { readonly number: string | null } | { readonly problem: string } {
  if (text === '') return { number: null };
  const shown = `"${visibleText(text, MAX_TYPED)}"`;
  if (text.length > MAX_TYPED) return { problem: `${shown} is too long for a number: check the digits.` };
  const bare = unit === '$' ? text.replace(/^\$\s*/, '') : text;
  if (/^[-−–(]/.test(bare)) {
    return {
      problem:
        key === 'monthly_burn'
          ? `Burn is what was spent, without a minus sign: write ${bare.replaceAll(/[^\d.]/g, '') || '58000'}.`
          : `${shown} is below 0, which this number cannot be.`,
    };
  }
  if (!PLAIN.test(bare)) {
    if (/^[\d.,\s'’]+$/.test(bare) && /\d/.test(bare)) {
      return {
        problem: `${shown} can be read in two ways: write it without separators of thousands and with a point before decimals, such as 1234.56.`,
      };
    }
    return { problem: `${shown} is not a number: write digits, such as ${decimals === 0 ? '1200' : '1234.56'}.` };
  }
  const [, fraction = ''] = bare.split('.');
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > decimals) {
    return {
      problem: decimals === 0 ? `${shown} is not a whole number.` : `${shown} has more than ${decimals} decimals.`,
    };
  }
  if (Number(bare) > most) {
    return {
      problem: `${shown} is more than ${most.toLocaleString('en-US')}, the most that this can be: check the digits.`,
    };
  }
  const whole = bare.replace(/\..*$/, '').replace(/^0+(?=\d)/, '');
  return { number: significant === '' ? whole : `${whole}.${significant}` };
}
