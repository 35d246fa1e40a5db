import { fileURLToPath } from 'node:url';
import { isMap, isScalar, Lexer, parseDocument } from 'yaml';
import type { Pair } from 'yaml';
import { THRESHOLD_CATALOGUE, THRESHOLD_CATEGORIES, THRESHOLD_NAMES } from '../src/config/thresholdCatalogue.js';
import { GROUP_DESCRIPTION } from '../src/config/thresholdsFile.js';

export const THRESHOLDS_FILE = fileURLToPath(new URL('../config/thresholds.yaml', import.meta.url));

/** Begins a comment that is generated: it is the only thing in the file that is ever replaced. */
const MARK = '#:';
const WIDTH = 110;
/** Tokens of the lexer for which nothing stands in the text: begin of a document, of a flow end, of a scalar. */
const EMPTY_TOKENS: readonly string[] = ['\u0002', '\u0018', '\u001F'];
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * thresholds.yaml with a comment above each key that says what the number means, its range and who reads it. A line is generated
 * if and only if it is a comment that begins with `#:`; those are written anew, and every other line stays as it is: values,
 * header, order, and comments of one's own, wherever they stand. Throws where the text is not YAML.
 */
export function withComments(text: string): string {
  if (text.startsWith(BYTE_ORDER_MARK)) return BYTE_ORDER_MARK + withComments(text.slice(1));
  const bare = withoutGenerated(text);
  const document = parseDocument(bare);
  if (document.errors.length > 0) throw new Error(`thresholds.yaml: ${document.errors[0]?.message ?? ''}`);
  const insertions = new Map<number, string>();
  const above = (pair: Pair, words: string): void => {
    const offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
    const start = bare.lastIndexOf('\n', offset - 1) + 1;
    const indentation = bare.slice(start, offset);
    // In {a: 1, b: 2} there is no line of the key's own.
    if (indentation.trim() === '')
      insertions.set(start, wrapped(words, indentation, bare.includes('\r\n') ? '\r\n' : '\n'));
  };
  for (const group of pairsOf(document.contents)) {
    const category = THRESHOLD_CATEGORIES.find((one) => one === nameOf(group));
    if (category === undefined) continue;
    above(group, GROUP_DESCRIPTION[category]);
    for (const entry of pairsOf(group.value)) {
      const name = THRESHOLD_NAMES.find((one) => one === nameOf(entry));
      if (name !== undefined) above(entry, meaning(name));
    }
  }
  return [...insertions]
    .toSorted(([a], [b]) => b - a)
    .reduce((result, [at, words]) => result.slice(0, at) + words + result.slice(at), bare);
}

function meaning(name: (typeof THRESHOLD_NAMES)[number]): string {
  const { description, rangeText, defaultText, readBy } = THRESHOLD_CATALOGUE[name];
  return `${description}. Range: ${rangeText}; default ${defaultText}.\nRead by ${readBy.join('; ') || 'nothing in this version'}.`;
}

function wrapped(words: string, indentation: string, lineEnd: string): string {
  const lines = words.split('\n').flatMap((paragraph) =>
    paragraph.split(' ').reduce<string[]>((done, word) => {
      const last = done.at(-1);
      if (last !== undefined && `${indentation}${MARK} ${last} ${word}`.length <= WIDTH)
        return [...done.slice(0, -1), `${last} ${word}`];
      return [...done, word];
    }, []),
  );
  return lines.map((line) => `${indentation}${MARK} ${line}${lineEnd}`).join('');
}

/** Only what YAML itself takes for a comment: a text of several lines may hold such a line too. */
function withoutGenerated(text: string): string {
  const tokens = [...new Lexer().lex(text)];
  let offset = 0;
  const lines: [start: number, end: number][] = [];
  for (const token of tokens) {
    if (EMPTY_TOKENS.includes(token)) continue;
    const start = text.lastIndexOf('\n', offset - 1) + 1;
    const end = text.indexOf('\n', offset);
    if (token.startsWith(MARK) && text.slice(start, offset).trim() === '')
      lines.push([start, end < 0 ? text.length : end + 1]);
    offset += token.length;
  }
  return lines.reduceRight((result, [start, end]) => result.slice(0, start) + result.slice(end), text);
}

function pairsOf(node: unknown): Pair[] {
  return isMap(node) ? node.items : [];
}

function nameOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : '';
}
