import { isSyntaxNode } from './syntaxNode.js';
import type { Ancestors } from './syntaxNode.js';

/** Whether a name without a schema is that of a WITH query above it: then it is no table or view of that name. */
export function isCommonTable(name: unknown, above: Ancestors): boolean {
  const nodes = above.map(([, node]) => node);
  return nodes.some(({ withClause }) => {
    if (!isSyntaxNode(withClause) || !Array.isArray(withClause.ctes)) return false;
    const queries = withClause.ctes.flatMap((item: unknown) =>
      isSyntaxNode(item) && isSyntaxNode(item.CommonTableExpr) ? [item.CommonTableExpr] : [],
    );
    // Inside one of them those before it are known; with RECURSIVE all.
    const inside = queries.findIndex((query) => nodes.includes(query));
    const known = inside < 0 || withClause.recursive === true ? queries : queries.slice(0, inside);
    return known.some(({ ctename }) => ctename === name);
  });
}
