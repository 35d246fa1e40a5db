import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.js';
import { RECIPIENTS_TEXT, recipientsWith } from './sampleRecipients.js';

const shipped = readFileSync(new URL('../../../alertmanager/alertmanager.yml', import.meta.url), 'utf8');

describe('portfolio-exporter alertmanager', () => {
  let directory: string;
  let recipients: string;
  let config: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'portfolio-alertmanager-'));
    recipients = join(directory, 'recipients.yaml');
    config = join(directory, 'alertmanager.yml');
    writeFileSync(recipients, RECIPIENTS_TEXT);
    writeFileSync(config, shipped);
  });
  afterEach(() => rm(directory, { recursive: true }));

  async function run(...flags: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const said = { stdout: '', stderr: '' };
    const code = await runProgram(['alertmanager', ...flags], {
      stdout: (text) => (said.stdout += text),
      stderr: (text) => (said.stderr += text),
      env: {},
      shutdown: new AbortController().signal,
      onHangup: () => () => undefined,
    });
    return { code, ...said };
  }
  const here = (): string[] => [`--recipients=${recipients}`, `--config=${config}`];

  it('writes the file, and says so; then there is nothing to do', async () => {
    expect(await run(...here())).toEqual({
      code: 0,
      stdout: `written: ${config}; Alertmanager takes it over on POST /-/reload\n`,
      stderr: '',
    });
    const written = readFileSync(config, 'utf8');
    expect(written).toContain('to: first@corp.test');
    const inode = statSync(config).ino;
    expect(await run(...here())).toEqual({ code: 0, stdout: `ok: ${config} is what ${recipients} says\n`, stderr: '' });
    expect(statSync(config).ino).toBe(inode);
  });

  it('names each receiver that no route can reach, with its line and the nearest name', async () => {
    const routes = [
      {
        matchers: ['team="red"'],
        receiver: 'war-rom',
        routes: [{ receiver: 'on-call' }, { receiver: 'resource-conflict' }],
      },
      { matchers: ['team="blue"'], receiver: 'war-room' },
    ];
    const additions = { routes, receivers: [{ name: 'war-room' }] };
    writeFileSync(recipients, `${RECIPIENTS_TEXT}additions: ${JSON.stringify(additions, null, 1)}\n`);
    const line = RECIPIENTS_TEXT.split('\n').length;
    const { code, stderr } = await run(...here());
    expect(code).toBe(1);
    expect(stderr).toContain(`${recipients}:${line + 6}`);
    expect(stderr).toContain('additions.routes[0].receiver: there is no receiver war-rom; did you mean war-room?');
    expect(stderr).toContain(
      'additions.routes[0].routes[1].receiver: there is no receiver resource-conflict; did you mean resource-conflicts?',
    );
    expect(stderr.trim().split('\n')).toHaveLength(2);
    expect(readFileSync(config, 'utf8')).toBe(shipped);
  });

  it('replaces the file as a whole and keeps who may read it', async () => {
    await chmod(config, 0o640);
    const before = statSync(config);
    await run(...here());
    // Another file under the same name: whoever reads meanwhile reads the old one to its end.
    expect(statSync(config).ino).not.toBe(before.ino);
    expect(statSync(config).mode).toBe(before.mode);
    expect(readdirSync(directory).toSorted()).toEqual(['alertmanager.yml', 'recipients.yaml']);
  });

  it('--check writes nothing and shows what differs', async () => {
    const { code, stdout, stderr } = await run(...here(), '--check');
    expect([code, stdout]).toEqual([1, '']);
    const line = shipped.split('\n').findIndex((text) => text.includes('smtp_smarthost')) + 1;
    expect(stderr).toContain(`${config} is not what ${recipients} says; - is there, + would be:\n`);
    expect(stderr).toContain(`\n-${line}:   smtp_smarthost: smtp.example.test:587\n`);
    expect(stderr).toContain(`\n+${line}:   smtp_smarthost: mail.corp.test:587\n`);
    expect(stderr).toMatch(/run `npm run alertmanager` \(`portfolio-exporter alertmanager`\)\n$/);
    expect(readFileSync(config, 'utf8')).toBe(shipped);
    await run(...here());
    expect((await run(...here(), '--check')).code).toBe(0);
  });

  it('keeps a file that somebody edited, and says what is another; --force replaces it', async () => {
    await run(...here());
    const written = readFileSync(config, 'utf8');
    const edited = `${written.replace('to: first@corp.test', 'to: someone@corp.test')}# ours\n`;
    writeFileSync(config, edited);
    for (const flags of [[], ['--check']]) {
      const { code, stderr } = await run(...here(), ...flags);
      expect(code).toBe(1);
      expect(stderr).toMatch(/\n-\d+: +- to: someone@corp\.test\n\+\d+: +- to: first@corp\.test\n-\d+: # ours\n/);
      expect(stderr).toMatch(/somebody edited the file: .*`additions`.* --force`, which replaces it\n$/);
      expect(readFileSync(config, 'utf8')).toBe(edited);
    }
    expect((await run(...here(), '--force')).code).toBe(0);
    expect(readFileSync(config, 'utf8')).toBe(written);
  });

  it('makes the file where there is none', async () => {
    await rm(config);
    expect((await run(...here(), '--check')).stderr).toBe(`${config}:1:1: the file does not exist\n`);
    expect((await run(...here())).code).toBe(0);
    expect((await run(...here(), '--check')).code).toBe(0);
  });

  it('changes nothing where recipients.yaml is wrong, and tells all of it', async () => {
    writeFileSync(recipients, recipientsWith(['chair@corp.test', 'chair'], [':587', '']));
    const { code, stderr } = await run(...here());
    expect(code).toBe(1);
    expect(stderr.split('\n').filter(Boolean)).toHaveLength(2);
    expect(stderr).toContain(`${recipients}:2:13: recipients.Chairman: is not an address`);
    expect(readFileSync(config, 'utf8')).toBe(shipped);
  });

  it('says where recipients.yaml is missing', async () => {
    await rm(recipients);
    expect(await run(...here())).toEqual({
      code: 1,
      stdout: '',
      stderr: `${recipients}:1:1: the file does not exist\n`,
    });
  });

  it('reads no secret: a file that holds one is only named', async () => {
    const secret = join(directory, 'secret');
    writeFileSync(secret, 'xoxb-very-secret');
    writeFileSync(
      recipients,
      recipientsWith(['/run/secrets/slack', secret], ['/run/secrets/mail', secret], ['/run/secrets/heartbeat', secret]),
    );
    const { stdout } = await run(...here());
    expect(stdout + readFileSync(config, 'utf8')).not.toContain('very-secret');
    expect(readFileSync(config, 'utf8').match(new RegExp(secret, 'g'))).toHaveLength(3);
  });

  it('finds the shipped files by itself, from anywhere, and they are up to date', () => {
    const program = new URL('../../bin/portfolio-exporter.js', import.meta.url).pathname;
    const output = execFileSync(process.execPath, [program, 'alertmanager', '--check'], {
      cwd: directory,
      encoding: 'utf8',
    });
    expect(output).toMatch(
      /^ok: .*\/alertmanager\/alertmanager\.yml is what .*\/alertmanager\/recipients\.yaml says\n$/,
    );
  });
});
