import { isNode, parseDocument } from 'yaml';

export interface ChangedLine {
  /** Counted from 1. */
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

export type ValueAt = readonly [path: readonly (string | number)[], value: string | boolean | readonly string[]];

/**
 * A YAML text with other values in these places, and which lines that changed; every other byte stays. The values must
 * stand on one line each. Throws Error where a path leads nowhere.
 */
export function withValues(text: string, values: readonly ValueAt[]): { text: string; changes: ChangedLine[] } {
  const document = parseDocument(text);
  const edits = values.map(([path, value]) => {
    const node = document.getIn(path, true);
    const range = isNode(node) ? node.range : null;
    if (range === null || range === undefined) throw new Error(`there is no ${path.join('.')}`);
    const [start, end] = range;
    if (text.slice(start, end).includes('\n')) throw new Error(`${path.join('.')} stands on several lines`);
    // JSON is YAML as well.
    return { start, end, with: JSON.stringify(value) };
  });
  let changed = text;
  for (const edit of edits.toSorted((one, other) => other.start - one.start))
    changed = changed.slice(0, edit.start) + edit.with + changed.slice(edit.end);
  const after = changed.split('\n');
  const changes = text.split('\n').flatMap((before, index) => {
    const now = after[index] ?? '';
    return now === before ? [] : [{ line: index + 1, before: before.trim(), after: now.trim() }];
  });
  return { text: changed, changes };
}
