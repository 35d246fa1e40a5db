import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import bcrypt from 'bcryptjs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { actions as actionsCommand } from '../../src/cli/actions.js';
import { shippedFile } from '../../src/config/shippedFile.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { recordedLogger } from '../support/recordedLogger.js';
import { testUnit } from '../support/testUnit.js';
import { sampleNotification } from './sampleNotification.js';
import { startTestActions, type TestActions, TOKEN, writeActionsFiles } from './testActions.js';

/** A change is in force within two seconds; the machine may be busy beside. */
const TAKEN_OVER = { timeout: 60_000, interval: 50 };

let database: TestDatabase;
let directory: string;
let actions: TestActions;
const file = (name: string): string => join(directory, name);
const paths = () => ({
  actionsFile: file('actions.yaml'),
  configFile: file('exporter.yaml'),
  thresholdsFile: file('thresholds.yaml'),
});

beforeAll(async () => {
  database = await createDatabase();
  directory = await writeActionsFiles();
  for (const name of ['exporter.yaml', 'thresholds.yaml']) {
    await copyFile(join(shippedFile('exporter/config'), name), file(name));
  }
  actions = await startTestActions(database, { paths: paths() });
});
afterAll(async () => {
  await actions.stop();
  await rm(directory, { recursive: true });
  await database.drop();
});

const edit = async (name: string, from: RegExp, to: string): Promise<void> => {
  const text = await readFile(file(name), 'utf8');
  expect(text).toMatch(from);
  await writeFile(file(name), text.replace(from, to));
};
const told = (text: string) => actions.lines.filter(({ msg }) => msg === text);
const inForce = async (): Promise<string> =>
  /^portfolio_actions_config_last_reload_successful (.*)$/m.exec(await (await actions.get('/metrics')).text())?.[1] ??
  '';
const statusWith = async (token: string): Promise<number> =>
  (await actions.post(sampleNotification(), { Authorization: `Bearer ${token}` })).status;
const home = async (): Promise<number> => {
  const headers = { Authorization: `Basic ${Buffer.from('ann:secret').toString('base64')}` };
  return (await fetch(`${actions.url}/`, { headers })).status;
};

it('takes changed files over, also those that they name, and says which keys wait for the next start', async () => {
  expect(await inForce()).toBe('1');
  await vi.waitFor(async () => expect(await statusWith(TOKEN)).toBe(200), TAKEN_OVER);
  await writeFile(file('token-2'), 'another-token\n');
  await writeFile(file('users-2.yml'), `basic_auth_users: {ann: ${bcrypt.hashSync('secret', 4)}}\n`);
  expect(await home()).toBe(401);
  await edit('actions.yaml', /token_file: token/, 'token_file: token-2');
  await edit('actions.yaml', /users_file: users.yml/, 'users_file: users-2.yml\nworkers: 7');
  await vi.waitFor(async () => expect(await statusWith('another-token')).toBe(200), TAKEN_OVER);
  expect([await statusWith(TOKEN), await home()]).toEqual([401, 200]);
  // Told at each take-over while it waits: two edits may be one or two.
  const waiting = told('these keys take effect at the next start').map(({ keys }) => keys);
  expect(waiting.length).toBeGreaterThan(0);
  for (const keys of waiting) expect(keys).toEqual(['workers']);
});

it('keeps what is in force where a file is wrong, tells each problem once, and takes the mended one', async () => {
  await edit('actions.yaml', /external_url:/, 'extrenal_url:');
  await edit('thresholds.yaml', /conflict_over_allocation_threshold: .*/, 'conflict_over_allocation_threshold: many');
  await vi.waitFor(async () => expect(await inForce()).toBe('0'), TAKEN_OVER);
  await vi.waitFor(
    () => expect(JSON.stringify(told('configuration problem'))).toMatch(/extrenal_url.*conflict_over_allocation/),
    TAKEN_OVER,
  );
  expect(await statusWith('another-token')).toBe(200);
  const refusals = told('configuration refused, the previous one stays in force').length;
  await edit('actions.yaml', /extrenal_url:/, 'external_url:');
  await edit('thresholds.yaml', /conflict_over_allocation_threshold: .*/, 'conflict_over_allocation_threshold: 90%');
  await vi.waitFor(async () => expect(await inForce()).toBe('1'), TAKEN_OVER);
  expect(refusals).toBeLessThanOrEqual(2);
});

it('follows the directories of KPIs, a unit that comes into one, recipients.yaml and the keys', async () => {
  const taken = () => told('configuration taken over');
  const kpis = () => Number(taken().at(-1)?.['kpis']);
  const before = kpis();
  const addUnit = async (name: string): Promise<void> => {
    await writeFile(file(`kpis/${name}.sql`), `SELECT 1 AS portfolio_test_${name}`);
    await writeFile(file(`kpis/${name}.yaml`), testUnit({ metrics: { [`portfolio_test_${name}`]: 'count' } }));
  };
  await mkdir(file('kpis'));
  await addUnit('one');
  await edit('exporter.yaml', /^kpi_directories: .*$/m, 'kpi_directories: [kpis]');
  await vi.waitFor(() => expect(kpis()).toBe(before + 1), TAKEN_OVER);
  await addUnit('two');
  await vi.waitFor(() => expect(kpis()).toBe(before + 2), TAKEN_OVER);
  await copyFile(shippedFile('alertmanager/recipients.yaml'), file('recipients.yaml'));
  await edit('actions.yaml', /recipients_file: .*/, 'recipients_file: recipients.yaml');
  const refuses = async (name: string, text: string, problem: RegExp): Promise<void> => {
    const good = await readFile(file(name), 'utf8');
    await writeFile(file(name), text);
    await vi.waitFor(() => expect(JSON.stringify(told('configuration problem').at(-1))).toMatch(problem), TAKEN_OVER);
    await writeFile(file(name), good);
    const last = () => JSON.stringify(actions.lines.slice(-5));
    await vi.waitFor(async () => expect(await inForce(), last()).toBe('1'), TAKEN_OVER);
  };
  await refuses('recipients.yaml', 'recipients: 1\n', /recipients\.yaml:1/);
  await refuses('keys', 'short\n', /links\.key_file/);
});

it('reads the files again on SIGHUP, and not once it is stopped', async () => {
  const hangups = new Set<() => void>();
  const shutdown = new AbortController();
  const { log, lines } = recordedLogger();
  const ended = actionsCommand(
    { paths: paths(), listenAddress: { host: '127.0.0.1', port: 0 } },
    {
      ...{ stdout: () => undefined, stderr: () => undefined, env: { DATABASE_URL: actions.login.url } },
      shutdown: shutdown.signal,
      onHangup(callback) {
        hangups.add(callback);
        return () => hangups.delete(callback);
      },
    },
    log,
  );
  await vi.waitFor(() => expect(hangups.size).toBe(1), TAKEN_OVER);
  for (const hangup of hangups) hangup();
  await vi.waitFor(
    () => expect(lines).toContainEqual(expect.objectContaining({ msg: 'configuration taken over', cause: 'SIGHUP' })),
    TAKEN_OVER,
  );
  shutdown.abort();
  expect(await ended).toBe(0);
  expect(hangups.size).toBe(0);
});
