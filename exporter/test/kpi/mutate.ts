import { parse } from 'libpg-query';
import { deparse } from 'pgsql-deparser';
import { asTree, assign, both, fail, isTree, list, places, set, sval, swap, textOf } from './syntaxTree.js';
import type { Change, Place, Tree } from './syntaxTree.js';

/** One systematic fault put into a query. */
export interface Mutant {
  /** What was done and where: stable as long as the query stays the same, so that it can be named in a list. */
  readonly name: string;
  readonly sql: string;
}

/** The query as the deparser writes it: the control, which must behave as the original does. */
export async function rewrite(sql: string): Promise<string> {
  return await deparse(await parse(sql));
}

/**
 * Every mutant of a query whose parameters are `($1::type)`: each condition dropped, each comparison turned and made
 * strict or loose, each constant and each use of a parameter moved by one, each join, FILTER, DISTINCT, LIMIT, HAVING,
 * ORDER BY, aggregate, CASE arm, list element, cast and time zone changed.
 */
export async function mutate(sql: string): Promise<Mutant[]> {
  const parsed = await parse(sql);
  const tree = asTree(parsed);
  const mutants: Mutant[] = [];
  const seen = new Map<string, number>();
  for (const change of places(tree).flatMap(changesAt)) {
    const base = `${change.what}: ${await quote(change.at)}`;
    const undo = change.apply();
    const text = await deparse(parsed);
    undo();
    const count = (seen.get(base) ?? 0) + 1;
    seen.set(base, count);
    mutants.push({ name: count === 1 ? base : `${base} (${count})`, sql: text });
  }
  return mutants;
}

function changesAt(place: Place): Change[] {
  const { node } = place;
  const [kind = '', body] = Object.entries(node)[0] ?? [];
  if (!isTree(body)) return [];
  switch (kind) {
    case 'BoolExpr':
      return boolean(place, body);
    case 'A_Expr':
      return expression(place, body);
    case 'A_Const':
      return constant(place, body);
    case 'TypeCast':
      return cast(place, body);
    case 'FuncCall':
      return call(place, body);
    case 'SelectStmt':
      return select(place, body);
    case 'JoinExpr':
      return join(place, body);
    case 'SortBy':
      return [
        set(
          body,
          'sortby_dir',
          body['sortby_dir'] === 'SORTBY_DESC' ? 'SORTBY_ASC' : 'SORTBY_DESC',
          'turn the order',
          node,
        ),
      ];
    case 'NullTest':
      return [
        set(
          body,
          'nulltesttype',
          body['nulltesttype'] === 'IS_NULL' ? 'IS_NOT_NULL' : 'IS_NULL',
          'turn the NULL test',
          node,
        ),
      ];
    case 'SubLink':
      return body['subLinkType'] === 'EXISTS_SUBLINK'
        ? [swap(place, { BoolExpr: { boolop: 'NOT_EXPR', args: [node] } }, 'negate')]
        : [];
    case 'CoalesceExpr':
      return [swap(place, list(body['args'])[0], 'without COALESCE')];
    case 'MinMaxExpr':
      return [
        set(body, 'op', body['op'] === 'IS_LEAST' ? 'IS_GREATEST' : 'IS_LEAST', 'swap LEAST and GREATEST', node),
        ...without(body, 'args', node),
      ];
    case 'CaseExpr':
      return [
        ...without(body, 'args', node),
        ...(body['defresult'] === undefined ? [] : [set(body, 'defresult', undefined, 'without ELSE', node)]),
      ];
    default:
      return [];
  }
}

function boolean(place: Place, body: Tree): Change[] {
  const { node } = place;
  const args = list(body['args']);
  if (body['boolop'] === 'NOT_EXPR') return [swap(place, args[0], 'without NOT')];
  const other = body['boolop'] === 'AND_EXPR' ? 'OR_EXPR' : 'AND_EXPR';
  return [
    set(body, 'boolop', other, 'swap AND and OR', node),
    ...args.map((arg, index) => {
      const rest = args.filter((_other, position) => position !== index);
      return swap(
        place,
        rest.length === 1 ? rest[0] : { BoolExpr: { ...body, args: rest } },
        'drop the condition',
        arg,
      );
    }),
  ];
}

