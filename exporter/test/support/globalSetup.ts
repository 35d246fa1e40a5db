import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../src/database/migrate.js';
import { startTestServer } from './testServer.js';
import { buildProgram } from './buildProgram.js';
import { MIGRATED_TEMPLATE } from './migratedTemplate.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The embedded PostgreSQL 18 of this test run, as its superuser. */
    postgresUrl: string;
  }
}

/** One build of the program and one server for the whole test run; its log goes nowhere: tests provoke errors on purpose. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await buildProgram();
  const server = await startTestServer({ settings: { max_connections: '200' } });
  try {
    const admin = new Client({ connectionString: server.url });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${MIGRATED_TEMPLATE}`);
    await admin.end();
    const template = new URL(server.url);
    template.pathname = `/${MIGRATED_TEMPLATE}`;
    await migrate({
      config: { connectionString: template.href },
      directory: fileURLToPath(new URL('../../../sql', import.meta.url)),
      log: { info: () => undefined, warn: () => undefined },
    });
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide('postgresUrl', server.url);
  return () => server.stop();
}
