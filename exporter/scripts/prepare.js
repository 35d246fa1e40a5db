// After `npm ci` and before `npm pack`: compiles the program. An installation without development packages has no compiler; what it
// runs was compiled before, or is not there, which is said.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
let compiler;
try {
  compiler = require.resolve('typescript/bin/tsc');
} catch {
  if (!existsSync('dist/exporter/src/main.js'))
    console.error(
      'portfolio-exporter is not compiled, and there is no compiler: run npm ci without --omit=dev, then npm prune --omit=dev',
    );
}
if (compiler !== undefined)
  process.exitCode = spawnSync(process.execPath, [compiler, '--build'], { stdio: 'inherit' }).status ?? 1;
