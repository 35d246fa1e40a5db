import { existsSync } from 'node:fs';
import { startEmbeddedServer, type EmbeddedServer } from '../../demo/embeddedServer.js';
import type { ServerBinaries } from '../../demo/serverBinaries.js';

const POSTGRES_15 = '/usr/lib/postgresql/15/bin';

export interface PostgresVersion {
  /** Says in the report why a version is left out. */
  readonly title: string;
  readonly isInstalled: boolean;
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
    { title: 'PostgreSQL 18', isInstalled: true, start: () => start() },
    {
      title: has15 ? 'PostgreSQL 15' : 'PostgreSQL 15 (not installed: apt-get install postgresql-15)',
      isInstalled: has15,
      start: () => start({ initdb: `${POSTGRES_15}/initdb`, postgres: `${POSTGRES_15}/postgres` }),
    },
  ];
}

function start(binaries?: ServerBinaries): Promise<EmbeddedServer> {
  return startEmbeddedServer({ log: () => undefined, ...(binaries === undefined ? {} : { binaries }) });
}