const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>'],
  '<=': ['<', '>='],
  '>': ['>=', '<'],
  '>=': ['>', '<='],
  '=': ['<>'],
  '<>': ['='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '~': ['!~'],
  // It joins texts: nothing else does anything like it.
  '||': [],
  '~*': ['!~*', '~'],
  '!~*': ['~*', '!~'],
};

function expression(place: Place, body: Tree): Change[] {
  const { node } = place;
  const operator = sval(list(body['name'])[0]);
  if (body['kind'] === 'AEXPR_NULLIF') return [swap(place, asTree(body['lexpr']), 'without NULLIF')];
  if (body['kind'] === 'AEXPR_IN') {
    const items = asTree(asTree(body['rexpr'])['List']);
    return [set(body, 'name', [{ String: { sval: '<>' } }], 'NOT IN', node), ...without(items, 'items', node)];
  }
  if (body['kind'] !== 'AEXPR_OP') throw new Error(`no mutation known for ${String(body['kind'])}`);
  const replacements = OPERATORS[operator];
  if (replacements === undefined) throw new Error(`no mutation known for operator ${operator}`);
  return replacements.map((to) => set(body, 'name', [{ String: { sval: to } }], `${operator} becomes ${to}`, node));
}

function constant({ node }: Place, body: Tree): Change[] {
  if (body['ival'] !== undefined) {
    const value = Number(asTree(body['ival'])['ival'] ?? 0);
    return [value + 1, value - 1].map((to) => set(body, 'ival', { ival: to }, `${value} becomes ${to}`, node));
  }
  if (body['fval'] !== undefined) {
    const value = Number(asTree(body['fval'])['fval']);
    return [value * 1.5, value / 2].map((to) =>
      set(body, 'fval', { fval: String(to) }, `${value} becomes ${to}`, node),
    );
  }
  if (body['sval'] !== undefined) {
    const text = textOf(asTree(body['sval'])['sval']);
    const number = /^(\d+) ([a-z]+)$/.exec(text);
    const changed =
      number === null
        ? [`${text}x`]
        : [Number(number[1]) + 1, Number(number[1]) - 1].map((to) => `${to} ${String(number[2])}`);
    return changed.map((to) => set(body, 'sval', { sval: to }, `'${text}' becomes '${to}'`, node));
  }
  return [];
}

/** How far a parameter is moved at each use: what is added to a day, an instant or a count, and to a threshold. */
const STEPS: Readonly<Record<string, readonly [operator: string, by: Tree][]>> = {
  date: [
    ['+', { A_Const: { ival: { ival: 1 } } }],
    ['-', { A_Const: { ival: { ival: 1 } } }],
  ],
  int4: [
    ['+', { A_Const: { ival: { ival: 1 } } }],
    ['-', { A_Const: { ival: { ival: 1 } } }],
  ],
  numeric: [
    ['+', { A_Const: { fval: { fval: '0.005' } } }],
    ['*', { A_Const: { fval: { fval: '0.5' } } }],
  ],
  timestamptz: [
    ['+', interval('1 millisecond')],
    ['-', interval('1 millisecond')],
  ],
};

function interval(text: string): Tree {
  const typeName = { names: [{ String: { sval: 'interval' } }], typemod: -1 };
  return { TypeCast: { arg: { A_Const: { sval: { sval: text } } }, typeName } };
}

