import { parser } from '@prometheus-io/lezer-promql';

export type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

export interface Matcher {
  readonly label: string;
  readonly operator: string;
  /** `%s` where a template puts something in. */
  readonly value: string;
}

/** A vector selector: `up{job="portfolio-exporter"}`. */
export interface Selector {
  /** Empty where only matchers select. */
  readonly metric: string;
  readonly matchers: readonly Matcher[];
  /** The function that it is the direct argument of: `absent`. */
  readonly function: string | null;
}

/** Throws where the text is not PromQL: Lezer itself only marks the place and goes on. */
export function parsePromql(text: string): SyntaxNode {
  const root = parser.parse(text).topNode;
  for (const node of descendants(root)) {
    if (node.type.isError) throw new Error(`not PromQL at column ${node.from + 1}: ${text}`);
  }
  return root;
}

export function* descendants(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (const child of childrenOf(node)) yield* descendants(child);
}

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

export function selectorsOf(text: string): Selector[] {
  const textOf = (node: SyntaxNode | null): string => (node === null ? '' : text.slice(node.from, node.to));
  const nodes = [...descendants(parsePromql(text))].filter((node) => node.name === 'VectorSelector');
  return nodes.map((node) => ({
    metric: textOf(node.getChild('Identifier')),
    matchers: (node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []).map((matcher) => ({
      label: textOf(matcher.getChild('LabelName')),
      operator: textOf(matcher.getChild('MatchOp')),
      value: textOf(matcher.getChild('StringLiteral')).slice(1, -1),
    })),
    function: textOf(node.parent?.parent?.getChild('FunctionIdentifier') ?? null) || null,
  }));
}

/**
 * The queries inside a template of a label or an annotation: `query "..."` and `query (printf "..." args)`. Throws where
 * one stands there in another way, so that none is overlooked.
 */
export function queriesOf(template: string): string[] {
  const actions = [...template.matchAll(/\{\{.*?\}\}/gs)].map(([action]) => action);
  return actions.flatMap((action) => {
    const found = [...action.matchAll(/\bquery\s+(?:\(\s*printf\s+)?"((?:[^"\\]|\\.)*)"/g)];
    const named = action.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').match(/\bquery\b/g) ?? [];
    if (found.length !== named.length) throw new Error(`a query that cannot be read: ${action}`);
    return found.map(([, query = '']) => query.replaceAll(String.raw`\"`, '"').replaceAll('%q', '"%s"'));
  });
}
