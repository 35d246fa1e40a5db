import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MigrationLog } from '../../src/database/migrate.js';

/** The product's own migrations, views and functions. */
export const SCHEMA_DIRECTORY = fileURLToPath(new URL('../../../sql', import.meta.url));

export interface RecordedLog extends MigrationLog {
  readonly infos: string[];
  readonly warnings: string[];
}

/** Keeps what was logged. */
export function recordLog(): RecordedLog {
  const infos: string[] = [];
  const warnings: string[] = [];
  return { infos, warnings, info: (message) => infos.push(message), warn: (message) => warnings.push(message) };
}

/** A directory of migrations (`0001_one.sql`) and other files (`repeatable/one.sql`), by name; remove it when done. */
export async function writeDirectory(
  files: Readonly<Record<string, string>>,
): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'portfolio-migrations-'));
  for (const folder of ['migrations', 'repeatable']) await mkdir(join(path, folder));
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(path, name.includes('/') ? name : `migrations/${name}`), text);
  }
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
