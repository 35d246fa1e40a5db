import { Refused, quoted } from './refused.js';

/** How people write numbers, as far as the mapping says it. */
export interface NumberForm {
  /** null: nobody has said it, so that only 1234.56 is a number. */
  readonly decimal: '.' | ',' | null;
  /** Signs and codes that stand beside an amount. */
  readonly currency: readonly string[];
}

const PLAIN = /^[+-]?\d+(?:\.\d+)?$/;
const GROUPED = {
  '.': /^\d{1,3}(?:[, '’\u00a0\u202f]\d{3})+(?:\.\d+)?$/,
  ',': /^\d{1,3}(?:[. '’\u00a0\u202f]\d{3})+(?:,\d+)?$/,
};
const UNGROUPED = { '.': /^\d+(?:\.\d+)?$/, ',': /^\d+(?:,\d+)?$/ };
const DURATION = /^(\d+):([0-5]\d)(?::([0-5]\d))?$/;

/** A number as SQL writes it; brackets for a negative amount only where the mapping says how numbers are written. */
export function readNumber(text: string, form: NumberForm): string | Refused {
  const { decimal } = form;
  if (decimal !== ',' && PLAIN.test(text)) return text.startsWith('+') ? text.slice(1) : text;
  if (/^[=@]/.test(text)) return new Refused(`${quoted(text)} is a formula, not a number; export the values`);
  const bare = withoutCurrency(text, form.currency);
  if (bare instanceof Refused) return bare;
  const [, opened, minus, digits = '', closed] = /^(\()?([+\-−])?(.*?)(\))?$/s.exec(bare) ?? [];
  if (
    decimal !== null &&
    (opened === undefined) === (closed === undefined) &&
    !(opened !== undefined && minus !== undefined)
  ) {
    const amount = digits.trim();
    if (UNGROUPED[decimal].test(amount) || GROUPED[decimal].test(amount)) {
      const plain = amount.replaceAll(decimal === '.' ? /[^\d.]/g : /[^\d,]/g, '').replace(',', '.');
      return opened !== undefined || minus === '-' || minus === '−' ? `-${plain}` : plain;
    }
  }
  return new Refused(explain(text, bare, decimal));
}

/** Working time in hours: a number, or `1:30:00`. */
export function readHours(text: string, form: NumberForm): string | Refused {
  const [, hours, minutes = '0', seconds = '0'] = DURATION.exec(text) ?? [];
  if (hours === undefined) return readNumber(text, form);
  return (Number(hours) + Number(minutes) / 60 + Number(seconds) / 3600).toFixed(6);
}

function withoutCurrency(text: string, signs: readonly string[]): string | Refused {
  let bare = text;
  for (const sign of signs) {
    // The sign may stand before or behind, and the minus before or behind it.
    bare = bare.replace(sign, '').trim();
    if (bare !== text) break;
  }
  bare = bare.replace(/^([-−(+])\s+/, '$1');
  const [sign] = /\p{Sc}/u.exec(bare) ?? [];
  if (sign === undefined) return bare;
  return new Refused(
    `${quoted(text)} bears ${sign}: money here is in dollars; where the amounts are dollars, say currency: "${sign}" in the mapping`,
  );
}

function explain(text: string, bare: string, decimal: NumberForm['decimal']): string {
  if (/^[+-]?\d+(?:\.\d+)?e[+-]?\d+$/i.test(text)) {
    return `${quoted(text)} was shortened by a spreadsheet; format its column as a number and export again`;
  }
  if (/^\d+([,.]\d+)+$/.test(bare.replace(/^[-−(+]/, '').replace(/\)$/, '')) && decimal === null) {
    return `${quoted(text)} can be read in two ways; say decimal: "." or decimal: "," in the mapping`;
  }
  if (decimal !== null && /^[-−(+]?[\d.,\s'’]+\)?$/.test(bare)) {
    return `${quoted(text)} is no number whose decimals are separated by ${quoted(decimal)}, as the mapping says`;
  }
  return `${quoted(text)} is not a number`;
}
