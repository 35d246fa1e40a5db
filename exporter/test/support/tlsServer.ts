import { statSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, escapeLiteral } from 'pg';
import type { EmbeddedServer } from '../../demo/embeddedServer.js';
import { startTestServer } from './testServer.js';
import type { Certificate } from './certificates.js';
import { createCertificate } from './certificates.js';

/** A PostgreSQL server whose TLS can be changed while it runs. */
export interface TlsServer {
  readonly server: EmbeddedServer;
  readonly admin: Client;
  /** The authority that signs its certificates, and one that it does not know. */
  readonly authority: Certificate;
  readonly stranger: Certificate;
  /** Presents a certificate from now on; null: no TLS. */
  present(certificate: Certificate | null): Promise<void>;
  /** A certificate of this server, signed by the authority, by another, or (null) by itself. */
  certify(name: string, options: { names: string; isExpired?: boolean; signedBy?: Certificate | null }): Certificate;
  /** Puts rules before those of pg_hba.conf; none: as it was. */
  admit(...rules: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Its socket is in its own directory; it also listens on ::1. */
export async function startTlsServer(directory: string): Promise<TlsServer> {
  const server = await startTestServer({
    settings: { unix_socket_directories: directory, listen_addresses: '127.0.0.1,::1' },
  });
  const { uid, gid } = statSync(join(server.directory, 'data'));
  const admin = new Client({ connectionString: server.url });
  await admin.connect();
  const authority = createCertificate(directory, { name: 'authority', names: '' });
  const stranger = createCertificate(directory, { name: 'stranger', names: '' });
  const hba = join(server.directory, 'data', 'pg_hba.conf');
  const rules = await readFile(hba, 'utf8');
  await appendFile(hba, 'host all all ::1/128 scram-sha-256\n');
  const reload = async (): Promise<void> => {
    const { rows } = await admin.query<{ at: string }>('SELECT clock_timestamp()::text AS at, pg_reload_conf()');
    // The postmaster reads the files after it has answered; a new connection begins with what it has read.
    for (let isRead = false; !isRead;) {
      const client = new Client({ connectionString: server.url });
      await client.connect();
      const query = 'SELECT pg_conf_load_time() > $1::timestamptz AS is_read';
      const later = await client.query<{ is_read: boolean }>(query, [rows[0]?.at]);
      await client.end();
      isRead = later.rows[0]?.is_read === true;
    }
  };
  return {
    server,
    admin,
    authority,
    stranger,
    certify: (name, { signedBy = authority, ...options }) =>
      createCertificate(directory, {
        name,
        ...(signedBy === null ? {} : { signedBy }),
        owner: { uid, gid },
        ...options,
      }),
    async present(certificate) {
      await admin.query(`ALTER SYSTEM SET ssl = ${certificate === null ? 'off' : 'on'}`);
      if (certificate !== null) {
        await admin.query(`ALTER SYSTEM SET ssl_cert_file = ${escapeLiteral(certificate.certificate)}`);
        await admin.query(`ALTER SYSTEM SET ssl_key_file = ${escapeLiteral(certificate.key)}`);
      }
      await reload();
    },
    async admit(...more) {
      await writeFile(hba, `${more.join('\n')}\n${rules}host all all ::1/128 scram-sha-256\n`);
      await reload();
    },
    async stop() {
      await admin.end();
      await server.stop();
    },
  };
}
