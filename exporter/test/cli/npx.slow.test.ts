import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { runProgram } from '../support/startProgram.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

it('the program runs by npx in a checkout, with npm ci alone and no registry', { timeout: 300_000 }, async () => {
  // A copy, because npx prepares the package, which would build the program under the feet of other tests; dist is as npm ci left it.
  const checkout = await mkdtemp(join(tmpdir(), 'portfolio-checkout-'));
  onTestFinished(() => rm(checkout, { recursive: true, force: true }));
  await mkdir(join(checkout, 'exporter'));
  for (const name of [
    'dist',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'sql',
    'exporter/bin',
    'exporter/config',
    'exporter/scripts/prepare.js',
    'exporter/src',
    'exporter/demo',
    'prometheus/src',
    'alertmanager',
  ]) {
    await cp(join(ROOT, name), join(checkout, name), { recursive: true, preserveTimestamps: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
  const npx = () =>
    promisify(execFile)('npx', ['portfolio-exporter', '--version'], {
      cwd: checkout,
      env: {
        PATH: process.env['PATH'],
        HOME: checkout,
        npm_config_cache: join(checkout, 'cache'),
        npm_config_registry: 'http://127.0.0.1:1',
      },
    });
  const { stdout: expected } = await runProgram(['--version']);
  expect((await npx()).stdout).toBe(expected);
  expect((await npx()).stdout).toBe(expected);
});
