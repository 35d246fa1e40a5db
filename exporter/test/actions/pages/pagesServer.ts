import { createSecretKey, randomBytes } from 'node:crypto';
import bcrypt from 'bcryptjs';
import express from 'express';
import type { Client } from 'pg';
import { type Link, signLink } from '../../../src/actions/links/signedLink.js';
import { onFailedPage } from '../../../src/actions/pages/failedPage.js';
import { linkRoutes } from '../../../src/actions/pages/linkRoutes.js';
import { staffRoutes } from '../../../src/actions/pages/staffRoutes.js';
import { createDatabase as createPool } from '../../../src/database/pool.js';
import { listen } from '../../../src/server/listen.js';
import { createDatabase } from '../../support/database.js';
import { createExporterLogin } from '../../support/exporterLogin.js';
import { type LogLine, recordedLogger } from '../../support/recordedLogger.js';
import { fillFixture } from './openItemsFixture.js';

export const NOW = new Date('2026-11-21T12:00:00Z');
export const KEYS = [{ id: 'one', secret: createSecretKey(randomBytes(32)) }] as const;
export const USERS: ReadonlyMap<string, string> = new Map([['ada', bcrypt.hashSync('right', 4)]]);

export const basic = (name: string, password: string): Record<string, string> => ({
  Authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
});
export const ADA = basic('ada', 'right');

/** The pages on a database of their own, as the role that the process has. */
export interface Pages {
  readonly url: string;
  /** Connected as the superuser. */
  readonly client: Client;
  now: Date;
  users: ReadonlyMap<string, string>;
  readonly lines: readonly LogLine[];
  /** Failed logins are counted by the minute, whatever the tests before had. */
  nextMinute(): void;
  /** The rows of the fixture, and its moment. */
  reset(): Promise<void>;
  /** Without the process's right to read this. */
  withoutRight(tables: string, work: () => Promise<void>): Promise<void>;
  /** While its login is shut and its sessions are ended. */
  withoutDatabase(work: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export async function startPages(): Promise<Pages> {
  const owner = await createDatabase();
  const login = await createExporterLogin(owner, 'portfolio_actions');
  const settings = { connectionString: login.url };
  const database = createPool({
    ...{ settings, maxConnections: 4, onIdleError: () => undefined },
    connectTimeoutMs: 120_000,
    queryTimeoutMs: 120_000,
  });
  let minutes = 0;
  const deps = { database, keys: () => KEYS, now: () => pages.now, timeZone: () => 'Europe/Berlin' };
  const staff = {
    externalUrl: () => 'https://example.test/actions',
    decides: () => 'Chairman',
    carryForwardDays: () => 3,
  };
  const { log, lines } = recordedLogger();
  const app = express();
  const newLink = async (link: Omit<Link, 'tokenId' | 'expiresAt'>, at: Date): Promise<string> =>
    `https://example.test/actions/l/${await signLink(KEYS, { ...link, expiresAt: new Date(at.getTime() + 86_400_000) })}`;
  app.use(
    linkRoutes({ ...deps, linkAddress: newLink }),
    staffRoutes({ ...deps, ...staff, users: () => pages.users, log }),
    onFailedPage(log),
  );
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  const pages: Pages = {
    url: server.url,
    client: owner.client,
    now: NOW,
    users: USERS,
    lines,
    nextMinute() {
      minutes += 1;
      pages.now = new Date(NOW.getTime() + minutes * 60_000);
    },
    async reset() {
      pages.now = NOW;
      await fillFixture(owner.client);
    },
    async withoutRight(tables, work) {
      await owner.client.query(`REVOKE SELECT ON ${tables} FROM portfolio_actions`);
      await work().finally(() => owner.client.query(`GRANT SELECT ON ${tables} TO portfolio_actions`));
    },
    async withoutDatabase(work) {
      await owner.client.query(`ALTER ROLE ${login.role} NOLOGIN`);
      await owner.client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [
        login.role,
      ]);
      await work().finally(() => owner.client.query(`ALTER ROLE ${login.role} LOGIN`));
    },
    async stop() {
      await server.stop(0);
      await database.close();
      await login.drop();
      await owner.drop();
    },
  };
  return pages;
}
