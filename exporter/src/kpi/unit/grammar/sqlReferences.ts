import type { ParseResult } from 'libpg-query';
import { clockLiteral } from './clockLiteral.js';
import { refusedBuiltIn } from './refusedBuiltIn.js';
import { isSyntaxNode, qualifiedName } from './syntaxNode.js';
import type { Ancestors, SyntaxNode } from './syntaxNode.js';

/** Something that a KPI's SQL must not have; `offset` counts bytes. */
export interface SqlFinding {
  readonly offset: number;
  readonly message: string;
}

/** A name as the SQL has it; `schema` null: found by the search path. */
export interface SqlReference {
  readonly schema: string | null;
  readonly name: string;
  /** Arguments of a call; -1: not to be known from the text. */
  readonly args: number;
  readonly offset: number;
  /** Through what the KPI comes to it: `a view: `; empty where the KPI itself names it. */
  readonly via: string;
}

/** What a statement asks for besides its parameters. */
export interface SqlReferences {
  readonly functions: readonly SqlReference[];
  /** `v.score`: a column, or the function score(v). */
  readonly attributes: readonly SqlReference[];
  readonly operators: readonly SqlReference[];
  readonly types: readonly SqlReference[];
  readonly relations: readonly SqlReference[];
  /** What the text alone shows to depend on the clock, on chance or on the session. */
  readonly findings: readonly SqlFinding[];
}

interface Collected {
  readonly functions: SqlReference[];
  readonly attributes: SqlReference[];
  readonly operators: SqlReference[];
  readonly types: SqlReference[];
  readonly relations: SqlReference[];
  readonly findings: SqlFinding[];
}

/** Walks the syntax tree of any statement, functions' bodies and subqueries included. */
export function sqlReferences(tree: ParseResult): SqlReferences {
  const collected: Collected = {
    functions: [],
    attributes: [],
    operators: [],
    types: [],
    relations: [],
    findings: [],
  };
  walk(tree, [], collected);
  return collected;
}

export function mergeReferences(all: readonly SqlReferences[]): SqlReferences {
  return {
    functions: all.flatMap(({ functions }) => functions),
    attributes: all.flatMap(({ attributes }) => attributes),
    operators: all.flatMap(({ operators }) => operators),
    types: all.flatMap(({ types }) => types),
    relations: all.flatMap(({ relations }) => relations),
    findings: all.flatMap(({ findings }) => findings),
  };
}

function walk(value: unknown, above: Ancestors, into: Collected): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, above, into);
    return;
  }
  if (!isSyntaxNode(value)) return;
  for (const [kind, child] of Object.entries(value)) {
    if (isSyntaxNode(child) && /^[A-Z]/.test(kind)) {
      collect(kind, child, above, into);
      walk(child, [...above, [kind, child]], into);
    } else {
      // Type names and relations of some nodes stand without their kind.
      if (kind === 'typeName' && isSyntaxNode(child)) collect('TypeName', child, above, into);
      // So does an arm of a UNION, which may have its own WITH.
      walk(
        child,
        isSyntaxNode(child) && child.withClause !== undefined ? [...above, ['SelectStmt', child]] : above,
        into,
      );
    }
  }
}

function collect(kind: string, node: SyntaxNode, above: Ancestors, into: Collected): void {
  // Some nodes stand nowhere themselves; what they are in does.
  const places = [node, ...above.map(([, outer]) => outer).toReversed()].map(({ location }) => location);
  const offset = places.find((place) => typeof place === 'number') ?? 0;
  switch (kind) {
    case 'FuncCall': {
      const call = { ...qualifiedName(node.funcname), args: argumentCount(node), offset, via: '' };
      const reason = call.schema === null || call.schema === 'pg_catalog' ? refusedBuiltIn(call.name, call.args) : null;
      if (reason === null) into.functions.push(call);
      else into.findings.push({ offset, message: `${call.name}() ${reason}` });
      return;
    }
    case 'SQLValueFunction':
      into.findings.push({ offset, message: valueFunctionMessage(typeof node.op === 'string' ? node.op : '') });
      return;
    case 'RangeTableSample':
      if (node.repeatable === undefined) {
        into.findings.push({ offset, message: 'TABLESAMPLE draws other rows each time: add REPEATABLE (1)' });
      }
      return;
    case 'ColumnRef':
    case 'A_Indirection': {
      const fields = kind === 'ColumnRef' ? (Array.isArray(node.fields) ? node.fields.slice(1) : []) : node.indirection;
      const { name } = qualifiedName(fields);
      if (name !== '') into.attributes.push({ schema: null, name, args: 1, offset, via: '' });
      return;
    }
    case 'RangeVar':
      if (node.schemaname === undefined && isCommonTable(node.relname, above)) return;
      into.relations.push({
        schema: typeof node.schemaname === 'string' ? node.schemaname : null,
        name: typeof node.relname === 'string' ? node.relname : '',
        args: -1,
        offset,
        via: '',
      });
      return;
    case 'TypeName':
      into.types.push({ ...qualifiedName(node.names), args: -1, offset, via: '' });
      return;
    case 'A_Expr':
      into.operators.push({ ...qualifiedName(node.name), args: -1, offset, via: '' });
      return;
    case 'A_Const': {
      const text = isSyntaxNode(node.sval) && typeof node.sval.sval === 'string' ? node.sval.sval : '';
      const message = clockLiteral(text, node, above);
      if (message !== null) into.findings.push({ offset, message });
      return;
    }
    default:
  }
}

function argumentCount(call: SyntaxNode): number {
  if (call.func_variadic === true) return -1;
  const args = Array.isArray(call.args) ? call.args.length : 0;
  return call.agg_within_group === true && Array.isArray(call.agg_order) ? args + call.agg_order.length : args;
}

function valueFunctionMessage(op: string): string {
  const name = op.replace(/^SVFOP_/, '').replace(/_N$/, '');
  return /DATE|TIME/.test(name)
    ? `${name} reads the clock: use :as_of or :now, so that any day can be computed again`
    : `${name} depends on who asks, not on the rows`;
}

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
