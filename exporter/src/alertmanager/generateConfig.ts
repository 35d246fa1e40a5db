import type { Node, Pair, YAMLMap, YAMLSeq } from 'yaml';
import { Document, isMap, isPair, isScalar, isSeq } from 'yaml';
import type { RecipientsFile } from '../config/recipientsFile.js';
import { parseYaml } from '../yaml/yamlSyntax.js';
import { globalSettings, isOwnedGlobalKey } from './globalSettings.js';
import { receivers } from './receivers.js';
import { checkRoutedReceivers } from './routedReceivers.js';

const GLOBAL_NOTE = [
  '# Generated from recipients.yaml by `npm run alertmanager` (`portfolio-exporter alertmanager`): smtp_*, slack_api_url*',
  '# and resolve_timeout. Other keys are kept.',
];
const RECEIVERS_NOTE = [
  '# Generated from recipients.yaml by `npm run alertmanager` (`portfolio-exporter alertmanager`). Receivers of other names',
  '# are kept, below these.',
];

/** A part of the file that is made, as text without indentation. */
interface Section {
  readonly note: readonly string[];
  readonly generated: string;
  /** Whether what the file has under a name is replaced. */
  readonly owned: (name: string) => boolean;
}

type Block = YAMLMap<Node, Node | null> | YAMLSeq<Node>;

/** An entry of a block with the text that belongs to it: the comments above it, and itself. */
interface Entry {
  readonly name: string;
  readonly text: string;
}

/**
 * The text of an alertmanager.yml with `global` and `receivers` made from recipients.yaml anew. Everything else stays as
 * it is, byte for byte: what is replaced is cut out of the text, which is never written anew as a whole.
 * @throws {ConfigError} where the text cannot be read, or a route names a receiver that neither is generated nor stands in it
 */
export function generateConfig(text: string, file: string, recipients: RecipientsFile): string {
  const made = receivers(recipients);
  const names = made.map(({ name }) => name);
  checkRoutedReceivers(text, file, names);
  const settings = toYaml(globalSettings(recipients));
  const list = made.map(({ comment, yaml }) => `# ${comment}\n${toYaml([yaml])}`).join('\n');
  const sections: Readonly<Record<string, Section>> = {
    global: { generated: `${GLOBAL_NOTE.join('\n')}\n${settings}`, note: GLOBAL_NOTE, owned: isOwnedGlobalKey },
    receivers: {
      generated: `${RECEIVERS_NOTE.join('\n')}\n${list}`,
      note: RECEIVERS_NOTE,
      owned: (name) => names.includes(name),
    },
  };
  return Object.entries(sections).reduce((current, [key, section]) => replaceSection(current, key, section), text);
}

/** No line is folded, so that a template stays in one piece; no anchors for what occurs twice. */
function toYaml(value: unknown): string {
  return new Document(value, { aliasDuplicateObjects: false }).toString({
    lineWidth: 0,
    singleQuote: true,
    blockQuote: false,
    flowCollectionPadding: false,
  });
}

function replaceSection(text: string, key: string, { generated, owned, note }: Section): string {
  const { document } = parseYaml(text, '');
  const top = document.contents as YAMLMap<Node, Node | null>;
  const pair = top.items.find((item) => isScalar(item.key) && item.key.value === key);
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  if (pair === undefined) {
    const gap = text.endsWith('\n') ? lineBreak : lineBreak.repeat(2);
    return `${text}${gap}${key}:${lineBreak}${indent(generated, '  ', lineBreak)}`;
  }
  const { start, end, head, entries, margin } = readSection(text, pair);
  const kept = entries.filter(({ name }) => !owned(name)).map((entry) => withoutLines(entry.text, note));
  const gap = kept[0] === undefined || /^\r?\n/.test(kept[0]) ? '' : lineBreak;
  const body = `${indent(generated, margin, lineBreak)}${gap}${kept.join('')}`;
  return `${text.slice(0, start)}${head ?? `${key}:${lineBreak}`}${body}${text.slice(end)}`;
}

function readSection(text: string, { key, value }: Pair<Node, Node | null>) {
  const start = key.range?.[0] ?? 0;
  const headEnd = lineAfter(text, key.range?.[1] ?? start);
  const block = isMap(value) || isSeq(value) ? (value as Block) : null;
  if (block === null || block.items.length === 0) {
    return { start, end: lineAfter(text, (block ?? key).range?.[1] ?? headEnd), head: null, entries: [], margin: '  ' };
  }
  const items = block.items.map(placeOf);
  if (block.flow === true) {
    const bullet = isSeq(block) ? '- ' : '';
    const entries = items.map(({ name, from, to }): Entry => ({ name, text: `  ${bullet}${text.slice(from, to)}\n` }));
    return { start, end: lineAfter(text, block.range?.[1] ?? headEnd), head: null, entries, margin: '  ' };
  }
  const margin = /^ */.exec(text.slice(text.lastIndexOf('\n', items[0]?.from) + 1))?.[0] ?? '';
  const ends = items.map(({ from, to }) => withoutTail(text, from, to, margin.length));
  const entries = items.map(({ name }, index): Entry => ({
    name,
    text: text.slice(ends[index - 1] ?? headEnd, ends[index]),
  }));
  return { start, end: ends.at(-1) ?? headEnd, head: text.slice(start, headEnd), entries, margin };
}

function placeOf(item: Node | Pair<Node, Node | null>): { name: string; from: number; to: number } {
  if (isPair(item)) {
    const from = item.key.range?.[0] ?? 0;
    return { name: String(item.key), from, to: item.value?.range?.[1] ?? item.key.range?.[1] ?? from };
  }
  const [from = 0, to = 0] = item.range ?? [];
  return { name: isMap(item) ? String(item.get('name')) : '', from, to };
}

/** The end of an entry's last line without the blank lines and comments that follow it: they belong to what comes next. */
function withoutTail(text: string, from: number, to: number, margin: number): number {
  const last = text.lastIndexOf('\n', to - 1) + 1;
  // The parser may end an entry behind the indentation of the next one.
  let end = text.slice(last, to).trim() === '' ? last : lineAfter(text, to);
  for (;;) {
    const begin = text.lastIndexOf('\n', end - 2) + 1;
    const [, blanks = '', rest = ''] = /^( *)(.?)/.exec(text.slice(begin, end).trimEnd()) ?? [];
    if (begin <= from || (rest !== '' && (rest !== '#' || blanks.length > margin))) return end;
    end = begin;
  }
}

function lineAfter(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

function withoutLines(text: string, lines: readonly string[]): string {
  const isOther = (line: string): boolean => !lines.includes(line.trim());
  return text
    .split(/(?<=\n)/)
    .filter(isOther)
    .join('');
}

function indent(text: string, margin: string, lineBreak: string): string {
  return text.replace(/^(?=.)/gm, margin).replaceAll('\n', lineBreak);
}
