// Characters that draw nothing or reorder their neighbours: C0/C1 controls, soft hyphen, zero-width and bidirectional
// marks, line and paragraph separators, byte-order mark, variation and tag characters, lone surrogates.
const INVISIBLE =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}\p{Cs}]/gu;
const NAMED: Readonly<Record<string, string>> = { '\n': '⏎', '\r': '␍', '\t': '⇥' };
// More than two marks on one letter only serve to draw over the lines above and below.
const STACKED_MARKS = /(\p{M}{2})\p{M}+/gu;

/**
 * Text from a row as something a person can safely look at: what would be invisible or would reorder the line is shown
 * as a mark (`⏎`, `[U+202E]`), and what exceeds `maxCharacters` is cut with a count of what is missing.
 * Escaping for HTML is not done here: the renderer does that for every string.
 */
export function visibleText(text: string, maxCharacters = 120): string {
  // Cutting first keeps the cost bounded whatever the length of the text; 1 code point is at most 2 code units.
  const head = Array.from(text.slice(0, maxCharacters * 2)).slice(0, maxCharacters);
  const cut = text.length - head.join('').length;
  const shown = head
    .join('')
    .replace(INVISIBLE, (character) => NAMED[character] ?? `[U+${codePoint(character)}]`)
    .replace(STACKED_MARKS, '$1');
  return cut === 0 ? shown : `${shown}… (${cut.toLocaleString('en-US')} more characters)`;
}

function codePoint(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
