// After `npm ci` and before `npm pack`: compiles the program. An installation without development packages lacks the types; what it
// runs was compiled before, or is not there, which is said.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (!/\bdev\b/.test(process.env.npm_config_omit ?? '')) {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} else if (!existsSync('dist/exporter/src/main.js')) {
  console.error('portfolio-exporter is not compiled: run npm ci, then npm prune --omit=dev');
}
