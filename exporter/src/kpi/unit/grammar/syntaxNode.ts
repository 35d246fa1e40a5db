/** A node of libpg-query's syntax tree, as far as this program looks at it; a tree is walked whole, whatever its kinds. */
export interface SyntaxNode {
  readonly location?: unknown;
  readonly String?: unknown;
  readonly A_Const?: unknown;
  readonly sval?: unknown;
  readonly name?: unknown;
  readonly names?: unknown;
  readonly typeName?: unknown;
  readonly rexpr?: unknown;
  readonly op?: unknown;
  readonly repeatable?: unknown;
  readonly schemaname?: unknown;
  readonly relname?: unknown;
  readonly funcname?: unknown;
  readonly func_variadic?: unknown;
  readonly args?: unknown;
  readonly fields?: unknown;
  readonly indirection?: unknown;
  readonly withClause?: unknown;
  readonly ctes?: unknown;
  readonly ctename?: unknown;
  readonly CommonTableExpr?: unknown;
  readonly recursive?: unknown;
  readonly agg_order?: unknown;
  readonly agg_within_group?: unknown;
}

export function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A node with its kind, such as `TypeCast`; of those above a node the nearest stands last. */
export type Ancestors = readonly (readonly [kind: string, node: SyntaxNode])[];

/** The last part of a name, which is a list of String nodes, and the schema before it, if any. */
export function qualifiedName(list: unknown): { readonly schema: string | null; readonly name: string } {
  const parts = (Array.isArray(list) ? list : []).flatMap((item: unknown) =>
    isSyntaxNode(item) && isSyntaxNode(item.String) && typeof item.String.sval === 'string' ? [item.String.sval] : [],
  );
  return { schema: parts.at(-2) ?? null, name: parts.at(-1) ?? '' };
}
