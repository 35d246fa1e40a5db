import type { IncomingHttpHeaders, RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';

export interface ConnectionLimits {
  /** One more, and the connection that has longest had no whole answer is closed: a scrape gets in, however many idle. */
  readonly maxConnections: number;
  /** Requests that may wait on a connection for the answer before theirs; a client that sends more is cut off. */
  readonly maxWaiting: number;
  /** Longest time from the beginning of an answer until the client has taken all of it. */
  readonly answerMs: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = { maxConnections: 256, maxWaiting: 8, answerMs: 30_000 };

interface Connection {
  busy: boolean;
  readonly waiting: (() => void)[];
}

/**
 * Lets a server answer one request of a connection after the other, the next when the client has taken the answer before it.
 * Node.js itself hands every pipelined request over at once: 60 kB of them from a client that reads nothing made a thousand
 * pages in memory. Returns what closes each connection as soon as no request is in flight on it;
 * `server.closeIdleConnections()` alone spares one that has not sent a request yet, and one that becomes idle later.
 */
export function answerInTurn(server: Server, handler: RequestListener, limits: ConnectionLimits): () => void {
  // The one that has longest had no whole answer comes first.
  const connections = new Map<Socket, Connection>();
  let closing = false;

  server.on('connection', (socket) => {
    connections.set(socket, { busy: false, waiting: [] });
    socket.once('close', () => connections.delete(socket));
    // Before the parser, which makes every request of a piece: 500 clients with 1500 requests each kept it busy for half a
    // minute. It is given nothing to read instead, because whoever listens to the data gets it even of a destroyed socket.
    socket.prependListener('data', (piece: Buffer) => {
      if (!hasMoreRequests(piece, limits.maxWaiting + 1)) return;
      piece.fill(0);
      connections.delete(socket);
      socket.destroy();
    });
    const [first] = connections.keys();
    if (connections.size > limits.maxConnections && first !== undefined) {
      connections.delete(first);
      first.destroy();
    }
  });

  // By itself Node.js answers these past the turns below.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));

  server.on('request', (request, response) => {
    const { socket } = request;
    const connection = connections.get(socket);
    if (connection === undefined) return;
    const answer = (): void => {
      if (socket.destroyed) return;
      connection.busy = true;
      const tooLate = setTimeout(() => socket.destroy(), limits.answerMs);
      response.once('close', () => {
        clearTimeout(tooLate);
        connection.busy = false;
        if (socket.destroyed) return;
        connections.delete(socket);
        connections.set(socket, connection);
        const next = connection.waiting.shift();
        if (next !== undefined) next();
        else if (closing) socket.destroySoon();
      });
      // The rest of a body that nobody reads is not waited for.
      if (hasBody(request.headers)) response.setHeader('Connection', 'close');
      handler(request, response);
    };
    if (!connection.busy) {
      connection.busy = true;
      // After all requests that came in the same piece: nothing is rendered for a client that is cut off.
      process.nextTick(answer);
    } else if (connection.waiting.length < limits.maxWaiting) connection.waiting.push(answer);
    else {
      connections.delete(socket);
      socket.destroy();
    }
  });

  return () => {
    closing = true;
    for (const [socket, { busy }] of connections) if (!busy) socket.destroySoon();
  };
}

const END_OF_HEADERS = Buffer.from('\r\n\r\n');

function hasMoreRequests(piece: Buffer, limit: number): boolean {
  let at = -1;
  for (let count = 0; count <= limit; count += 1) {
    at = piece.indexOf(END_OF_HEADERS, at + 1);
    if (at < 0) return false;
  }
  return true;
}

function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
}
