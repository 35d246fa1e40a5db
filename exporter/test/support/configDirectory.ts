import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SHIPPED = fileURLToPath(new URL('../../config', import.meta.url));

/** A directory with an exporter.yaml and a thresholds.yaml of a test's own. */
export interface ConfigDirectory {
  readonly path: string;
  /** The flags that name both files. */
  readonly args: readonly string[];
  /** Absolute path of a file in it. */
  file(name: string): string;
  /** Writes a file in place, its directory included. */
  write(name: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

/** Starts as a copy of the shipped configuration, with `files` (by name) over it. */
export async function createConfigDirectory(files: Readonly<Record<string, string>> = {}): Promise<ConfigDirectory> {
  const path = await mkdtemp(join(tmpdir(), 'portfolio-config-'));
  const file = (name: string): string => join(path, name);
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(dirname(file(name)), { recursive: true });
    await writeFile(file(name), text);
  };
  for (const name of ['exporter.yaml', 'thresholds.yaml']) await cp(join(SHIPPED, name), file(name));
  for (const [name, text] of Object.entries(files)) await write(name, text);
  return {
    path,
    args: ['--config.file', file('exporter.yaml'), '--config.thresholds-file', file('thresholds.yaml')],
    file,
    write,
    remove: () => rm(path, { recursive: true, force: true }),
  };
}
