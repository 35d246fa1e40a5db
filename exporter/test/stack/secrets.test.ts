import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import bcrypt from 'bcryptjs';
import { parse } from 'yaml';
import { z } from 'zod';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findOnPath } from '../../scripts/stack/findOnPath.js';
import { COMPOSE, ROOT } from './composeFile.js';

const SCRIPT = `${ROOT}exporter/scripts/stack/secrets.sh`;
// The password whose hash is in actions_users.yml is for people alone.
const NAMES = [...Object.values(COMPOSE.secrets).map(({ file }) => basename(file)), 'actions_password.txt'];

let parent: string;
let directory: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'portfolio-secrets-'));
  directory = join(parent, 'secrets');
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const make = (env: Record<string, string> = {}) =>
  spawnSync('/bin/sh', [SCRIPT, directory], { encoding: 'utf8', env: { ...process.env, ...env } });
const contents = (): Record<string, string> =>
  Object.fromEntries(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

// `openssl --version` is an error to some versions, so it is looked for and not asked. A build server must have it.
const IS_SKIPPED = findOnPath(['openssl']) === null && (process.env['CI'] ?? '') === '';
if (IS_SKIPPED)
  process.stderr.write('openssl is missing: apt-get install openssl; the test that needs it is skipped\n');

describe.skipIf(IS_SKIPPED)('exporter/scripts/stack/secrets.sh', () => {
  it('makes every secret of docker-compose.yml, each another one, behind a directory that only its owner may enter', () => {
    const result = make();
    expect(result).toMatchObject({ status: 0, stderr: '' });
    const made = contents();
    expect(Object.keys(made).toSorted()).toEqual(NAMES.toSorted());
    expect(new Set(Object.values(made)).size).toBe(NAMES.length);
    expect(mode(directory)).toBe('700');
    // Whoever a container runs as must be able to read what is mounted into it.
    for (const name of NAMES) expect([name, mode(join(directory, name))]).toEqual([name, '644']);
    for (const [name, text] of Object.entries(made)) {
      if (name.endsWith('.txt')) expect([name, text]).toEqual([name, expect.stringMatching(/^\S{16,}$/)]);
      expect(result.stdout).not.toContain(text.trim());
    }
    const certificate = new X509Certificate(made['mail_catcher_certificate.pem'] ?? '');
    expect(certificate.checkHost('smtp.example.test')).toBe('smtp.example.test');
    expect(made['mail_catcher_key.pem']).toContain('PRIVATE KEY');
    const { basic_auth_users: users } = z
      .strictObject({ basic_auth_users: z.strictObject({ portfolio: z.string() }) })
      .parse(parse(made['actions_users.yml'] ?? ''));
    expect(bcrypt.compareSync(made['actions_password.txt'] ?? '', users.portfolio)).toBe(true);
  });

  it('leaves what is there as it is', () => {
    make();
    writeFileSync(join(directory, 'slack_api_url.txt'), 'https://hooks.example.test/own');
    rmSync(join(directory, 'smtp_password.txt'));
    const before = contents();
    expect(make()).toMatchObject({ status: 0, stdout: `made ${realpathSync(directory)}/smtp_password.txt\n` });
    expect(contents()).toEqual({ ...before, 'smtp_password.txt': expect.any(String) as string });
  });

  it('leaves nothing half made where openssl fails or is missing', () => {
    const programs = join(parent, 'bin');
    spawnSync('mkdir', [programs]);
    writeFileSync(join(programs, 'openssl'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const failed = make({ PATH: `${programs}:${process.env['PATH'] ?? ''}` });
    expect(failed.status).not.toBe(0);
    expect(readdirSync(directory)).toEqual([]);

    const missing = make({ PATH: '/nonexistent' });
    expect(missing.status).not.toBe(0);
    expect(missing.stderr).toContain('openssl is missing');
  });
});
