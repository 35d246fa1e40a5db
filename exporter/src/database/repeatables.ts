import { join } from 'node:path';
import type { Node } from 'libpg-query';
import { type CreatedObject, createdObject } from './createdObjects.js';
import { MigrationError } from './migrationError.js';
import { readSqlFiles, type SqlFile, splitStatements, type SqlStatement } from './sqlFiles.js';
import { sqlNames } from './sqlNames.js';

/** A file that holds one view or function, as it shall be in every database. */
export interface Repeatable {
  readonly file: SqlFile;
  readonly statements: readonly SqlStatement[];
  readonly object: CreatedObject & { readonly class: 'relation' | 'function' };
  /** As other SQL names it: `portfolio_reporting.clock`. */
  readonly writtenName: string;
  /** What it names, as {@link sqlNames} has it; itself is among them. */
  readonly names: ReadonlySet<string>;
}

/**
 * Every `repeatable/<name>.sql` of `directory`, each behind those that it names.
 *
 * @throws MigrationError for a file that does not hold one `CREATE OR REPLACE` of a view or function of its own name and
 *   what is said of that (COMMENT, GRANT, REVOKE), and for views that need each other
 */
export async function readRepeatables(directory: string): Promise<Repeatable[]> {
  return inOrder(await Promise.all((await readRepeatableFiles(directory)).map(readRepeatable)));
}

/** Their files by name, unread. */
export function readRepeatableFiles(directory: string): Promise<SqlFile[]> {
  return readSqlFiles(join(directory, 'repeatable'));
}

async function readRepeatable(file: SqlFile): Promise<Repeatable> {
  const statements = await splitStatements(file);
  const [first, ...others] = statements;
  const object = first === undefined ? null : replaced(first.tree);
  if (object === null || first === undefined) {
    throw new MigrationError('a repeatable file begins with CREATE OR REPLACE VIEW or FUNCTION', {
      file: file.path,
      line: first?.line ?? 1,
    });
  }
  if (object.name !== file.name) {
    throw new MigrationError(`makes ${object.name}: call the file ${object.name}.sql`, { file: file.path });
  }
  const foreign = others.find(({ tree }) => !('CommentStmt' in tree || 'GrantStmt' in tree));
  if (foreign !== undefined) {
    const message = `a repeatable file holds one view or function, its COMMENT, GRANT and REVOKE: a file of its own for this statement`;
    throw new MigrationError(message, { file: file.path, line: foreign.line });
  }
  const writtenName = object.schema === null ? object.name : `${object.schema}.${object.name}`;
  const { parse } = await import('libpg-query');
  const bodies = await Promise.all(sqlBodies(first.tree).map((body) => parse(body)));
  const trees = [first.tree, ...bodies.flatMap(({ stmts = [] }) => stmts.flatMap(({ stmt }) => stmt ?? []))];
  return { file, statements, object, writtenName, names: new Set(trees.flatMap((tree) => [...sqlNames(tree)])) };
}

/** The text of a function in SQL, which the server reads when the function is made; that of other languages it does not. */
function sqlBodies(statement: Node): string[] {
  if (!('CreateFunctionStmt' in statement)) return [];
  const options = (statement.CreateFunctionStmt.options ?? []).flatMap((node) =>
    'DefElem' in node && node.DefElem.arg !== undefined ? [[node.DefElem.defname, node.DefElem.arg] as const] : [],
  );
  const texts = (wanted: string): string[] =>
    options.flatMap(([name, arg]) => {
      const nodes = name !== wanted ? [] : 'List' in arg ? (arg.List.items ?? []) : [arg];
      return nodes.flatMap((node) => ('String' in node ? (node.String.sval ?? []) : []));
    });
  return texts('language').includes('sql') ? texts('as') : [];
}

/** What the statement makes; null where it is no CREATE OR REPLACE of a view or a function. */
function replaced(statement: Node): Repeatable['object'] | null {
  let plain: Node;
  if ('ViewStmt' in statement && statement.ViewStmt.replace === true) {
    plain = { ViewStmt: { ...statement.ViewStmt, replace: false } };
  } else if ('CreateFunctionStmt' in statement && statement.CreateFunctionStmt.replace === true) {
    plain = { CreateFunctionStmt: { ...statement.CreateFunctionStmt, replace: false } };
  } else return null;
  const object = createdObject(plain);
  return object?.class === 'relation' || object?.class === 'function' ? { ...object, class: object.class } : null;
}

/** Those that `named` needs, and those that they need, first. */
export function withNeeded(all: readonly Repeatable[], named: ReadonlySet<string>): Repeatable[] {
  const needed = new Set<Repeatable>();
  const visit = (names: ReadonlySet<string>): void => {
    for (const one of all) {
      if (!names.has(one.writtenName) || needed.has(one)) continue;
      needed.add(one);
      visit(one.names);
    }
  };
  visit(named);
  return all.filter((one) => needed.has(one));
}

function inOrder(all: readonly Repeatable[]): Repeatable[] {
  const ordered: Repeatable[] = [];
  let left = [...all];
  while (left.length > 0) {
    const isFree = ({ names, writtenName }: Repeatable): boolean =>
      left.every((other) => other.writtenName === writtenName || !names.has(other.writtenName));
    const free = left.filter(isFree);
    const [stuck] = left;
    if (free.length === 0 && stuck !== undefined) {
      throw new MigrationError(`cannot be made: ${left.map(({ file }) => file.name).join(', ')} need each other`, {
        file: stuck.file.path,
      });
    }
    ordered.push(...free);
    left = left.filter((one) => !free.includes(one));
  }
  return ordered;
}
