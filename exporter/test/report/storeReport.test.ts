import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reportHtml } from '../../src/report/html/reportHtml.js';
import { reportPdf } from '../../src/report/pdf/reportPdf.js';
import { storeReport } from '../../src/report/storeReport.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { reportWith, venture } from './sampleReport.js';

const NOW = new Date('2026-11-05T07:00:00Z');

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

it('keeps a report once for its kind, subject and month, as it was the first time', async () => {
  const { client } = database;
  await client.query('SET ROLE portfolio_actions');
  const report = reportWith({ ventures: [venture("O'Neill & Söhne <b>")] });
  const stored = await storeReport(client, report, NOW);
  expect(stored.isNew).toBe(true);
  expect(await storeReport(client, reportWith({ title: 'another' }), NOW)).toEqual({ id: stored.id, isNew: false });
  expect((await storeReport(client, reportWith({ period: '2026-09' }), NOW)).isNew).toBe(true);
  const { rows } = await client.query('SELECT * FROM portfolio_actions.reports WHERE id = $1', [stored.id]);
  expect(rows).toEqual([
    expect.objectContaining({
      kind: 'portfolio',
      subject: '',
      period: '2026-10',
      title: 'Portfolio report, October 2026',
      created_at: NOW,
      as_of: new Date('2026-11-01T00:00:00Z'),
      data: report,
      html: reportHtml(report),
      pdf: await reportPdf(report),
    }),
  ]);
});

it('is stored once by two processes at the same time', async () => {
  const clients = [new Client({ connectionString: database.url }), new Client({ connectionString: database.url })];
  for (const one of clients) await one.connect();
  const report = reportWith({ period: '2026-08' });
  const stored = await Promise.all(clients.map((one) => storeReport(one, report, NOW)));
  for (const one of clients) await one.end();
  expect(stored.map(({ isNew }) => isNew).sort()).toEqual([false, true]);
  expect(new Set(stored.map(({ id }) => id)).size).toBe(1);
});
