import type { ThresholdName } from '../../../exporter/src/config/thresholdCatalogue.js';

/**
 * The target label that keeps several portfolios in one Prometheus apart; empty where there is one. Everything is aggregated and
 * matched by it, so that no number, gate or alert of one portfolio is taken for another's.
 */
const APART = 'portfolio';

/** A PromQL expression; L: the labels that its series bear. Made by the functions of this file and of selectors.ts alone. */
export interface Expr<out L extends string = string> {
  readonly node: Node;
  /** Without `portfolio`, and without those that are the same on all of its series. */
  readonly labels: readonly L[];
}

/** The syntax tree that promqlText prints. */
export type Node =
  | { readonly kind: 'literal'; readonly text: string }
  | SelectorNode
  | { readonly kind: 'call'; readonly head: string; readonly args: readonly Node[] }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly modifiers: string;
      readonly left: Node;
      readonly right: Node;
    };

export interface SelectorNode {
  readonly kind: 'selector';
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
  /** `15m`; null: the newest sample. */
  readonly range: string | null;
  readonly threshold: ThresholdName | null;
}

type Comparison = '>' | '>=' | '<' | '<=' | '==' | '!=';
type Operand<L extends string> = Expr<L> | number;

export const time: Expr<never> = { node: { kind: 'literal', text: 'time()' }, labels: [] };

function aggregation(name: string) {
  return <L extends string, B extends L = never>(of: Expr<L>, ...by: readonly B[]): Expr<B> => ({
    node: { kind: 'call', head: `${name} by ${list(by)} `, args: [of.node] },
    labels: by,
  });
}

/** `max(x, 'kpi')`: max by (portfolio, kpi) (x). */
export const max = aggregation('max');
export const min = aggregation('min');
export const sum = aggregation('sum');
export const count = aggregation('count');

/**
 * Left where it compares so. Right has the labels of left or fewer: each series of left is compared with the one that bears
 * the same of these. Series of the same exporter are compared by all their labels.
 */
export function where<L extends string, R extends L>(left: Expr<L>, by: Comparison, right: Operand<R>): Expr<L> {
  return binary(by, left, right);
}

/** The same as 1 or 0 for each series of left. */
export function whether<L extends string, R extends L>(left: Expr<L>, by: Comparison, right: Operand<R>): Expr<L> {
  return binary(by, left, right, 'bool');
}

export function calculate<L extends string = never, R extends string = never>(
  left: Operand<L>,
  by: '+' | '-' | '*' | '/',
  right: Operand<R>,
): Expr<L | R> {
  return binary(by, left, right);
}

function binary<L extends string, R extends string>(
  operator: string,
  left: Operand<L>,
  right: Operand<R>,
  bool = '',
): Expr<L> {
  const [a, b] = [operand(left), operand(right)];
  const labels = (isScalar(a) ? b.labels : a.labels) as readonly L[];
  const node = {
    kind: 'binary',
    operator,
    modifiers: [bool, matching(a, b)].filter(Boolean).join(' '),
    left: a.node,
    right: b.node,
  } as const;
  return { node, labels };
}

function matching(left: Expr, right: Expr): string {
  if (isScalar(left) || isScalar(right)) return '';
  if (right.labels.includes('instance')) return '';
  const more = left.labels.some((label) => !right.labels.includes(label));
  return `on ${list(right.labels)}${more ? ' group_left ()' : ''}`;
}

const isScalar = ({ node }: Pick<Expr, 'node'>): boolean =>
  node.kind === 'literal' ||
  (node.kind === 'binary' && [node.left, node.right].every((side) => isScalar({ node: side })));

function operand<L extends string>(from: Operand<L>): Expr<L> {
  return typeof from === 'number' ? { node: { kind: 'literal', text: String(from) }, labels: [] } : from;
}

