import { MappingType, SpecialValueMatch } from '@grafana/grafana-foundation-sdk/dashboard';
import type { ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';

interface Shown {
  readonly color?: string;
  readonly text?: string;
}

/** Texts by what they stand for: `{Delayed: 'red'}`. */
export function valueColors(colors: Readonly<Record<string, string>>): ValueMapping {
  const options = Object.entries(colors).map(([value, color], index) => [value, { color, index }] as const);
  return { type: MappingType.ValueToText, options: Object.fromEntries(options) };
}

/** Numbers that stand for states: `{1: {text: 'met', color: 'green'}}`. */
export function valueTexts(texts: Readonly<Record<string, Shown>>): ValueMapping {
  const options = Object.entries(texts).map(([value, shown], index) => [value, { ...shown, index }] as const);
  return { type: MappingType.ValueToText, options: Object.fromEntries(options) };
}

/** Colour and text (`$1` is the first group) by the first pattern that matches. */
export function patterns(...list: readonly (readonly [pattern: string, shown: Shown])[]): ValueMapping[] {
  return list.map(([pattern, shown], index) => ({
    type: MappingType.RegexToText,
    options: { pattern, result: { ...shown, index } },
  }));
}

/** Names of KPIs, metrics, checks and thresholds as people write them, without the prefix that all metrics have: `data quality`. */
export const PLAIN_WORDS: readonly (readonly [pattern: string, shown: Shown])[] = Array.from(
  { length: 8 },
  (_, more) => {
    const words = Array.from({ length: more + 1 }, (_word, index) => index + 1);
    const prefix = more === 0 ? 'portfolio_' : '(?:portfolio_)?';
    return [
      `^${prefix}${words.map(() => '([^_]+)').join('_')}$`,
      { text: words.map((word) => `$${String(word)}`).join(' ') },
    ];
  },
);

const SPECIAL = {
  null: SpecialValueMatch.Null,
  nan: SpecialValueMatch.NotANumber,
  both: SpecialValueMatch.NullAndNan,
} as const;

/** What stands for NULL, for NaN, or for both. */
export function absentAs(text: string, color: string, of: keyof typeof SPECIAL = 'both'): ValueMapping {
  return {
    type: MappingType.SpecialValue,
    options: { match: SPECIAL[of], result: { text, color, index: 0 } },
  };
}
