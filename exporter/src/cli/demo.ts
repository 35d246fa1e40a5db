import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import type { DemoOptions } from '../../demo/runDemo.js';
import type { DemoDatabaseOptions } from '../../demo/runDemoDatabase.js';
import { CommandError } from '../app/io.js';
import type { Io } from '../app/io.js';

/** `portfolio-exporter demo`. Throws {@link CommandError} where this installation has no demo. */
export async function demo(options: DemoOptions, io: Io, log: Logger): Promise<number> {
  const { runDemo } = await import('../../demo/runDemo.js').catch(explainAbsence);
  return runDemo(options, io, log);
}

/** `portfolio-exporter demo --database-only`. Throws {@link CommandError} where this installation has no demo. */
export async function demoDatabase(options: DemoDatabaseOptions, io: Io, log: Logger): Promise<number> {
  const { runDemoDatabase } = await import('../../demo/runDemoDatabase.js').catch(explainAbsence);
  return runDemoDatabase(options, io, log);
}

/** Only where the demo itself is missing: a library that it needs is missing for another reason. */
function explainAbsence(error: unknown): never {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  if (!isMissing || existsSync(new URL('../../demo/', import.meta.url))) throw error;
  throw new CommandError(
    'this installation has no demo: run it from a checkout (npm ci && npm run demo), or in the image of ' +
      '"docker build --target demo -f exporter/Dockerfile ."',
    { cause: error },
  );
}
