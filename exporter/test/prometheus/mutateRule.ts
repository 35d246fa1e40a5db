import { childrenOf, descendants, parsePromql } from './promql.js';
import type { SyntaxNode } from './promql.js';
import { isAlert } from './ruleFiles.js';
import type { AlertRule, Rule } from './ruleFiles.js';

/** One systematic fault put into a rule. */
export interface Mutant {
  /** What was done and where: stable as long as the rule stays the same, so that it can be named in a list. */
  readonly name: string;
  readonly rule: Rule;
}

/** A part of an expression and what stands in its place. */
interface Change {
  readonly what: string;
  readonly at: SyntaxNode;
  readonly to: string;
}

/**
 * Every mutant of a rule: each comparison, arithmetic and set operator changed, each side of a set operator left out (the
 * fresh gate, the newest gate, `unless`), each label of `by` and `on` but portfolio and each matcher dropped, each number, duration,
 * name of a threshold and function changed; `for` and `keep_firing_for` halved, doubled and left out.
 */
export function mutateRule(rule: Rule): Mutant[] {
  const text = rule.expr;
  const textOf = (node: SyntaxNode): string => text.slice(node.from, node.to);
  const changes = [...descendants(parsePromql(text))]
    .filter((node) => !isPortfolioKnown(node, textOf))
    .flatMap((node) => changesAt(node, textOf));
  const expressions = changes.filter(({ what }) => what !== 'without portfolio');
  return numbered([
    ...expressions.map((change) => mutant(rule, change)),
    ...durations(rule, 'for'),
    ...durations(rule, 'keep_firing_for'),
  ]);
}

function mutant(rule: Rule, { what, at, to }: Change): Mutant {
  const text = rule.expr;
  return {
    name: `${what}: ${text.slice(at.from, at.to).replaceAll(/\s+/g, ' ')}`,
    rule: { ...rule, expr: `${text.slice(0, at.from)}${to}${text.slice(at.to)}` },
  };
}

/** Every mutant that mixes portfolios: the label left out of each `by` and `on`, to be tested with other portfolios beside. */
export function mixPortfolios(rule: Rule): Mutant[] {
  const text = rule.expr;
  const textOf = (node: SyntaxNode): string => text.slice(node.from, node.to);
  const lists = [...descendants(parsePromql(text))].filter(({ name }) => name === 'GroupingLabels');
  const changes = lists.flatMap((list) => withoutEach(list.getChildren('LabelName'), list, textOf));
  return numbered(changes.filter(({ what }) => what === 'without portfolio').map((change) => mutant(rule, change)));
}

/** The same in every rule that carries something on (prometheus/src/shared/selectors.ts), and tested by portfolios.test.yml. */
function isPortfolioKnown(node: SyntaxNode, textOf: (node: SyntaxNode) => string): boolean {
  const known =
    /^\S.*and on \(portfolio\) \(\s*last_over_time\(up\{job="portfolio-exporter"\}\[1h\]\)\s+or absent\([^)]*\)\)\s*\)$/s;
  for (let at: SyntaxNode | null = node; at !== null; at = at.parent) {
    if (at.name !== 'BinaryExpr' || !known.test(textOf(at))) continue;
    const [left] = childrenOf(at);
    return left === undefined || node.from < left.from || node.to > left.to || node === at;
  }
  return false;
}

function changesAt(node: SyntaxNode, textOf: (node: SyntaxNode) => string): Change[] {
  switch (node.name) {
    case 'BinaryExpr':
      return binary(node, textOf);
    case 'UnaryExpr':
      return [{ what: 'without the sign', at: node, to: textOf(node).slice(1) }];
    case 'MatchingModifierClause':
      return node.getChild('GroupLeft') === null ? [] : [withoutGroupLeft(node, textOf)];
    case 'GroupingLabels':
      return withoutEach(node.getChildren('LabelName'), node, textOf);
    case 'AggregateOp':
      return (AGGREGATES[textOf(node)] ?? []).map((to) => ({ what: `becomes ${to}`, at: node, to }));
    case 'BoolModifier':
      return [{ what: 'without bool', at: node, to: '' }];
    case 'UnquotedLabelMatcher':
      return matcher(node, textOf);
    case 'FunctionCall':
      return call(node, textOf);
    case 'NumberDurationLiteral':
      return number(node, Number(textOf(node)));
    case 'NumberDurationLiteralInDurationContext':
      return [0.5, 2].map((factor) => ({ what: `x ${factor}`, at: node, to: scale(textOf(node), factor) }));
    default:
      return [];
  }
}

