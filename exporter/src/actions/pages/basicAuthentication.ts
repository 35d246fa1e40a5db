import { createHmac, randomBytes } from 'node:crypto';
import bcrypt from 'bcryptjs';
import type { Request, RequestHandler } from 'express';
import pLimit from 'p-limit';

export interface Authentication {
  readonly handler: RequestHandler;
  /** The user of a request that passed. */
  readonly userOf: (request: Request) => string;
}

// A hash takes a thread 50 ms and more: one at a time, and few wait.
const MOST_WAITING = 20;
/** Of one address in a minute. */
const MOST_FAILURES = 10;
const MINUTE_MS = 60_000;
const MOST_REMEMBERED = 1_000;

/**
 * Basic authentication against bcrypt hashes. An unknown user takes as long as a wrong password; a password that was right is not
 * hashed again; who fails too often waits a minute.
 * @param users read for each request; by name
 */
export function basicAuthentication(users: () => ReadonlyMap<string, string>, now: () => Date): Authentication {
  const turn = pLimit(1);
  const secret = randomBytes(32);
  const passed = new Map<string, true>();
  const failures = new Map<string, number>();
  let minute = 0;
  const names = new WeakMap<Request, string>();

  const failuresOf = (address: string): number => {
    const current = Math.floor(now().getTime() / MINUTE_MS);
    if (current !== minute) failures.clear();
    minute = current;
    return failures.get(address) ?? 0;
  };
  const check = async (name: string, password: string): Promise<boolean> => {
    const all = users();
    const hash = all.get(name);
    const digest = createHmac('sha256', secret)
      .update(`${name}\0${password}\0${hash ?? ''}`)
      .digest('base64');
    if (hash !== undefined && passed.has(digest)) return true;
    const compared = hash ?? [...all.values()][0] ?? NOBODY;
    const isRight = (await turn(() => bcrypt.compare(password, compared))) && hash !== undefined;
    if (isRight && passed.size < MOST_REMEMBERED) passed.set(digest, true);
    return isRight;
  };

  return {
    userOf: (request) => names.get(request) ?? '',
    handler: (request, response, next) => {
      const address = request.socket.remoteAddress ?? '';
      const refuse = (status: 401 | 429): void => {
        if (status === 401) response.set('WWW-Authenticate', 'Basic realm="portfolio", charset="UTF-8"');
        else response.set('Retry-After', '60');
        const reason = status === 401 ? 'unauthorized' : 'too many failed logins, try again in a minute';
        response.status(status).type('text/plain; charset=utf-8').send(`${reason}\n`);
      };
      const given = credentials(request.get('authorization'));
      if (given === null) {
        refuse(401);
        return;
      }
      if (failuresOf(address) >= MOST_FAILURES || turn.pendingCount >= MOST_WAITING) {
        refuse(429);
        return;
      }
      check(given.name, given.password).then((isRight) => {
        if (isRight) {
          names.set(request, given.name);
          next();
          return;
        }
        if (failures.size < MOST_REMEMBERED || failures.has(address)) failures.set(address, failuresOf(address) + 1);
        refuse(401);
      }, next);
    },
  };
}

/** Of a password that nobody has. */
const NOBODY = bcrypt.hashSync(randomBytes(16).toString('base64'), 10);

// bcrypt reads 72 bytes; a longer one would be hashed in part.
const MAX_PASSWORD_BYTES = 72;

function credentials(header: string | undefined): { name: string; password: string } | null {
  const encoded = /^Basic ([A-Za-z0-9+/=]{1,1000})$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return null;
  const [, name, password] = /^([^:]*):([\s\S]*)$/.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  if (name === undefined || password === undefined || Buffer.byteLength(password) > MAX_PASSWORD_BYTES) return null;
  return { name, password };
}
