import { hasSqlDetails, parse, scan } from 'libpg-query';
import type { Node, ParseResult } from 'libpg-query';
import { sqlReferences } from './sqlReferences.js';
import { SqlError } from './sqlError.js';

/** A KPI's SQL made ready for the server. */
export interface CompiledSql {
  /** One SELECT with numbered, typed parameters: `:as_of` has become `($1::date)`. */
  readonly text: string;
  /** Parameter names in the order of $1, $2, ... */
  readonly parameters: readonly string[];
}

const ONLY_SELECT = 'a KPI is a single SELECT';

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/**
 * Reads a SQL file with PostgreSQL's own grammar: refuses anything but one plain SELECT that is a function of the rows and
 * its parameters, and replaces the `:name` parameters (psql's syntax) that stand outside strings and comments.
 * `types` maps each allowed parameter to its SQL type. Throws {@link SqlError}.
 */
export async function compileSql(
  source: string,
  types: ReadonlyMap<string, string>,
  { mayReadClock = false }: { readonly mayReadClock?: boolean } = {},
): Promise<CompiledSql> {
  // Some editors begin a file with a byte order mark; psql skips it too.
  const bytes = Buffer.from(source.replace(/^\uFEFF/, ''), 'utf8');
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
  const replace = (write: (piece: Piece) => string, end: number): string => {
    let text = '';
    let from = 0;
    for (const piece of pieces) {
      text += bytes.toString('utf8', from, piece.start) + write(piece);
      from = piece.end;
    }
    return text + bytes.toString('utf8', from, end);
  };
  // For the grammar a parameter becomes `$n` padded to its own length, so that positions stay those of the file.
  const number = (piece: Piece): number => parameters.indexOf(piece.name) + 1;
  const forParser = replace((piece) => `$${number(piece)}`.padEnd(piece.end - piece.start), bytes.length);
  const tree = await parseStatement(forParser, parameters);
  refuseAllButSelect(tree, bytes);
  const findings = mayReadClock ? [] : sqlReferences(tree).findings;
  if (findings.length > 0) {
    throw new SqlError(findings.map(({ offset, message }) => ({ ...position(bytes, offset), message })));
  }
  const typed = (piece: Piece): string => `($${number(piece)}::${types.get(piece.name) ?? 'text'})`;
  return { text: replace(typed, endOfStatement(tree, bytes)), parameters };
}

/** Where the semicolon is: it and the comments after it would stand in the way of a subquery. */
function endOfStatement(tree: ParseResult, bytes: Buffer): number {
  const { stmt_location: start = 0, stmt_len: length = 0 } = tree.stmts?.[0] ?? {};
  return length === 0 ? bytes.length : start + length;
}

/** The scanner tells strings, comments and `::` from a colon, so `:name` is a parameter exactly where psql sees one. */
async function findParameters(bytes: Buffer): Promise<Piece[]> {
  const { tokens } = await scanOrThrow(bytes);
  const numbered = tokens.filter((token) => /^\$\d/.test(token.text));
  if (numbered.length > 0) {
    throw new SqlError(
      numbered.map((token) => ({
        ...position(bytes, token.start),
        message: `${token.text} is a numbered parameter; name it, such as :as_of`,
      })),
    );
  }
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
  const text = bytes.toString('utf8');
  if (text.trim() === '') throw new SqlError([{ line: 1, column: 1, message: `no statement; ${ONLY_SELECT}` }]);
  // The library takes it for the end of the text.
  const nul = bytes.indexOf(0);
  if (nul >= 0) throw new SqlError([{ ...position(bytes, nul), message: 'a NUL character' }]);
  try {
    return await scan(text);
  } catch {
    // The library's scanner loses what is wrong and where; its parser tells both. For it, what looks like a parameter is
    // one, wherever it stands.
    await parseStatement(
      text.replace(/(?<!:):[a-z_][a-z0-9_]*/gi, (name) => '$1'.padEnd(name.length)),
      [],
    );
    throw new SqlError([{ line: 1, column: 1, message: 'cannot be read as SQL' }]);
  }
}

async function parseStatement(text: string, parameters: readonly string[]): Promise<ParseResult> {
  try {
    return await parse(text);
  } catch (error) {
    throw syntaxError(error, Buffer.from(text, 'utf8'), parameters);
  }
}

function syntaxError(error: unknown, bytes: Buffer, parameters: readonly string[]): SqlError {
  const said = error instanceof Error ? error.message : String(error);
  // It quotes the text from the place on, if need be to the end of the file, and in it the parameters as numbered here.
  const quoted = said.split('\n', 1)[0] ?? said;
  const message = quoted.replace(/\$(\d+) */g, (text, digits) => {
    const name = parameters[Number(digits) - 1];
    return name === undefined ? text : `:${name}`;
  });
  const cursor = hasSqlDetails(error) ? (error.sqlDetails?.cursorPosition ?? 0) : 0;
  // The cursor counts characters, not bytes, unlike every other position of the library.
  const offset = Buffer.byteLength(bytes.toString('utf8').slice(0, cursor), 'utf8');
  return new SqlError([{ ...position(bytes, offset), message }]);
}

function refuseAllButSelect(tree: ParseResult, bytes: Buffer): void {
  const statements = tree.stmts ?? [];
  const [first, second] = statements;
  if (first?.stmt === undefined) throw new SqlError([{ line: 1, column: 1, message: `no statement; ${ONLY_SELECT}` }]);
  if (second !== undefined) {
    const start = firstText(bytes, second.stmt_location ?? 0);
    throw new SqlError([{ ...position(bytes, start), message: `a second statement starts here; ${ONLY_SELECT}` }]);
  }
  const kind = statementKind(first.stmt);
  const start = firstText(bytes, first.stmt_location ?? 0);
  if (kind !== 'SelectStmt') {
    throw new SqlError([{ ...position(bytes, start), message: `${kind} is not a SELECT; ${ONLY_SELECT}` }]);
  }
  const forbidden = findForbidden(first.stmt);
  if (forbidden !== null) {
    throw new SqlError([
      { ...position(bytes, start), message: `${forbidden} writes or locks; ${ONLY_SELECT} that only reads` },
    ]);
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
