import type { ConnectionTexts } from './connectionOptions.js';
import { CONNECTION_KEYS, isConnectionKey, REFUSED } from './connectionOptions.js';
import { DatabaseSettingsError } from './connectionOptions.js';

/**
 * The parts of `postgresql://user:password@host:5432/database?sslmode=require` or of `host=... dbname=...`, read as libpq
 * reads them (conninfo_uri_parse and conninfo_parse in fe-connect.c).
 * @param source where the text comes from, for the error
 * @throws {DatabaseSettingsError} that says what to do and repeats nothing of the text, for any part of a broken URL may
 *   be a part of the password
 */
export function parseConnectionString(text: string, source: string): ConnectionTexts {
  const fail: Fail = (why) =>
    new DatabaseSettingsError(
      `${source} ${why}; expected postgresql://user@host:5432/database, ` +
        'with special characters of the password percent-encoded (or the password in a file)',
    );
  const uri = /^postgres(?:ql)?:\/\/(.*)$/s.exec(text)?.[1];
  if (uri !== undefined) return accepted(parseUri(uri, fail), fail);
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) throw fail('does not begin with postgresql://');
  if (!text.includes('=')) throw fail('is not a URL');
  return accepted(parseKeywords(text, fail), fail);
}

type Fail = (why: string) => DatabaseSettingsError;
type Part = readonly [key: string, value: string];

/** In the order of the text: a later part wins over an earlier one. */
function accepted(parts: readonly Part[], fail: Fail): ConnectionTexts {
  for (const [key, value] of parts) {
    if (isConnectionKey(key)) continue;
    const refused = Object.hasOwn(REFUSED, key) ? REFUSED[key] : undefined;
    if (refused === undefined) throw fail(`has an unknown parameter; known are ${CONNECTION_KEYS.join(', ')}`);
    if (!refused.harmless.test(value)) throw fail(`has the parameter ${key}, which is not supported`);
  }
  return Object.fromEntries(parts.filter(([key]) => isConnectionKey(key)));
}

function parseUri(uri: string, fail: Fail): Part[] {
  // As in libpq, and unlike in a web address, # and ? before the @ belong to the password.
  const [, credentials, rest = ''] = /^(?:([^@/]*)@)?(.*)$/s.exec(uri) ?? [];
  const [, places = '', path = '', query = ''] = /^([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(rest) ?? [];
  // An unencoded / or @ in a password shifts everything after it into another part.
  if (/[/@]/.test(path) || places.includes('@')) throw fail('has an unexpected / or @');
  const [user = '', ...password] = (credentials ?? '').split(':');
  const parts: Part[] = [
    ['user', decode(user, fail)],
    ['password', decode(password.join(':'), fail)],
    ...parsePlaces(places, fail),
    ['dbname', decode(path, fail)],
  ];
  return [...parts.filter(([, value]) => value !== ''), ...parseQuery(query, fail)];
}

/** `host:port,[::1]:port`. */
function parsePlaces(places: string, fail: Fail): Part[] {
  const pairs = places.split(',').map((place) => {
    const match = /^(?:\[([^\]]+)\]|([^:[]*))(?::(.*))?$/s.exec(place);
    if (match === null) throw fail('has a host that cannot be read');
    return { host: match[1] ?? match[2] ?? '', port: match[3] ?? '' };
  });
  const joined = (values: readonly string[]): string => decode(values.join(','), fail);
  const ports = pairs.map(({ port }) => port);
  return [
    ['host', joined(pairs.map(({ host }) => host))],
    // Only commas: every port is the default, or what PGPORT says.
    ['port', ports.some((port) => port !== '') || ports.length > 1 ? joined(ports) : ''],
  ];
}

function parseQuery(query: string, fail: Fail): Part[] {
  if (query === '') return [];
  return query
    .replace(/&$/, '')
    .split('&')
    .map((pair): Part => {
      const [key = '', value, ...more] = pair.split('=');
      if (value === undefined || more.length > 0) throw fail('has a parameter that is not of the form name=value');
      const part: Part = [decode(key, fail), decode(value, fail)];
      // What JDBC calls it.
      return part[0] === 'ssl' && part[1] === 'true' ? ['sslmode', 'require'] : part;
    });
}

/** A plus sign is a plus sign. */
function decode(text: string, fail: Fail): string {
  if (/\s/.test(text)) throw fail('has a space that is not written as %20');
  if (/%(?![0-9a-f]{2})/i.test(text)) throw fail('has a % that is not followed by two hexadecimal digits');
  if (text.includes('%00')) throw fail('has a %00');
  try {
    return decodeURIComponent(text);
  } catch {
    // No cause: its stack may show the text.
    throw fail('has percent-encoded bytes that are not UTF-8');
  }
}

/** `host=/run/postgresql dbname='my database'`. */
function parseKeywords(text: string, fail: Fail): Part[] {
  const parts: Part[] = [];
  const pair = /\s*([^\s=]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)(?:[^\s\\]|\\.)*|))(?=\s|$)/sy;
  let end = 0;
  while (text.slice(end).trim() !== '') {
    pair.lastIndex = end;
    const match = pair.exec(text);
    if (match === null) throw fail('is not a list of name=value pairs');
    parts.push([match[1] ?? '', (match[2] ?? match[3] ?? '').replace(/\\(.)/gs, '$1')]);
    end = pair.lastIndex;
  }
  return parts;
}
