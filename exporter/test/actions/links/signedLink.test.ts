import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, describe, expect, it } from 'vitest';
import type { LinkKeys } from '../../../src/actions/links/linkKeys.js';
import { readLinkKeys } from '../../../src/actions/links/linkKeys.js';
import { readLink, signLink } from '../../../src/actions/links/signedLink.js';

const directory = mkdtempSync(join(tmpdir(), 'link-keys-'));
afterAll(() => rmSync(directory, { recursive: true }));

let files = 0;
function keyFile(text: string): string {
  files += 1;
  const file = join(directory, `keys-${files}`);
  writeFileSync(file, text);
  return file;
}
const newKey = (): string => randomBytes(32).toString('base64');

const NOW = new Date('2026-11-21T12:00:00Z');
const LINK = {
  kind: 'respond',
  subject: '6f1f3a56-58e1-4a52-8fd7-6f0a5a3f6a11',
  person: 'Ada <ada@example.test>',
  expiresAt: new Date('2026-11-23T12:00:00Z'),
} as const;

describe('a link', () => {
  const keys = readLinkKeys(keyFile(`${newKey()}\n`));

  it('is read as it was signed, each with an identity of its own', async () => {
    const [one, other] = await Promise.all([signLink(keys, LINK), signLink(keys, LINK)]);
    const link = await readLink(keys, one, NOW);
    expect(link).toEqual({ ...LINK, tokenId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
    expect(await readLink(keys, other, NOW)).not.toEqual(link);
  });

  it('runs out in the second that it names', async () => {
    const token = await signLink(keys, LINK);
    expect(await readLink(keys, token, new Date(LINK.expiresAt.getTime() - 1))).toMatchObject({ kind: 'respond' });
    expect(await readLink(keys, token, LINK.expiresAt)).toEqual({ problem: 'expired' });
  });

  it('is verified by the key before while the file has both, and no longer once it is gone', async () => {
    const [before, after] = [newKey(), newKey()];
    const old = await signLink(readLinkKeys(keyFile(before)), LINK);
    const both = readLinkKeys(keyFile(`${after}\n${before}\n`));
    expect(await readLink(both, old, NOW)).toMatchObject({ subject: LINK.subject });
    const fresh = await signLink(both, LINK);
    const rotated = readLinkKeys(keyFile(after));
    expect(await readLink(rotated, fresh, NOW)).toMatchObject({ subject: LINK.subject });
    expect(await readLink(rotated, old, NOW)).toEqual({ problem: 'forged' });
  });

  const signed = (claims: Record<string, unknown>, by: LinkKeys = keys): Promise<string> =>
    new SignJWT({
      jti: LINK.subject,
      aud: 'respond',
      sub: 'x',
      person: 'x',
      exp: NOW.getTime() / 1_000 + 60,
      ...claims,
    })
      .setProtectedHeader({ alg: 'HS256', kid: by[0].id })
      .sign(by[0].secret);
  const forgeries: Record<string, () => Promise<string> | string> = {
    'changed subject': async () => {
      const [head, body, signature] = (await signLink(keys, LINK)).split('.');
      const claims = JSON.parse(Buffer.from(body ?? '', 'base64url').toString()) as Record<string, unknown>;
      const other = Buffer.from(JSON.stringify({ ...claims, sub: LINK.subject.replace('6', '7') })).toString(
        'base64url',
      );
      return [head, other, signature].join('.');
    },
    'no signature': () =>
      new UnsecuredJWT({ person: 'x' }).setSubject('x').setAudience('respond').setExpirationTime('1h').encode(),
    'a stranger’s key under our name': () => {
      const [stranger] = readLinkKeys(keyFile(newKey()));
      return signed({}, [{ id: keys[0].id, secret: stranger.secret }]);
    },
    'no end': () => signed({ exp: undefined }),
    'another kind': () => signed({ aud: 'delete' }),
    'nobody’s name': () => signed({ person: '' }),
    'no identity': () => signed({ jti: 'x' }),
    nothing: () => '',
    words: () => 'a.b.c',
    'a megabyte': () => 'x'.repeat(1_000_000),
  };
  it.each(Object.keys(forgeries))('is none with %s', async (name) => {
    expect(await readLink(keys, (await forgeries[name]?.()) ?? '', NOW)).toEqual({ problem: 'forged' });
  });
});

describe('the keys of links', () => {
  const short = randomBytes(31).toString('base64');
  it.each([
    ['', 'has no key'],
    [short, ':1 has 31 bytes; 32 are the least'],
    ['secret secret secret secret secret secret secret secret', ':1 is not base64'],
    [`${newKey()}\n\n${newKey()}\n`, ':2 is not base64'],
    [`${newKey()}\n${newKey()}\n${newKey()}\n`, 'has 3 keys'],
  ])('are refused with the fix, and never shown', (text, problem) => {
    const read = (): unknown => readLinkKeys(keyFile(text));
    expect(read).toThrow(problem);
    expect(read).toThrow('openssl rand -base64 32');
    if (text !== '') expect(read).not.toThrow(text.slice(0, 20));
  });

  it('are refused where there is no file', () => {
    expect(() => readLinkKeys(join(directory, 'none'))).toThrow(/none cannot be read .*openssl rand -base64 32/);
  });
});
