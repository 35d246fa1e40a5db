import { Query } from 'pg';
import type { ClientBase, Connection, FieldDef, QueryArrayConfig } from 'pg';

export interface Bounds {
  /** How long the client itself waits, for a server that is gone without a word. */
  readonly timeoutMs: number;
  /** Most bytes of everything the server says to the query, errors and notices included. */
  readonly maxBytes: number;
  readonly tooManyBytes: () => Error;
  /** Called with each row as it comes; an error ends the reading. */
  readonly check: (row: readonly (string | null)[]) => Error | null;
}

export interface RowsRead {
  readonly fields: readonly FieldDef[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Values stay PostgreSQL's own text: int8 and numeric would come as text anyway, dates as objects in local time. */
const AS_TEXT = { getTypeParser: () => (text: string) => text };

/**
 * The rows of a query, read as they come and given up with the connection as soon as they exceed the bounds: neither rows nor
 * one endless value are held beyond them. Without a cursor and without LIMIT, because a portal read in parts never runs in
 * parallel on the server and a LIMIT leads to other plans.
 * Rejects with the errors of pg or those of the bounds; after the latter the client is disconnected.
 */
export function readBounded(
  client: ClientBase,
  { text, values }: { readonly text: string; readonly values: unknown[] },
  bounds: Bounds,
): Promise<RowsRead> {
  return new Promise((resolve, reject) => {
    let stream: Connection['stream'] | null = null;
    let exceeded: Error | null = null;
    const giveUp = (error: Error): void => {
      exceeded ??= error;
      stream?.destroy(error);
    };
    let received = 0;
    const count = (chunk: Buffer): void => {
      received += chunk.length;
      if (received > bounds.maxBytes) giveUp(bounds.tooManyBytes());
    };
    const config: QueryArrayConfig = { text, values, rowMode: 'array', types: AS_TEXT };
    const query = new Query<(string | null)[]>(config, (error, result) => {
      stream?.off('data', count);
      // A short answer is read to its end before the connection is gone. (The typings know no null, pg does.)
      if (exceeded !== null) reject(exceeded);
      else if (error instanceof Error) reject(error);
      else resolve(result);
    });
    query.on('row', (row) => {
      const error = bounds.check(row);
      if (error !== null) giveUp(error);
    });
    const submit = query.submit.bind(query);
    query.submit = (connection) => {
      ({ stream } = connection);
      stream.on('data', count);
      submit(connection);
    };
    client.query(Object.assign(query, { query_timeout: bounds.timeoutMs }));
  });
}
