import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dueMonths } from '../../src/actions/monthly/dueMonths.js';
import type { ActionsBench } from './actionsBench.js';
import { lookForTriggers } from '../../src/actions/recursion/lookForTriggers.js';
import {
  at,
  captureRate,
  overhead,
  READERS,
  received,
  skipReports,
  startAnew,
  startMonthlyBench,
} from './monthlyBench.js';

describe('dueMonths', () => {
  it.each([
    ['2025-12-04', '2025-09', 5, ['2025-09', '2025-10']],
    ['2025-12-05', '2025-09', 5, ['2025-09', '2025-10', '2025-11']],
    ['2026-01-28', '2025-12', 28, ['2025-12']],
    ['2025-09-30', '2025-09', 5, []],
    ['2025-03-05', '2025-09', 5, []],
  ])('on %s, first started in %s, delivered on day %i', (today, since, deliveryDay, months) => {
    expect(dueMonths({ today, since, deliveryDay })).toEqual(months);
  });
});

describe('what is delivered monthly', () => {
  let bench: ActionsBench;

  beforeAll(async () => {
    bench = await startMonthlyBench();
  });
  afterAll(() => bench.stop());
  beforeEach(() => startAnew(bench));

  it('brings page one, the PDF and the way to the whole report', async () => {
    await bench.tick(at('2025-10-05T08:00:00Z'));
    const chairman = bench.arrived().find(({ to }) => to.includes('chairman@example.test'));
    const { rows } = await bench.owner.client.query<{ id: string }>('SELECT id FROM portfolio_actions.reports');
    expect(chairman?.mail.subject).toMatch(/^Portfolio report, September 2025: \d+ of \d+ targets met$/);
    expect(chairman?.mail.text).toMatch(/^Revenue was \$30K a month on 30 Sep 2025/m);
    expect(chairman?.mail.text).toContain(`https://actions.example.test/reports/${rows[0]?.id ?? ''}`);
    expect(
      chairman?.mail.attachments.map(({ filename, mimeType, content }) => [
        filename,
        mimeType,
        (content as ArrayBuffer).byteLength > 20_000,
      ]),
    ).toEqual([['portfolio-2025-09.pdf', 'application/pdf', true]]);
  });

  it.each(['the report', 'the review'])(
    '%s comes first: the review of the month refers to the report, mailed once',
    async (first) => {
      bench.now = at('2025-10-05T08:00:00Z');
      if (first === 'the review') await lookForTriggers(bench.context);
      await bench.tick();
      if (first === 'the report') await lookForTriggers(bench.context);
      const { rows } = await bench.owner.client.query(
        `SELECT e.period AS review, e.opened_by, r.kind, r.period AS report
         FROM portfolio_actions.recursion_executions e LEFT JOIN portfolio_actions.reports r ON r.id = e.report_id
        WHERE e.trigger_id = 'PORTFOLIO-003'`,
      );
      expect(rows).toEqual([{ review: '2025-10', opened_by: 'schedule', kind: 'portfolio', report: '2025-09' }]);
      await lookForTriggers(bench.context);
      await bench.tick(at('2025-10-05T09:00:00Z'));
      const mails = bench.arrived().filter(({ mail }) => !/synergy opportunit/.test(mail.subject ?? ''));
      expect(mails.map(({ to, mail }) => `${to.join()} ${mail.subject?.replace(/:.*/, '') ?? ''}`)).toEqual(
        READERS.map((name) => `${name}@example.test Portfolio report, September 2025`),
      );
    },
  );

  it('sends a digest to whom the alerts of the month concern, also of those that are over, and invites once', async () => {
    await skipReports(bench);
    await bench.tell(captureRate('2025-09-20T00:00:00Z'), overhead('2025-09-12T00:00:00Z', '2025-09-14T00:00:00Z'));
    await bench.work();
    await bench.tick(at('2025-10-05T08:00:00Z'));
    const digests = bench.arrived().filter(({ mail }) => mail.subject?.startsWith('Digest') === true);
    expect(digests.map(({ to, mail }) => [...to, mail.subject])).toEqual([
      ['analyst@example.test', 'Digest of September 2025: capture rate 0%'],
      ['chairman@example.test', 'Digest of September 2025: capture rate 0% and coordination overhead 20%'],
      ['planner@example.test', 'Digest of September 2025: coordination overhead 20%'],
    ]);
    const [analyst, chairman, planner] = digests.map(({ mail }) => mail);
    expect(chairman?.text?.replaceAll(/\s+/g, ' ')).toContain(
      'In the 90 days to 30 Sep 2025 0 of 6 opportunities were launched: 0%, alert under 20%, target 30%; 2 launches more would reach the target. The alert fired since 20 Sep 2025.',
    );
    expect(chairman?.text?.replaceAll(/\s+/g, ' ')).toContain(
      'In the 30 days to 30 Sep 2025 coordination took 40 h of 200 h available: 20%, alert over 15%, target 10%; 20 h less would reach the target. The alert fired from 12 Sep 2025 to 14 Sep 2025.',
    );
    expect(planner?.text?.replaceAll(/\s+/g, ' ')).toContain('Hold weekly meetings every second week');
    expect(planner?.text).not.toContain('opportunities');
    const invitations = [analyst, chairman, planner].map(
      (mail) => mail?.attachments.filter(({ mimeType }) => mimeType === 'text/calendar').length,
    );
    expect(invitations).toEqual([1, 1, 0]);
    await bench.tell(captureRate('2025-09-20T00:00:00Z'));
    await bench.tick(at('2025-11-05T08:00:00Z'));
    expect(received(bench).filter((line) => line.includes('Digest'))).toEqual([
      'analyst: Digest of October 2025',
      'chairman: Digest of October 2025',
    ]);
    const { rows } = await bench.owner.client.query('SELECT subject FROM portfolio_actions.meetings');
    expect(rows).toEqual([{ subject: 'strategy_review' }]);
  });

  it('tells of an alert that became known after its month was delivered', async () => {
    await skipReports(bench);
    await bench.tick(at('2025-10-05T08:00:00Z'));
    await bench.tell(overhead('2025-09-25T00:00:00Z', '2025-09-28T00:00:00Z'));
    await bench.tick(at('2025-10-06T08:00:00Z'));
    bench.arrived();
    await bench.tick(at('2025-11-05T08:00:00Z'));
    await bench.tick(at('2025-12-05T08:00:00Z'));
    expect(received(bench).filter((line) => line.includes('Digest'))).toEqual([
      'chairman: Digest of October 2025',
      'planner: Digest of October 2025',
    ]);
  });
});
