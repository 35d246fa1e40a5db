import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import { didYouMean } from '../../yaml/didYouMean.js';
import { Refused, quoted } from '../cells/refused.js';
import type { ReferenceKind } from '../tables/importTable.js';

/** Finds the ids of what cells name. */
export interface References {
  find(kind: ReferenceKind, word: string): string | Refused;
}

/** By word (name, code, id) the ids that bear it. */
type Words = Map<string, Set<string>>;

/** Each search for the nearest name costs as many comparisons as there are names: enough of them for a person. */
const MAX_SUGGESTIONS = 1_000;

const TABLE_OF: Readonly<Record<ReferenceKind, { readonly noun: string; readonly add: string }>> = {
  venture: { noun: 'venture', add: 'add it to ventures first' },
  initiative: { noun: 'initiative', add: 'add it to synergy_initiatives first' },
  opportunity: { noun: 'opportunity', add: 'add it to synergy_opportunities first' },
  resource: { noun: 'resource', add: '' },
};

/** Reads what may be named, of the kinds that a file names. Throws pg errors. */
export async function readReferences(client: ClientBase, kinds: ReadonlySet<ReferenceKind>): Promise<References> {
  const words = new Map<ReferenceKind, Words>();
  for (const kind of kinds) words.set(kind, await readWords(client, kind));
  const refused = new Map<string, Refused>();
  return {
    find(kind, word) {
      const known = words.get(kind);
      if (known === undefined) throw new Error(`the names of ${kind} were not read`);
      const [id, other] = known.get(word) ?? [];
      if (id !== undefined && other === undefined) return id;
      if (id === undefined && kind === 'resource') {
        const made = randomUUID();
        known.set(word, new Set([made]));
        return made;
      }
      const before = refused.get(`${kind} ${word}`);
      if (before !== undefined) return before;
      const answer = new Refused(
        id === undefined
          ? unknown(kind, word, refused.size < MAX_SUGGESTIONS ? [...known.keys()] : [])
          : `several ${TABLE_OF[kind].noun}s are called ${quoted(word)}; write the id of the one that is meant`,
      );
      if (refused.size < MAX_SUGGESTIONS) refused.set(`${kind} ${word}`, answer);
      return answer;
    },
  };
}

function unknown(kind: ReferenceKind, word: string, known: readonly string[]): string {
  const near = didYouMean(word, known);
  const cure = near === null ? TABLE_OF[kind].add : `did you mean ${quoted(near)}?`;
  return `there is no ${TABLE_OF[kind].noun} ${quoted(word)}; ${cure}`;
}

async function readWords(client: ClientBase, kind: ReferenceKind): Promise<Words> {
  const { rows } = await client.query<{ id: string; words: readonly (string | null)[] }>(await statement(client, kind));
  const words: Words = new Map();
  for (const { id, words: names } of rows) {
    for (const name of [id, ...names]) {
      const word = name?.trim() ?? '';
      if (word === '') continue;
      const ids = words.get(word);
      if (ids === undefined) words.set(word, new Set([id]));
      else ids.add(id);
    }
  }
  return words;
}

async function statement(client: ClientBase, kind: ReferenceKind): Promise<string> {
  switch (kind) {
    case 'venture':
      // A table of somebody else's may have a code beside the name.
      return `SELECT id::text, ARRAY[name::text${(await hasCode(client)) ? ', code::text' : ''}] AS words FROM ventures`;
    case 'initiative':
      return 'SELECT id::text, ARRAY[code, name] AS words FROM synergy_initiatives';
    case 'opportunity':
      return 'SELECT opportunity_id::text AS id, ARRAY[]::text[] AS words FROM synergy_opportunities';
    case 'resource':
      return `SELECT resource_id::text AS id, ARRAY[resource_name] AS words FROM venture_resource_allocations
              UNION SELECT resource_id::text, ARRAY[resource_name] FROM resource_conflicts`;
  }
}

async function hasCode(client: ClientBase): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM pg_attribute WHERE attrelid = to_regclass('ventures') AND attname = 'code' AND NOT attisdropped`,
  );
  return rowCount === 1;
}
