import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ASKED, type NumbersBench, REQUESTS, startNumbersBench, TYPED, VENTURE } from './numbersBench.js';

const DAY = 86_400_000;
const after = (days: number): Date => new Date(ASKED.getTime() + days * DAY);

describe('requests for numbers', () => {
  let bench: NumbersBench;
  beforeAll(async () => {
    bench = await startNumbersBench();
  });
  afterAll(() => bench.stop());
  beforeEach(() => bench.reset());
  const received = (): unknown[] => bench.arrived().map(({ to, mail }) => [...to, mail.subject]);

  it('go out once, on the day and at the time, to the lead or the analyst, and remind around the due day', async () => {
    await bench.tick(new Date(ASKED.getTime() - 60_000));
    expect(received()).toEqual([]);
    await bench.tick(ASKED);
    const mails = bench.arrived();
    expect(mails.map(({ to, mail }) => [...to, mail.subject])).toEqual([
      ['ada@example.test', 'Vela <Payments> {{x}}: the numbers of October 2026, by Thu 5 Nov 2026, 23:59 CET'],
      ['analyst@example.test', 'Harbor: the numbers of October 2026, by Thu 5 Nov 2026, 23:59 CET'],
    ]);
    expect(mails[0]?.mail.html).toContain('Vela &lt;Payments>');
    expect(mails[0]?.mail.html).not.toContain('<Payments>');
    expect(mails[0]?.mail.text).toMatch(/https:\/\/actions\.example\.test\/l\/[\w-]+\.[\w-]+\.[\w-]+/);
    await bench.tick(after(1));
    await bench.tick(ASKED);
    expect(received()).toEqual([]);
    await bench.tick(after(2));
    expect(received()).toEqual([
      [
        'ada@example.test',
        'Reminder: the numbers of Vela <Payments> {{x}} for October 2026 are due Thu 5 Nov 2026, 23:59 CET',
      ],
      ['analyst@example.test', 'Reminder: the numbers of Harbor for October 2026 are due Thu 5 Nov 2026, 23:59 CET'],
    ]);
    await bench.post(bench.linkTo('ada@example.test'), { ...TYPED, do: 'report' });
    await bench.work();
    expect(received()).toEqual([
      ['ada@example.test', 'Reported: the numbers of Vela <Payments> {{x}} for October 2026'],
    ]);
    // Nothing ran meanwhile: one reminder stands for both.
    await bench.tick(after(9));
    await bench.tick(after(10));
    expect(received()).toEqual([
      ['analyst@example.test', 'Overdue: the numbers of Harbor for October 2026 were due Thu 5 Nov 2026, 23:59 CET'],
    ]);
  });

  it.each([
    [
      'is not asked for',
      `INSERT INTO venture_metrics (venture_id, recorded_at, monthly_revenue) SELECT id, '2026-10-31', 1 FROM ventures`,
      [],
    ],
    [
      'is asked for',
      `INSERT INTO venture_metrics (venture_id, recorded_at, monthly_revenue) SELECT id, '2026-11-01', 1 FROM ventures`,
      2,
    ],
  ])('what was imported %s', async (_title, statement, expected) => {
    await bench.rows(statement);
    await bench.tick(ASKED);
    const mails = received();
    expect(typeof expected === 'number' ? mails.length : mails).toEqual(expected);
  });

  it('asks by week where a venture reports by week, and for nothing again after the clock was set back', async () => {
    await bench.rows(
      `UPDATE ventures SET cadence = 'weekly' WHERE id = '${VENTURE}'; DELETE FROM ventures WHERE name = 'Harbor'`,
    );
    await bench.tick(ASKED);
    expect(received()).toEqual([
      [
        'ada@example.test',
        'Vela <Payments> {{x}}: the numbers of the week to 1 Nov 2026, by Tue 3 Nov 2026, 23:59 CET',
      ],
    ]);
    expect(
      await bench.rows('SELECT period, first_day::text, last_day::text FROM portfolio_actions.number_requests'),
    ).toEqual([{ period: '2026-W44', first_day: '2026-10-26', last_day: '2026-11-01' }]);
    await bench.tick(after(-14));
    await bench.tick(after(-365));
    expect(received()).toEqual([]);
    await bench.tick(after(7));
    expect(received()).toEqual([
      [
        'ada@example.test',
        'Vela <Payments> {{x}}: the numbers of the week to 8 Nov 2026, by Tue 10 Nov 2026, 23:59 CET',
      ],
    ]);
  });

  it('asks nobody where requests are null, and twice at once asks once', async () => {
    const { actions } = bench.configuration;
    bench.configuration = { ...bench.configuration, actions: { ...actions, requests: null } };
    await bench.tick(ASKED);
    expect(received()).toEqual([]);
    bench.configuration = { ...bench.configuration, actions: { ...actions, requests: REQUESTS } };
    await Promise.all([bench.tick(ASKED), bench.tick(ASKED), bench.tick(ASKED)]);
    expect(received()).toHaveLength(2);
  });
});
