import { selectors } from './promql.js';
import type { Expr, Node } from './promql.js';

const WIDTH = 110;

/** The weaker an operator binds, the lower; all of them from the left. */
const BINDS: Readonly<Record<string, number>> = { or: 0, and: 1, unless: 1, '+': 3, '-': 3, '*': 4, '/': 4 };
const binds = (operator: string): number => BINDS[operator] ?? 2;

/** An expression as people read it: on one line where it fits, otherwise an operand a line. */
export function promqlText({ node }: Expr): string {
  return lines(node, WIDTH);
}

/**
 * An expression as an argument of `query` in the template of a label or an annotation: of the portfolio of the alert. What the
 * matcher OF_THIS_ALERT stands for is taken from its labels, too.
 */
export function promqlInTemplate({ node }: Expr): string {
  const own = ofPortfolio(node);
  // %q: a portfolio may be called what it likes, with quotes.
  const text = lines(own, Infinity).replaceAll('"%s"', '%q').replaceAll('"', "'");
  const given = selectors(own).flatMap(({ matchers }) => matchers.filter(({ value }) => value === '%s'));
  return `query (printf "${text}" ${given.map(({ label }) => `$labels.${label}`).join(' ')})`;
}

function ofPortfolio(node: Node): Node {
  switch (node.kind) {
    case 'literal':
      return node;
    case 'selector':
      return { ...node, matchers: [...node.matchers, { label: 'portfolio', operator: '=', value: '%s' }] };
    case 'call':
      return { ...node, args: node.args.map(ofPortfolio) };
    case 'binary':
      return { ...node, left: ofPortfolio(node.left), right: ofPortfolio(node.right) };
  }
}

function lines(node: Node, width: number): string {
  switch (node.kind) {
    case 'literal':
      return node.text;
    case 'selector': {
      const matchers = node.matchers.map(({ label, operator, value }) => `${label}${operator}"${value}"`);
      return `${node.metric}${matchers.length === 0 ? '' : `{${matchers.join(',')}}`}${node.range === null ? '' : `[${node.range}]`}`;
    }
    case 'call':
      return `${node.head}${inParentheses(argumentLines(node.args, width - 2), width - node.head.length)}`;
    case 'binary':
      return binaryLines(node, width);
  }
}

/** Words and numbers at the end of a call stay together. */
function argumentLines(args: readonly Node[], width: number): string[] {
  const [first, ...rest] = args.map((arg) => lines(arg, width));
  return [first, rest.join(', ')].filter((text) => text !== undefined && text !== '') as string[];
}

function binaryLines({ operator, modifiers, left, right }: Extract<Node, { kind: 'binary' }>, width: number): string {
  const by = modifiers === '' ? operator : `${operator} ${modifiers}`;
  const side = (node: Node, bound: boolean): string =>
    bound ? inParentheses([lines(node, width - 2)], width) : lines(node, width);
  const first = side(left, left.kind === 'binary' && boundOnTheLeft(left.operator, operator));
  const second = side(right, right.kind === 'binary' && boundOnTheRight(right.operator, operator));
  const flat = `${first} ${by} ${second}`;
  const short = first.length <= 4 && second.startsWith('(');
  if (short || (!flat.includes('\n') && flat.length <= width)) return flat;
  return second.includes('\n') && !second.startsWith('(') ? `${first}\n${by}\n${second}` : `${first}\n${by} ${second}`;
}

const isSet = (operator: string): boolean => ['and', 'or', 'unless'].includes(operator);

/** Where it must be, and where people would have to remember that `and` and `unless` bind alike and more than `or`. */
const boundOnTheLeft = (inner: string, outer: string): boolean =>
  binds(inner) < binds(outer) || (isSet(inner) && isSet(outer) && inner !== outer);

const boundOnTheRight = (inner: string, outer: string): boolean => binds(inner) <= binds(outer) || isSet(outer);

function inParentheses(parts: readonly string[], width: number): string {
  const flat = `(${parts.join(', ')})`;
  if (!flat.includes('\n') && flat.length <= width) return flat;
  return `(\n${parts.join(',\n').replaceAll(/^/gm, '  ')}\n)`;
}
