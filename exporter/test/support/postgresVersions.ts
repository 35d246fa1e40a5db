import { existsSync } from 'node:fs';
import { inject } from 'vitest';
import type { EmbeddedServer } from '../../demo/embeddedServer.js';
import { startTestServer } from './testServer.js';

const POSTGRES_15 = '/usr/lib/postgresql/15/bin';

export interface PostgresVersion {
  /** Says in the report why a version is left out. */
  readonly title: string;
  readonly isInstalled: boolean;
  /** The superuser's URL of a server of this version, which other test files use as well: roles belong to all of them. */
  readonly sharedServer: () => Promise<string>;
  /** A server of this version that nothing else uses. */
  readonly start: () => Promise<EmbeddedServer>;
}

/** The oldest and the newest PostgreSQL that the migrations are for. A build server must have both. */
export function postgresVersions(): readonly PostgresVersion[] {
  const has15 = existsSync(`${POSTGRES_15}/postgres`);
  if (!has15 && process.env['CI'] !== undefined) {
    throw new Error(`${POSTGRES_15} is missing: apt-get install postgresql-15`);
  }
  return [
    {
      title: 'PostgreSQL 18',
      isInstalled: true,
      sharedServer: () => Promise.resolve(inject('postgresUrl')),
      start: () => startTestServer(),
    },
    {
      title: has15 ? 'PostgreSQL 15' : 'PostgreSQL 15 (not installed: apt-get install postgresql-15)',
      isInstalled: has15,
      sharedServer: async () => (await (shared15 ??= start15())).url,
      start: start15,
    },
  ];
}

/** One a worker, whose end is its end. */
let shared15: Promise<EmbeddedServer> | undefined;

const start15 = (): Promise<EmbeddedServer> =>
  startTestServer({ binaries: { initdb: `${POSTGRES_15}/initdb`, postgres: `${POSTGRES_15}/postgres` } });
