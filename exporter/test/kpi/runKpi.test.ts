import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatabase as createPool } from '../../src/database/pool.js';
import type { Database } from '../../src/database/pool.js';
import { startEmbeddedServer } from '../../src/demo/embeddedServer.js';
import type { RunKpiDeps, RunOutcome } from '../../src/kpi/runKpi.js';
import { runKpi } from '../../src/kpi/runKpi.js';
import type { KpiUnit } from '../../src/kpi/unit.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { kpiUnit, metric, SETTINGS, unitOf } from '../support/kpiUnit.js';
import { startSilentProxy } from '../support/silentProxy.js';

let server: TestDatabase;
let database: Database;

function poolOf(url: string): Database {
  return createPool({
    settings: { connectionString: url },
    maxConnections: 2,
    connectTimeoutMs: 2_000,
    onIdleError: () => undefined,
  });
}

beforeAll(async () => {
  server = await createDatabase();
  database = poolOf(server.url);
  await server.client.query(`
    -- How often a query was tried: a sequence keeps its value when the transaction is undone.
    CREATE TABLE plan (failures int, sqlstate text);
    INSERT INTO plan VALUES (0, '');
    CREATE TABLE tries (n bigint);
    CREATE EXTENSION dblink;
    CREATE FUNCTION tried() RETURNS bigint LANGUAGE sql AS
      $$ SELECT n FROM dblink('port=' || current_setting('port') || ' host=127.0.0.1 dbname=' || current_database() || ' user=postgres password=' || current_setting('test.password'),
                              'UPDATE tries SET n = n + 1 RETURNING n') AS t (n bigint) $$;
    CREATE FUNCTION tries_then(answer int) RETURNS int LANGUAGE plpgsql AS $$
      DECLARE planned plan; n bigint := tried();
      BEGIN
        SELECT * INTO planned FROM plan;
        IF n <= planned.failures THEN
          IF planned.sqlstate = 'kill' THEN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); END IF;
          RAISE EXCEPTION 'planned failure' USING ERRCODE = planned.sqlstate;
        END IF;
        RETURN answer;
      END $$`);
}, 60_000);
afterAll(async () => {
  await database.close();
  await server.drop();
});