/** A use of a parameter is moved by a little; a cast of anything else to a number is dropped (integers divide otherwise). */
function cast(place: Place, body: Tree): Change[] {
  const type = sval(list(asTree(body['typeName'])['names']).at(-1));
  const arg = asTree(body['arg']);
  if (arg['ParamRef'] === undefined) return type === 'numeric' ? [swap(place, arg, 'without the cast')] : [];
  const steps = STEPS[type];
  if (steps === undefined) return type === 'text' ? [] : fail(`no mutation known for a parameter of type ${type}`);
  return steps.map(([operator, by]) => {
    const moved = {
      A_Expr: { kind: 'AEXPR_OP', name: [{ String: { sval: operator } }], lexpr: place.node, rexpr: by },
    };
    return swap(place, moved, `parameter moved (${operator})`);
  });
}

const AGGREGATES: Readonly<Record<string, string>> = {
  sum: 'avg',
  avg: 'sum',
  min: 'max',
  max: 'min',
  count: 'max',
  bool_and: 'bool_or',
};

function call(place: Place, body: Tree): Change[] {
  const { node } = place;
  const name = sval(list(body['funcname']).at(-1));
  const changes: Change[] = [];
  const other = AGGREGATES[name];
  if (other !== undefined && !(name === 'count' && body['agg_star'] === true)) {
    changes.push(set(body, 'funcname', [{ String: { sval: other } }], `${name} becomes ${other}`, node));
  }
  if (body['agg_filter'] !== undefined) changes.push(set(body, 'agg_filter', undefined, 'without FILTER', node));
  if (body['agg_distinct'] === true) changes.push(set(body, 'agg_distinct', undefined, 'without DISTINCT', node));
  if (name === 'timezone') changes.push(swap(place, list(body['args'])[1], 'without AT TIME ZONE'));
  if (name === 'abs' || name === 'trim' || name === 'btrim')
    changes.push(swap(place, list(body['args'])[0], `without ${name}`));
  return changes;
}

function select(place: Place, body: Tree): Change[] {
  const { node } = place;
  if (body['op'] === 'SETOP_UNION') {
    const branch = (side: 'larg' | 'rarg', what: string): Change => {
      const arm = {
        ...asTree(body[side]),
        ...(body['withClause'] === undefined ? {} : { withClause: body['withClause'] }),
      };
      return swap(place, place.isBare ? arm : { SelectStmt: arm }, what);
    };
    return [branch('larg', 'without the second arm'), branch('rarg', 'without the first arm')];
  }
  const changes: Change[] = [];
  for (const clause of ['whereClause', 'havingClause', 'limitCount', 'distinctClause'] as const) {
    if (body[clause] === undefined) continue;
    changes.push(
      clause === 'limitCount'
        ? {
            what: 'without LIMIT',
            at: node,
            apply: () =>
              both(assign(body, 'limitCount', undefined), assign(body, 'limitOption', 'LIMIT_OPTION_DEFAULT')),
          }
        : set(body, clause, undefined, `without ${clause.replace('Clause', '').toUpperCase()}`, node),
    );
  }
  return changes;
}

function join({ node }: Place, body: Tree): Change[] {
  const changes: Change[] = [];
  if (body['jointype'] === 'JOIN_LEFT')
    changes.push(set(body, 'jointype', 'JOIN_INNER', 'LEFT JOIN becomes JOIN', node));
  if (body['quals'] === undefined) return changes;
  if (body['jointype'] === 'JOIN_INNER')
    changes.push(set(body, 'jointype', 'JOIN_LEFT', 'JOIN becomes LEFT JOIN', node));
  const isTrue = isTree(asTree(body['quals'])['A_Const']);
  if (!isTrue)
    changes.push(set(body, 'quals', { A_Const: { boolval: { boolval: true } } }, 'drop the join condition', node));
  return changes;
}

function without(body: Tree, key: string, at: Tree): Change[] {
  const all = list(body[key]);
  if (all.length < 2) return [];
  return all.map((_item, index) =>
    set(
      body,
      key,
      all.filter((_other, position) => position !== index),
      `without item ${index + 1}`,
      at,
    ),
  );
}

async function quote(node: Tree): Promise<string> {
  const text = await deparse(node);
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 160 ? `${line.slice(0, 157)}...` : line;
}
