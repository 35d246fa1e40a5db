import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { expect, inject, it } from 'vitest';
import { migrate } from '../../src/database/migrate.js';
import { queryKpi } from '../../src/kpi/run/queryKpi.js';
import { shippedUnits } from '../../scripts/shippedUnits.js';
import { INPUT } from '../support/kpiUnit.js';
import { recordLog, SCHEMA_DIRECTORY } from '../support/migrations.js';

// PostgreSQL normalizes texts in UTF-8 only, and fails elsewhere.
it('words are compared in a database without an encoding as well', async () => {
  const admin = new Client({ connectionString: inject('postgresUrl') });
  await admin.connect();
  const name = `encoding_${randomBytes(8).toString('hex')}`;
  await admin.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING SQL_ASCII LC_COLLATE 'C' LC_CTYPE 'C'`);
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    await migrate({ client, directory: SCHEMA_DIRECTORY, log: recordLog() });
    await client.query(
      `INSERT INTO ventures (name, status) VALUES ('A', 'active'), ('B', ' Active'), ('C', ' '), ('D', 'no')`,
    );
    const unit = (await shippedUnits()).find((one) => one.name === 'data_quality');
    if (unit === undefined) throw new Error('no KPI data_quality');
    const { samples } = await queryKpi(client, unit, INPUT);
    const found = samples.filter(({ labels }) => labels['check']?.startsWith('venture_status'));
    expect(found.map(({ labels, value }) => [labels['check'], labels['example'], value])).toEqual(
      expect.arrayContaining([
        ['venture_status_misspelt', "' Active'", 1],
        ['venture_status_missing', undefined, 1],
      ]),
    );
  } finally {
    await client.end();
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
  }
});
