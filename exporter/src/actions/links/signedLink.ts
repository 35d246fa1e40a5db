import { randomUUID } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { LinkKeys } from './linkKeys.js';

export const LINK_KINDS = ['respond', 'approve', 'retry', 'numbers'] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

/** What a link lets its holder do, once. */
export interface Link {
  /** Of the row in used_links. */
  readonly tokenId: string;
  readonly kind: LinkKind;
  /** The row that it is about: a status request, an approval, a job, a request for numbers. */
  readonly subject: string;
  /** In whose name. */
  readonly person: string;
  readonly expiresAt: Date;
}

/** Why a link is none: it has run out, or nobody here made it as it is. */
export interface LinkProblem {
  readonly problem: 'expired' | 'forged';
}

const ALGORITHM = 'HS256';
// Nothing longer is made here; a stranger's is not read.
const MAX_TOKEN_CHARACTERS = 2_000;

const claimsSchema = z.object({
  jti: z.uuid(),
  aud: z.enum(LINK_KINDS),
  sub: z.string().min(1),
  person: z.string().min(1),
  exp: z.int(),
});

/** A token for the address of a link (RFC 7519). Bound to what, about what and who; used once (useLink). */
export function signLink(keys: LinkKeys, link: Omit<Link, 'tokenId'>): Promise<string> {
  const [{ id, secret }] = keys;
  return new SignJWT({ person: link.person })
    .setProtectedHeader({ alg: ALGORITHM, kid: id })
    .setJti(randomUUID())
    .setAudience(link.kind)
    .setSubject(link.subject)
    .setExpirationTime(link.expiresAt)
    .sign(secret);
}

/** Reads a token that came from outside. `now` is the clock that it runs out by. */
export async function readLink(keys: LinkKeys, token: string, now: Date): Promise<Link | LinkProblem> {
  if (token.length > MAX_TOKEN_CHARACTERS) return { problem: 'forged' };
  try {
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        const key = keys.find(({ id }) => id === kid);
        if (key === undefined) throw new errors.JWKSNoMatchingKey();
        return key.secret;
      },
      { algorithms: [ALGORITHM], currentDate: now, requiredClaims: ['exp'] },
    );
    const { jti, aud, sub, person, exp } = claimsSchema.parse(payload);
    return { tokenId: jti, kind: aud, subject: sub, person, expiresAt: new Date(exp * 1_000) };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { problem: 'expired' };
    if (error instanceof errors.JOSEError || error instanceof z.ZodError) return { problem: 'forged' };
    throw error;
  }
}
