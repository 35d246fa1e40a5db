import { parse, parsePlPgSQL } from 'libpg-query';
import type { ParseResult } from 'libpg-query';
import type { ClientBase } from 'pg';
import { serverFunctions, serverViews } from './serverReferences.js';
import type { ServerFunction } from './serverReferences.js';
import { sqlReferences } from '../unit/sqlReferences.js';
import type { SqlFinding, SqlReference, SqlReferences } from '../unit/sqlReferences.js';

/** Enough for any query that a person wrote; what a view of a view of a view ... hides beyond it is not looked for. */
const MAX_DEFINITIONS = 500;

/**
 * What a query calls on this server that is no function of the rows and its parameters: everything that the server calls
 * volatile, behind calls, operators, aggregates and casts, in the views it reads, and in the bodies of functions in SQL
 * and PL/pgSQL. Each finding has its place in `sql`, in bytes.
 */
export async function findImpure(client: ClientBase, sql: string): Promise<SqlFinding[]> {
  const seen = new Set<string>();
  const findings: SqlFinding[] = [];
  // What cannot be read is refused by the server itself, with better words.
  let level = (await parseOrNothing(sql)).map(sqlReferences);
  while (level.length > 0) {
    const asked = merge(level);
    findings.push(...asked.findings);
    const functions = await serverFunctions(client, asked);
    const views = asked.relations.length === 0 ? [] : await serverViews(client, asked.relations);
    findings.push(...functions.flatMap(refuse));
    const definitions = [...functions.flatMap(readable), ...views.map((view) => ({ ...view, language: 'sql' }))].filter(
      ({ name }) => !seen.has(name) && seen.size < MAX_DEFINITIONS && seen.add(name),
    );
    level = await Promise.all(definitions.map(readDefinition));
  }
  return distinct(findings);
}

function refuse({ reference, signature, isVolatile, isConstantCall, definition }: ServerFunction): SqlFinding[] {
  if (isVolatile) {
    const message = `${signature} is VOLATILE for the server: it may answer anew each time, write or lock. If it is a function of its arguments and the rows, say so: ALTER FUNCTION ${signature} STABLE`;
    return [{ offset: reference.offset, message: reference.via + message }];
  }
  // The encoding is the database's from its creation on, and tells what its texts can hold.
  if (!isConstantCall || definition !== null || signature === 'getdatabaseencoding()') return [];
  const message = `${signature} takes no argument and is not IMMUTABLE: its answer comes from the clock or the session; give it :as_of or :now`;
  return [{ offset: reference.offset, message: reference.via + message }];
}

/** The body of a function, and what it takes where the call gives less. */
function readable({ reference, signature, language, definition, defaults, isVolatile }: ServerFunction): Definition[] {
  if (isVolatile) return [];
  return [
    ...(definition === null ? [] : [{ reference, name: signature, language, definition }]),
    ...(defaults === null
      ? []
      : [{ reference, name: `defaults of ${signature}`, language: 'sql', definition: `SELECT ${defaults}` }]),
  ];
}

interface Definition {
  readonly reference: SqlReference;
  readonly name: string;
  readonly language: string;
  readonly definition: string;
}

/** What a definition asks for, placed where the KPI names what is so defined. */
async function readDefinition({ reference, name, language, definition }: Definition): Promise<SqlReferences> {
  const { offset } = reference;
  const via = `${reference.via}${name}: `;
  const found = merge((await parseDefinition(language, definition)).map(sqlReferences));
  const moved = (references: readonly SqlReference[]): SqlReference[] =>
    references.map((one) => ({ ...one, offset, via }));
  return {
    functions: moved(found.functions),
    attributes: moved(found.attributes),
    operators: moved(found.operators),
    types: moved(found.types),
    relations: moved(found.relations),
    findings: found.findings.map(({ message }) => ({ offset, message: via + message })),
  };
}

async function parseDefinition(language: string, definition: string): Promise<ParseResult[]> {
  if (language === 'sql') return parseOrNothing(definition);
  const texts = queriesOf(await parsePlPgSQL(definition).catch(() => null));
  return (await Promise.all(texts.map(parseOrNothing))).flat();
}

/** What the grammar of this library does not know is left to what the server says of it. */
async function parseOrNothing(text: string): Promise<ParseResult[]> {
  return parse(text).then(
    (tree) => [tree],
    () => [],
  );
}

/** The queries and expressions in the tree of a PL/pgSQL function, each as a statement. */
function queriesOf(tree: unknown): string[] {
  if (typeof tree !== 'object' || tree === null) return [];
  if ('query' in tree && typeof tree.query === 'string') {
    const mode = 'parseMode' in tree ? tree.parseMode : 0;
    // 0: a statement; 2: an expression; from 3 on: an assignment.
    if (mode === 0) return [tree.query];
    return [`SELECT ${mode === 2 ? tree.query : tree.query.replace(/^.*?:?=/s, '')}`];
  }
  return Object.values(tree).flatMap(queriesOf);
}

function merge(all: readonly SqlReferences[]): SqlReferences {
  return {
    functions: all.flatMap(({ functions }) => functions),
    attributes: all.flatMap(({ attributes }) => attributes),
    operators: all.flatMap(({ operators }) => operators),
    types: all.flatMap(({ types }) => types),
    relations: all.flatMap(({ relations }) => relations),
    findings: all.flatMap(({ findings }) => findings),
  };
}

function distinct(findings: readonly SqlFinding[]): SqlFinding[] {
  return [...new Map(findings.map((one) => [`${one.offset} ${one.message}`, one])).values()].toSorted(
    (a, b) => a.offset - b.offset,
  );
}
