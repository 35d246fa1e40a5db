import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createExporterLogin } from '../support/exporterLogin.js';
import type { ExporterLogin } from '../support/exporterLogin.js';
import { runCommand } from '../support/runCommand.js';

describe('portfolio-exporter report', () => {
  let database: TestDatabase;
  let login: ExporterLogin;
  let directory: string;
  let env: Record<string, string>;
  beforeAll(async () => {
    database = await createDatabase();
    login = await createExporterLogin(database);
    directory = await mkdtemp(join(tmpdir(), 'report-'));
    env = { DATABASE_URL: login.url };
  });
  afterAll(async () => {
    await rm(directory, { recursive: true });
    await login.drop();
    await database.drop();
  });

  it('prints the last complete month as text, with the right to read and no other', async () => {
    const { code, stdout, stderr } = await runCommand(['report'], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const now = new Date();
    const last = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1));
    const month = last.toLocaleString('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' });
    expect(stdout).toContain(`No venture is registered, so there is nothing to report for ${month}.`);
  });

  it('writes a file by its extension or --format, and leaves nothing else', async () => {
    for (const [file, start] of [
      ['a.pdf', '%PDF-1.7'],
      ['a.HTML', '<!doctype html>'],
      ['a.txt', 'Portfolio report'],
    ] as const) {
      const path = join(directory, file);
      const { code, stdout, stderr } = await runCommand(['report', '--month', '2026-02', '-o', path], { env });
      expect({ code, stdout, stderr }).toEqual({
        code: 0,
        stdout: '',
        stderr: `Portfolio report, February 2026 (data as of 2026-02-28): ${path}\n`,
      });
      expect((await readFile(path, 'latin1')).startsWith(start)).toBe(true);
    }
    const named = await runCommand(['report', '--format', 'html', '-o', join(directory, 'b')], { env });
    expect(named.code).toBe(0);
    expect((await readdir(directory)).sort()).toEqual(['a.HTML', 'a.pdf', 'a.txt', 'b']);
  });

  it.each([
    [['--month', '2026-13'], 2, 'write it as YYYY-MM, such as 2026-03.'],
    [['--month', '2999-01'], 1, '2999-01 lies ahead; today is '],
    [['--format', 'pdf'], 1, 'a PDF is not for a terminal: give it a file, such as -o report.pdf'],
    [['-o', 'report.doc'], 1, 'report.doc: its extension does not tell the format; add --format pdf, html, text'],
    [['-o', '/dev/null/report.pdf'], 1, '/dev/null/report.pdf cannot be written: '],
  ])('refuses %j', async (args, code, message) => {
    const refused = await runCommand(['report', ...args], { env });
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain(message);
  });
});
