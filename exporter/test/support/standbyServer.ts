import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { EmbeddedServer } from '../../demo/embeddedServer.js';
import { startTestServer } from './testServer.js';
import { embeddedBinaries } from '../../demo/serverBinaries.js';

/**
 * A hot standby with everything that the primary has now, and nothing that comes later unless `follow`. It is a copy of the
 * primary's files, which only a primary that nobody writes to allows. Logins need no password there.
 */
export async function startStandby(primary: EmbeddedServer, follow = false): Promise<EmbeddedServer> {
  const client = new Client({ connectionString: primary.url });
  await client.connect();
  await client.query('CHECKPOINT');
  await client.end();
  const { postgres } = await embeddedBinaries();
  const scripts = await mkdtemp(join(tmpdir(), 'portfolio-standby-'));
  const initdb = join(scripts, 'initdb');
  // Called in place of initdb, as `initdb -D <data directory> ...`.
  await writeFile(
    initdb,
    `#!/bin/sh
cp -a '${primary.directory}/data' "$2" && rm -f "$2/postmaster.pid" && : >"$2/standby.signal" &&
echo 'host all all 127.0.0.1/32 trust' >"$2/pg_hba.conf"
`,
  );
  await chmod(scripts, 0o755);
  await chmod(initdb, 0o755);
  try {
    const settings = follow ? { primary_conninfo: primary.url.replace(/\/postgres$/, '') } : {};
    return await startTestServer({ binaries: { initdb, postgres }, settings });
  } finally {
    await rm(scripts, { recursive: true, force: true });
  }
}