const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  '>': ['>=', '<'],
  '>=': ['>', '<='],
  '<': ['<=', '>'],
  '<=': ['<', '>='],
  '==': ['!='],
  '!=': ['=='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  and: ['unless', 'or'],
  or: ['and'],
  unless: ['and'],
};
const AGGREGATES: Readonly<Record<string, readonly string[]>> = {
  max: ['min', 'sum'],
  min: ['max'],
  sum: ['max'],
  count: ['sum'],
};
/** Of a range; of an instant vector a function is left out. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  increase: 'delta',
  changes: 'resets',
  avg_over_time: 'max_over_time',
  last_over_time: 'min_over_time',
  max_over_time: 'min_over_time',
  count_over_time: 'sum_over_time',
};

function binary(node: SyntaxNode, textOf: (node: SyntaxNode) => string): Change[] {
  const [left, operator] = childrenOf(node);
  const right = node.lastChild;
  if (left === undefined || operator === undefined || right === null) throw new Error(`not binary: ${textOf(node)}`);
  const to = OPERATORS[textOf(operator)];
  if (to === undefined) throw new Error(`no mutation known for operator ${textOf(operator)}`);
  const changes = to.map((other) => ({
    what: `${textOf(operator)} becomes ${other}`,
    at: node,
    to: `${textOf(node).slice(0, operator.from - node.from)}${other}${textOf(node).slice(operator.to - node.from)}`,
  }));
  if (!['and', 'or', 'unless'].includes(textOf(operator))) return changes;
  changes.push({ what: 'left side only', at: node, to: `(${textOf(left)})` });
  if (textOf(operator) === 'or') changes.push({ what: 'right side only', at: node, to: `(${textOf(right)})` });
  return changes;
}

function withoutGroupLeft(node: SyntaxNode, textOf: (node: SyntaxNode) => string): Change {
  return { what: 'without group_left', at: node, to: textOf(node).replace(/\bgroup_left\s*\(\)/, '') };
}

function withoutEach(nodes: readonly SyntaxNode[], list: SyntaxNode, textOf: (node: SyntaxNode) => string): Change[] {
  return nodes.map((node) => {
    const rest = nodes.filter((other) => other !== node).map(textOf);
    return { what: `without ${textOf(node)}`, at: list, to: `(${rest.join(', ')})` };
  });
}

function matcher(node: SyntaxNode, textOf: (node: SyntaxNode) => string): Change[] {
  const [label, operator, value] = childrenOf(node).map(textOf);
  if (label === undefined || operator === undefined || value === undefined)
    throw new Error(`not a matcher: ${textOf(node)}`);
  const any = { what: 'any value', at: node, to: `${label}=~".*"` };
  // Which alert's steps a rule reads: a contestant has those of one alert only.
  if (label === 'alertname') return [{ what: 'another value', at: node, to: `${label}${operator}"another"` }];
  if (!operator.endsWith('~')) return [any, { what: 'another value', at: node, to: `${label}${operator}"another"` }];
  const values = value.slice(1, -1).split('|');
  const fewer = values.map((gone) => ({
    what: `without ${gone}`,
    at: node,
    to: `${label}${operator}"${values.filter((one) => one !== gone).join('|')}"`,
  }));
  return [any, ...fewer];
}

function call(node: SyntaxNode, textOf: (node: SyntaxNode) => string): Change[] {
  const name = textOf(node.getChild('FunctionIdentifier') ?? node);
  const other = FUNCTIONS[name];
  if (other !== undefined) return [{ what: `becomes ${other}`, at: node, to: textOf(node).replace(name, other) }];
  const body = node.getChild('FunctionCallBody');
  const first = body === null ? undefined : childrenOf(body)[0];
  return first === undefined ? [] : [{ what: `without ${name}`, at: node, to: `(${textOf(first)})` }];
}

function number(node: SyntaxNode, value: number): Change[] {
  // A fraction is the precision of round().
  const others = Number.isInteger(value) ? [value + 1, value - 1] : [1];
  return others.map((to) => ({ what: `becomes ${to}`, at: node, to: String(to) }));
}

function durations(rule: Rule, key: 'for' | 'keep_firing_for'): Mutant[] {
  if (!isAlert(rule) || rule[key] === undefined) return [];
  const value = rule[key];
  const without = Object.fromEntries(Object.entries(rule).filter(([name]) => name !== key)) as AlertRule;
  return [
    { name: `without ${key}`, rule: without },
    ...[0.5, 2].map((factor) => ({ name: `${key} x ${factor}`, rule: { ...rule, [key]: scale(value, factor) } })),
  ];
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function scale(duration: string, factor: number): string {
  const [, amount, unit = ''] = /^(\d+)([smhd])$/.exec(duration) ?? [];
  const seconds = SECONDS[unit];
  if (amount === undefined || seconds === undefined) throw new Error(`not a duration of one unit: ${duration}`);
  return `${Number(amount) * seconds * factor}s`;
}

function numbered(mutants: readonly Mutant[]): Mutant[] {
  const seen = new Map<string, number>();
  return mutants.map(({ name, rule }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return { name: count === 1 ? name : `${name} (${count})`, rule };
  });
}
