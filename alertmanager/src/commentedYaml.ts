import { Document, isMap, isScalar, isSeq } from 'yaml';
import type { Node } from 'yaml';

/** Of an object: the comment that stands above it in the file. */
export const COMMENT = Symbol('comment');
export type Commented = Readonly<Record<string, unknown>> & { readonly [COMMENT]?: string };

/** Longer lists are written an item a line. */
const FLOW_WIDTH = 80;

/** YAML of plain objects with their comments. No line is folded, so that a template stays in one piece; no anchors. */
export function commentedYaml(content: Commented): string {
  const document = new Document(content, { aliasDuplicateObjects: false });
  finish(document.contents, content);
  const [first, ...others] = isMap(document.contents) ? document.contents.items : [];
  for (const { key } of first === undefined ? [] : others) (key as Node).spaceBefore = true;
  return document.toString({ lineWidth: 0, singleQuote: true, blockQuote: false, flowCollectionPadding: false });
}

function finish(node: unknown, value: unknown): void {
  if (isSeq(node)) {
    const items = value as readonly unknown[];
    node.flow = items.every((item) => typeof item !== 'object') && JSON.stringify(items).length <= FLOW_WIDTH;
    for (const [index, item] of items.entries()) finish(node.items[index], item);
  }
  if (!isMap(node)) return;
  const { [COMMENT]: comment, ...entries } = value as Commented;
  if (comment !== undefined) node.commentBefore = comment.replaceAll(/^(?=.)/gm, ' ');
  for (const pair of node.items) if (isScalar(pair.key)) finish(pair.value, entries[String(pair.key.value)]);
}