/** Left where right has a series with the same labels; of `on` alone, where that is given. */
export function and<L extends string, R extends string>(
  left: Expr<L>,
  right: Expr<R>,
  on?: readonly (L & R)[],
): Expr<L> {
  return { node: set('and', left, right, on), labels: left.labels };
}

/** Left where right has none. */
export function unless<L extends string, R extends string>(
  left: Expr<L>,
  right: Expr<R>,
  on?: readonly (L & R)[],
): Expr<L> {
  return { node: set('unless', left, right, on), labels: left.labels };
}

/** The same, whatever the portfolio: a target that was given to another one. */
export function unlessAnywhere<L extends string, R extends string>(
  left: Expr<L>,
  right: Expr<R>,
  on: readonly (L & R)[],
): Expr<L> {
  const node: Node = {
    kind: 'binary',
    operator: 'unless',
    modifiers: `on (${on.join(', ')})`,
    left: left.node,
    right: right.node,
  };
  return { node, labels: left.labels };
}

/** Left, and right where left has none. */
export function or<L extends string, R extends string>(
  left: Expr<L>,
  right: Expr<R>,
  on?: readonly (L & R)[],
): Expr<L | R> {
  return { node: set('or', left, right, on), labels: [...new Set<L | R>([...left.labels, ...right.labels])] };
}

/** The series of all. */
export function union<L extends string>(...all: readonly [Expr<L>, ...Expr<L>[]]): Expr<L> {
  return all.reduce((left, right) => or(left, right));
}

function set(operator: string, left: Expr, right: Expr, on: readonly string[] | undefined): Node {
  const modifiers = on === undefined ? '' : `on ${list(on)}`;
  return { kind: 'binary', operator, modifiers, left: left.node, right: right.node };
}

const list = (labels: readonly string[]): string => `(${[APART, ...labels].join(', ')})`;

const call = (name: string, ...args: readonly Node[]): Node => ({ kind: 'call', head: name, args });
const literal = (text: string): Node => ({ kind: 'literal', text });

/** 1 where no portfolio at all has such a series. */
export function absent(of: Expr): Expr<never> {
  return { node: call('absent', of.node), labels: [] };
}

/** Of no portfolio. */
export function vector(value: number): Expr<never> {
  return { node: call('vector', literal(String(value))), labels: [] };
}

export function round<L extends string>(of: Expr<L>, to: string): Expr<L> {
  return { node: call('round', of.node, literal(to)), labels: of.labels };
}

export function clampMax<L extends string>(of: Expr<L>, most: Operand<never>): Expr<L> {
  return { node: call('clamp_max', of.node, operand(most).node), labels: of.labels };
}

type OverTime = 'increase' | 'changes' | 'avg_over_time' | 'last_over_time' | 'max_over_time' | 'count_over_time';

/** A function of the samples of the last while. */
export function over<L extends string>(
  name: OverTime,
  { node, labels }: Expr<L>,
  range: `${number}${'m' | 'h' | 'd'}`,
): Expr<L> {
  if (node.kind !== 'selector') throw new Error(`${name} is of a selector alone`);
  return { node: call(name, { ...node, range }), labels };
}

/** The series with one label more. */
export function labelled<L extends string, N extends string>(of: Expr<L>, label: N, value: string): Expr<L | N> {
  const args = [label, value, '', ''].map((text) => literal(`"${text}"`));
  return { node: call('label_replace', of.node, ...args), labels: [...of.labels, label] };
}

/** The thresholds that an expression reads. */
export function thresholdsOf({ node }: Pick<Expr, 'node'>): ThresholdName[] {
  return selectors(node).flatMap(({ threshold }) => (threshold === null ? [] : [threshold]));
}

export function selectors(node: Node): SelectorNode[] {
  switch (node.kind) {
    case 'literal':
      return [];
    case 'selector':
      return [node];
    case 'call':
      return node.args.flatMap(selectors);
    case 'binary':
      return [...selectors(node.left), ...selectors(node.right)];
  }
}
