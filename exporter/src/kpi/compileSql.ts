import { hasSqlDetails, parse, scan } from 'libpg-query';
import type { Node, ParseResult } from 'libpg-query';

/** A KPI's SQL made ready for the server. */
export interface CompiledSql {
  /** One SELECT with numbered, typed parameters: `:as_of` has become `($1::date)`. */
  readonly text: string;
  /** Parameter names in the order of $1, $2, ... */
  readonly parameters: readonly string[];
}

/** Something wrong at a place of a SQL file; `line` and `column` count from 1. */
export interface SqlProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The SQL of a unit cannot be used; every problem at once. */
export class SqlError extends Error {
  override readonly name = 'SqlError';
  readonly problems: readonly SqlProblem[];

  constructor(problems: readonly SqlProblem[]) {
    super(problems.map((problem) => `${problem.line}:${problem.column}: ${problem.message}`).join('\n'));
    this.problems = problems;
  }
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/**
 * Reads a SQL file with PostgreSQL's own grammar: refuses anything but one plain SELECT and replaces the
 * `:name` parameters (psql's syntax) that stand outside strings and comments.
 * `types` maps each allowed parameter to its SQL type. Throws {@link SqlError}.
 */
export async function compileSql(source: string, types: ReadonlyMap<string, string>): Promise<CompiledSql> {
  const bytes = Buffer.from(source, 'utf8');
  const pieces = await findParameters(bytes);
  const unknown = pieces.filter((piece) => !types.has(piece.name));
  if (unknown.length > 0) {
    throw new SqlError(
      unknown.map((piece) => ({
        ...position(bytes, piece.start),
        message: `unknown parameter :${piece.name}; known are ${[...types.keys()].map((name) => `:${name}`).join(', ')}`,
      })),
    );
  }
  const parameters = [...new Set(pieces.map((piece) => piece.name))];
  const replace = (write: (piece: Piece) => string): string => {
    let text = '';
    let from = 0;
    for (const piece of pieces) {
      text += bytes.toString('utf8', from, piece.start) + write(piece);
      from = piece.end;
    }
    return text + bytes.toString('utf8', from);
  };
  // For the grammar a parameter becomes `$n` padded to its own length, so that positions stay those of the file.
  const forParser = replace((piece) => `$${parameters.indexOf(piece.name) + 1}`.padEnd(piece.end - piece.start));
  const tree = await parseStatement(forParser);
  refuseAllButSelect(tree, bytes);
  const text = replace((piece) => {
    const type = types.get(piece.name);
    return `($${parameters.indexOf(piece.name) + 1}::${type ?? 'text'})`;
  });
  return { text: text.replace(/;\s*$/, ''), parameters };
}

/** The scanner tells strings, comments and `::` from a colon, so `:name` is a parameter exactly where psql sees one. */
async function findParameters(bytes: Buffer): Promise<Piece[]> {
  const { tokens } = await scanOrThrow(bytes);
  const pieces: Piece[] = [];
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    const isColon = token.text === ':' && next?.start === token.end;
    if (isColon && /^[a-z_][a-z0-9_]*$/i.test(next.text)) {
      pieces.push({ start: token.start, end: next.end, name: next.text });
    }
  }
  return pieces;
}

async function scanOrThrow(bytes: Buffer): ReturnType<typeof scan> {
  try {
    return await scan(bytes.toString('utf8'));
  } catch (error) {
    throw syntaxError(error, bytes);
  }
}

async function parseStatement(text: string): Promise<ParseResult> {
  try {
    return await parse(text);
  } catch (error) {
    throw syntaxError(error, Buffer.from(text, 'utf8'));
  }
}

function syntaxError(error: unknown, bytes: Buffer): SqlError {
  const message = error instanceof Error ? error.message : String(error);
  const cursor = hasSqlDetails(error) ? (error.sqlDetails?.cursorPosition ?? 0) : 0;
  // The cursor counts characters, not bytes, unlike every other position of the library.
  const offset = Buffer.byteLength(bytes.toString('utf8').slice(0, cursor), 'utf8');
  return new SqlError([{ ...position(bytes, offset), message }]);
}

function refuseAllButSelect(tree: ParseResult, bytes: Buffer): void {
  const statements = tree.stmts ?? [];
  const only = 'a KPI is a single SELECT';
  const [first, second] = statements;
  if (first?.stmt === undefined) throw new SqlError([{ line: 1, column: 1, message: `no statement; ${only}` }]);
  if (second !== undefined) {
    const start = firstText(bytes, second.stmt_location ?? 0);
    throw new SqlError([{ ...position(bytes, start), message: `a second statement starts here; ${only}` }]);
  }
  const kind = statementKind(first.stmt);
  const start = firstText(bytes, first.stmt_location ?? 0);
  if (kind !== 'SelectStmt') {
    throw new SqlError([{ ...position(bytes, start), message: `${kind} is not a SELECT; ${only}` }]);
  }
  const forbidden = findForbidden(first.stmt);
  if (forbidden !== null) {
    throw new SqlError([{ ...position(bytes, start), message: `${forbidden} writes or locks; ${only} that only reads` }]);
  }
}

function statementKind(node: Node): string {
  return Object.keys(node)[0] ?? 'nothing';
}

const FORBIDDEN: ReadonlyMap<string, string> = new Map([
  ['InsertStmt', 'INSERT'],
  ['UpdateStmt', 'UPDATE'],
  ['DeleteStmt', 'DELETE'],
  ['MergeStmt', 'MERGE'],
  ['intoClause', 'SELECT INTO'],
  ['lockingClause', 'FOR UPDATE/SHARE'],
]);

/** A CTE may hide a write; the tree is walked whole. */
function findForbidden(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, child] of Object.entries(value)) {
    const found = FORBIDDEN.get(key) ?? findForbidden(child);
    if (found !== null) return found;
  }
  return null;
}

function firstText(bytes: Buffer, offset: number): number {
  const rest = bytes.toString('utf8', offset);
  const skipped = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/.exec(rest)?.[0] ?? '';
  return offset + Buffer.byteLength(skipped, 'utf8');
}

function position(bytes: Buffer, offset: number): { line: number; column: number } {
  const before = bytes.toString('utf8', 0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
