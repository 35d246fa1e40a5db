import { parse, parsePlPgSQL } from 'libpg-query';
import type { ParseResult } from 'libpg-query';
import { mergeReferences, sqlReferences } from './sqlReferences.js';
import type { SqlReferences } from './sqlReferences.js';

/** What a definition on a server asks for: `language` is `sql` or `plpgsql`, the latter the whole CREATE FUNCTION. */
export async function readReferences(language: string, definition: string): Promise<SqlReferences> {
  return mergeReferences((await parseDefinition(language, definition)).map(sqlReferences));
}

async function parseDefinition(language: string, definition: string): Promise<ParseResult[]> {
  if (language === 'sql') return parseOrNothing(definition);
  const texts = queriesOf(await parsePlPgSQL(definition).catch(() => null));
  return (await Promise.all(texts.map(parseOrNothing))).flat();
}

/** What cannot be read is refused by the server itself, with better words; what the library's grammar does not know is left to what the server says of it. */
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
