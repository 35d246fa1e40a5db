import { isSyntaxNode, qualifiedName } from './syntaxNode.js';
import type { Ancestors, SyntaxNode } from './syntaxNode.js';

const CLOCK_WORD = /^(now|today|tomorrow|yesterday)$/;
const TEXT_TYPES: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar', 'char', 'name', 'citext']);
/** Of texts, with a number or an array of texts as the answer. */
const TEXT_FUNCTIONS = /^(position|strpos|starts_with|similar_to_escape|regexp_(like|count|instr|matches|match))$/;
/** Operators whose right side is text, a pattern or a key. */
const TEXT_OPERATORS = /^(!?~~\*?|!?~\*?|->>?|#>>?|\?[|&]?)$/;
const DATE_WORD =
  /^([ap]m|at|on|of|ad|bc|and|or|to|allballs|epoch|zulu|january|february|march|april|august|september|october|november|december|(sun|mon|tues|wednes|thurs|fri|satur)day)$/;
const NOTHING: Ancestors[number] = ['', {}];
/** The abbreviations of time zones have no more. */
const LONGEST_ZONE = 5;

/**
 * PostgreSQL reads 'now', 'today', 'tomorrow' and 'yesterday' as moments wherever it expects one: `'today'::date`,
 * `recorded_at > ' Yesterday '`, `'{now}'::timestamptz[]`. What is wrong with such a literal; null for any other text.
 */
export function clockLiteral(text: string, node: SyntaxNode, above: Ancestors): string | null {
  const word = clockWord(text);
  if (word === null || isText(node, above)) return null;
  const quoted = JSON.stringify(text.trim()).slice(1, -1);
  return `'${quoted}' reads the clock wherever PostgreSQL takes it for a date: use :as_of or :now; where it is a text, write '${quoted}'::text`;
}

/** The word that makes a date of the text, if it can be one: whatever else is in it must be a part of dates, too. */
function clockWord(text: string): string | null {
  // Time zones by their full names, such as America/New_York.
  const rest = text.toLowerCase().replace(/[a-z_]+(\/[a-z0-9_+-]+)+/g, ' ');
  if (/[^a-z0-9\s:.,+\-/()[\]{}"]/.test(rest)) return null;
  const words = rest.match(/[a-z]+/g) ?? [];
  const isDate = words.every((word) => word.length <= LONGEST_ZONE || CLOCK_WORD.test(word) || DATE_WORD.test(word));
  return isDate ? (words.find((word) => CLOCK_WORD.test(word)) ?? null) : null;
}

function isText(literal: SyntaxNode, above: Ancestors): boolean {
  if (JSON_OBJECT.test(literalText(literal)) && isJsonOperand(above)) return true;
  const [kind, parent] = above.at(-1) ?? NOTHING;
  if (kind === 'A_Expr') {
    const { name } = qualifiedName(parent.name);
    return TEXT_OPERATORS.test(name) && isSyntaxNode(parent.rexpr) && parent.rexpr.A_Const === literal;
  }
  if (kind === 'FuncCall' && TEXT_FUNCTIONS.test(qualifiedName(parent.funcname).name)) return true;
  if (kind !== 'TypeCast' || !isTextType(parent)) return false;
  // ('today'::text)::date and date('today'::text) make a date of it after all, whatever texts it is on the way.
  const [outer, user] =
    above.findLast(([name, node]) => !(name === 'CollateClause' || (name === 'TypeCast' && isTextType(node)))) ??
    NOTHING;
  return (
    outer !== 'TypeCast' &&
    (outer !== 'FuncCall' || !/^(date|time|timetz|timestamp|timestamptz)$/.test(qualifiedName(user.funcname).name))
  );
}

/** No date, range or array looks like that; what is inside becomes a date only where it is taken out. */
const JSON_OBJECT = /^\s*\{\s*"[^"]*"\s*:/;

/** `data @> '{"when": "now"}'`, with a cast or without. */
function isJsonOperand(above: Ancestors): boolean {
  const [kind, node] = above.findLast(([name]) => name !== 'TypeCast') ?? NOTHING;
  return kind === 'A_Expr' && /^(@>|<@)$/.test(qualifiedName(node.name).name);
}

function literalText(literal: SyntaxNode): string {
  return isSyntaxNode(literal.sval) && typeof literal.sval.sval === 'string' ? literal.sval.sval : '';
}

function isTextType(cast: SyntaxNode): boolean {
  return isSyntaxNode(cast.typeName) && TEXT_TYPES.has(qualifiedName(cast.typeName.names).name);
}
