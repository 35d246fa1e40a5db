import { afterAll, beforeAll, expect, it } from 'vitest';
import { pruneOldRows } from '../../src/actions/jobs/pruneOldRows.js';
import { startActionsBench, type ActionsBench } from './actionsBench.js';

const NOW = new Date('2026-11-02T12:00:00Z');
let bench: ActionsBench;

beforeAll(async () => {
  bench = await startActionsBench(NOW);
});
afterAll(() => bench.stop());

const names = async (sql: string): Promise<string[]> =>
  (await bench.owner.client.query<{ name: string }>(sql)).rows.map(({ name }) => name);

it('takes away what is handled, sent or used for long, and keeps what waits and the keys of mails', async () => {
  const { client } = bench.owner;
  await client.query(
    `INSERT INTO portfolio_actions.notifications (digest, payload, received_at, last_received_at, handled_at, outcome)
     SELECT sha256(name::bytea), to_jsonb(name), $1::timestamptz - interval '2 years', $1, $1::timestamptz - age, CASE WHEN age IS NOT NULL THEN '{}'::jsonb END
       FROM (VALUES ('old', interval '91 days'), ('recent', '89 days'), ('waits', NULL)) AS told (name, age)`,
    [NOW],
  );
  await client.query(
    `INSERT INTO portfolio_actions.mails (key, recipient, subject, html, text, calendar, calendar_method, message_id, created_at, sent_at, refused_at)
     SELECT key, 'ada@example.test', 'A subject', 'html', 'text', 'BEGIN:VCALENDAR', 'REQUEST', key, $1::timestamptz - interval '2 years',
            $1::timestamptz - sent, $1::timestamptz - refused
       FROM (VALUES ('sent long ago', interval '401 days', NULL::interval), ('refused long ago', NULL, '401 days'),
                    ('sent', '399 days', NULL), ('waits', NULL, NULL)) AS mail (key, sent, refused)`,
    [NOW],
  );
  await client.query(
    `INSERT INTO portfolio_actions.used_links
     SELECT gen_random_uuid(), $1::timestamptz - age, 'approve', subject
       FROM (VALUES ('old', interval '401 days'), ('recent', '399 days')) AS link (subject, age)`,
    [NOW],
  );
  await pruneOldRows(bench.context);
  await pruneOldRows(bench.context);
  expect(await names(`SELECT payload #>> '{}' AS name FROM portfolio_actions.notifications ORDER BY 1`)).toEqual([
    'recent',
    'waits',
  ]);
  expect(
    await names(`SELECT key || ': ' || text || coalesce(calendar, '') AS name FROM portfolio_actions.mails ORDER BY 1`),
  ).toEqual(['refused long ago: ', 'sent long ago: ', 'sent: textBEGIN:VCALENDAR', 'waits: textBEGIN:VCALENDAR']);
  expect(await names('SELECT subject AS name FROM portfolio_actions.used_links')).toEqual(['recent']);
});
