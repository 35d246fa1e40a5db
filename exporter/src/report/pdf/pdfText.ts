import { readFileSync } from 'node:fs';
import { create } from 'fontkit';
import { FONT_FILES } from './fonts.js';

/** In place of a character without a glyph: seen, not lost. */
export const REPLACEMENT = '\uFFFD';
/** A word of more characters may be broken anywhere. */
const MAX_WORD = 22;
const BREAK = '\u200B';

/** Makes text ready for the PDF and notes whether something could not be shown. */
export interface PdfText {
  (text: string): string;
  readonly hasReplaced: () => boolean;
}

/**
 * Roboto draws Latin, Greek, Cyrillic and Vietnamese; what it cannot draw (CJK, Arabic, Hebrew, emoji) becomes the replacement
 * character. PDF readers would show nothing or an empty box of no width.
 */
export function pdfText(): PdfText {
  let replaced = false;
  const write = (text: string): string => {
    const shown = Array.from(text.normalize('NFC'), (character) => {
      if (isCovered(character)) return character;
      replaced = true;
      return REPLACEMENT;
    }).join('');
    return shown.replace(DAY, '$1\u00A0$2').replace(LONG_WORD, (word) => Array.from(word).join(BREAK));
  };
  return Object.assign(write, { hasReplaced: () => replaced });
}

/** A day stays on one line. */
const DAY = /(\d) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b/g;
const LONG_WORD = new RegExp(`[^\\s-]{${MAX_WORD + 1},}`, 'gu');

let covered: ReadonlySet<number> | null = null;

function isCovered(character: string): boolean {
  covered ??= coverage();
  return covered.has(character.codePointAt(0) ?? 0);
}

/** Code points that every weight has. */
function coverage(): ReadonlySet<number> {
  const sets = Object.values(FONT_FILES).map((file) => {
    const font = create(readFileSync(file));
    return new Set('characterSet' in font ? font.characterSet : []);
  });
  return sets.reduce((both, set) => new Set([...both].filter((point) => set.has(point))));
}
