import type { ClientBase } from 'pg';
import { serverFunctions, serverViews } from './serverReferences.js';
import type { ServerFunction } from './serverReferences.js';
import { referencesOf } from '../unit/compiledForms.js';
import { mergeReferences } from '../unit/grammar/sqlReferences.js';
import type { SqlFinding, SqlReference, SqlReferences } from '../unit/grammar/sqlReferences.js';

/** Enough for any query that a person wrote; what a view of a view of a view ... hides beyond it is not looked for. */
const MAX_DEFINITIONS = 500;

/**
 * What a query calls on this server that is no function of the rows and its parameters: everything that the server calls
 * volatile, behind calls, operators, aggregates and casts, in the views it reads, and in the bodies of functions in SQL
 * and PL/pgSQL. Each finding has its place in `sql`, in bytes.
 */
export async function findImpure(
  client: ClientBase,
  sql: string,
  read: typeof referencesOf = referencesOf,
): Promise<SqlFinding[]> {
  const seen = new Set<string>();
  const findings: SqlFinding[] = [];
  let level = [await read('sql', sql)];
  while (level.length > 0) {
    const asked = mergeReferences(level);
    findings.push(...asked.findings);
    const functions = await serverFunctions(client, asked);
    const views = asked.relations.length === 0 ? [] : await serverViews(client, asked.relations);
    findings.push(...functions.flatMap(refuse));
    const definitions = [...functions.flatMap(readable), ...views.map((view) => ({ ...view, language: 'sql' }))].filter(
      ({ name }) => !seen.has(name) && seen.size < MAX_DEFINITIONS && seen.add(name),
    );
    level = await Promise.all(definitions.map(async (one) => movedTo(one, await read(one.language, one.definition))));
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
function movedTo({ reference, name }: Definition, found: SqlReferences): SqlReferences {
  const { offset } = reference;
  const via = `${reference.via}${name}: `;
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

function distinct(findings: readonly SqlFinding[]): SqlFinding[] {
  return [...new Map(findings.map((one) => [`${one.offset} ${one.message}`, one])).values()].toSorted(
    (a, b) => a.offset - b.offset,
  );
}
