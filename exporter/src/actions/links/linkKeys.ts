import { createHash, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readTextFile } from '../../yaml/readTextFile.js';
import { ExplainedError } from '../../yaml/explainedError.js';

/** Keys of the links in mails: the first signs, each of them verifies, so that a new one can be put first while old links live. */
export type LinkKeys = readonly [LinkKey, ...LinkKey[]];

export interface LinkKey {
  /** Says in a link which key signed it, and nothing about the key. */
  readonly id: string;
  readonly secret: KeyObject;
}

/** The file of the keys cannot be used; the message says why and how to make one, and nothing of its content. */
export class LinkKeyError extends ExplainedError {
  override readonly name = 'LinkKeyError';
}

// HS256 asks for a key as long as its hash (RFC 7518, 3.2).
const LEAST_BYTES = 32;
const MOST_KEYS = 2;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Reads the keys of links: one or two lines of base64, each of at least 32 bytes.
 * @throws {LinkKeyError}
 */
export function readLinkKeys(file: string): LinkKeys {
  const [first, ...others] = readLines(file).map((text, index) => readKey(text, `${file}:${index + 1}`));
  if (first === undefined) throw refuse(`${file} has no key`);
  if (others.length >= MOST_KEYS)
    throw refuse(`${file} has ${others.length + 1} keys; the new one and the one before are enough`);
  return [first, ...others];
}

function readLines(file: string): string[] {
  try {
    return readTextFile(file)
      .split(/\r?\n/)
      .filter((text, index, all) => text !== '' || index < all.length - 1);
  } catch (cause) {
    throw refuse(`${file} cannot be read (${cause instanceof Error ? cause.message : String(cause)})`, cause);
  }
}

function readKey(text: string, place: string): LinkKey {
  const bytes = BASE64.test(text) ? Buffer.from(text, 'base64') : null;
  if (bytes === null) throw refuse(`${place} is not base64`);
  if (bytes.length < LEAST_BYTES) throw refuse(`${place} has ${bytes.length} bytes; ${LEAST_BYTES} are the least`);
  return {
    id: createHash('sha256').update('link key').update(bytes).digest('hex').slice(0, 8),
    secret: createSecretKey(bytes),
  };
}

function refuse(problem: string, cause?: unknown): LinkKeyError {
  return new LinkKeyError(`${problem}. Make a key, one a line, with: openssl rand -base64 32`, { cause });
}
