// The package as it would be published: packed, installed into an empty folder with production dependencies alone, and run there.
// Prints its size; exits 1 with what was said where any of it fails.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'portfolio-package-'));
const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** Starts `serve` without a database and resolves with its /metrics. */
async function metricsOf(program, cwd) {
  const server = spawn(program, ['serve', '--web.listen-address=127.0.0.1:0'], {
    cwd,
    env: { ...process.env, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' },
  });
  let said = '';
  try {
    const url = await new Promise((resolve, reject) => {
      server.stderr.on('data', (chunk) => {
        said += chunk;
        const match = /url=(http:\S+)/.exec(said);
        if (match) resolve(match[1]);
      });
      server.on('exit', () => reject(new Error(`serve ended:\n${said}`)));
      server.on('error', reject);
    });
    return await (await fetch(`${url}/metrics`)).text();
  } finally {
    server.kill('SIGTERM');
  }
}

try {
  const [{ filename, size, unpackedSize, files }] = JSON.parse(
    run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], process.cwd()),
  );
  const unwanted = files
    .map(({ path }) => path)
    .filter((path) => /(^|\/)(test|bench|secrets|node_modules)\/|\.slow\./.test(path));
  if (unwanted.length > 0) throw new Error(`the package holds what nobody needs: ${unwanted.join(', ')}`);
  writeFileSync(join(folder, 'package.json'), '{"private": true}');
  run('npm', ['install', '--omit=dev', '--omit=optional', '--no-audit', '--no-fund', join(folder, filename)], folder);
  const program = join(folder, 'node_modules/.bin/portfolio-exporter');
  const version = run(program, ['--version'], folder).trim();
  const checked = run(program, ['check', '--offline'], folder).trim();
  run(program, ['alertmanager', '--check'], folder);
  const metrics = await metricsOf(program, folder);
  if (!metrics.includes(`version="${version}"`))
    throw new Error('the installed exporter does not serve portfolio_build_info');
  const installed = readdirSync(join(folder, 'node_modules'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  console.log(
    `${filename}: ${files.length} files, ${mebibytes(size)} packed, ${mebibytes(unpackedSize)} unpacked, ${mebibytes(installed)} installed; ${checked}`,
  );
} catch (error) {
  console.error(error.stderr === undefined ? error.message : `${error.message}\n${error.stdout}\n${error.stderr}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
