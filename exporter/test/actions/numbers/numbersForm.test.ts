import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signLink } from '../../../src/actions/links/signedLink.js';
import { readLinkKeys } from '../../../src/actions/links/linkKeys.js';
import { ASKED, COUNTS, INITIATIVE, type NumbersBench, startNumbersBench, TYPED, VENTURE } from './numbersBench.js';

const NOTHING = { metrics: 1, usage: 2, assessments: 0, values: 0, reports: 0, used: 0 };

describe('the form of numbers', () => {
  let bench: NumbersBench;
  let link = '';
  beforeAll(async () => {
    bench = await startNumbersBench();
  });
  afterAll(() => bench.stop());
  beforeEach(async () => {
    await bench.reset();
    await bench.tick(ASKED);
    link = bench.linkTo('ada@example.test');
    bench.arrived();
  });
  const counts = async (): Promise<unknown> => (await bench.rows(COUNTS))[0];
  const metrics = `SELECT monthly_revenue, monthly_burn, user_count, stage FROM venture_metrics
                    WHERE venture_id = '${VENTURE}' AND recorded_at = '2026-10-31'`;

  it('says of each number what it is, what it was and what is expected; looking changes nothing', async () => {
    const { status, text } = await bench.get(link);
    expect(status).toBe(200);
    for (const words of [
      'Vela &lt;Payments> {{x}}: the numbers of October 2026',
      'Before: $152,000. Expected: $76,000 to $228,000.',
      '58000 for $58,000 spent. Revenue is not taken off it.',
      'Before: 10 hours. Expected: 5 hours to 15 hours. 2 hours of the period are logged by day already',
      'Not reported before.',
    ])
      expect(text).toContain(words);
    expect(text).not.toContain('<Payments>');
    await fetch(`${bench.url}${link}`, { method: 'HEAD' });
    expect(await counts()).toEqual(NOTHING);
    expect(
      await bench.rows('SELECT version, draft FROM portfolio_actions.number_requests WHERE draft IS NOT NULL'),
    ).toEqual([]);
  });

  it('stores what is reported, with who and when, once, and confirms it by mail', async () => {
    const [first, second] = await Promise.all([
      bench.post(link, { ...TYPED, version: '0', do: 'report' }),
      bench.post(link, { ...TYPED, version: '0', do: 'report' }),
    ]);
    expect([first.status, second.status].toSorted()).toEqual([200, 410]);
    expect(await bench.rows(metrics)).toEqual([
      { monthly_revenue: '160000.00', monthly_burn: '60000.50', user_count: 21500, stage: 39 },
    ]);
    expect(
      await bench.rows(
        `SELECT resource_type, hours_spent FROM venture_resource_usage WHERE recorded_at = '2026-10-31' ORDER BY 1`,
      ),
    ).toEqual([
      { resource_type: 'coordination', hours_spent: '12.50' },
      { resource_type: 'duplicate_design', hours_spent: '0.00' },
      { resource_type: 'duplicate_engineering', hours_spent: '40.00' },
    ]);
    expect(
      await bench.rows('SELECT assessed_on::text, strategic_fit, financial_health FROM venture_assessments'),
    ).toEqual([{ assessed_on: '2026-10-31', strategic_fit: '4.00', financial_health: '3.50' }]);
    expect(
      await bench.rows(
        'SELECT version, reported_by, reported_at, numbers, replaced, reason FROM portfolio_actions.number_reports',
      ),
    ).toEqual([
      {
        ...{ version: 1, reported_by: 'Ada', reported_at: ASKED, replaced: {}, reason: null },
        numbers: { ...TYPED, monthly_burn: '60000.5', duplicate_marketing: null },
      },
    ]);
    await bench.work();
    const [receipt, ...others] = bench.arrived();
    expect(others).toEqual([]);
    expect(receipt?.mail.subject).toBe('Reported: the numbers of Vela <Payments> {{x}} for October 2026');
    expect(receipt?.mail.text).toContain('$60,000.5');
    expect(receipt?.mail.text).toContain('not known');
    const again = await bench.get(link);
    expect([again.status, /open the link in the mail that confirmed the report/.test(again.text)]).toEqual([410, true]);
  });

  it('keeps every version: a correction needs its reason, also months after the period, and replaces nothing without a trace', async () => {
    await bench.post(link, { ...TYPED, do: 'report' });
    await bench.work();
    const correction = bench.linkTo('ada@example.test');
    expect(correction).not.toBe(link);
    bench.now = new Date(ASKED.getTime() + 13 * 86_400_000);
    expect((await bench.get(correction)).text).toContain('On record: $160,000.');
    const refused = await bench.post(correction, { ...TYPED, monthly_revenue: '155000', do: 'report' });
    expect([refused.status, /Say in a few words what was wrong/.test(refused.text)]).toEqual([422, true]);
    const taken = await bench.post(correction, { ...TYPED, duplicate_engineering: '', reason: 'x', do: 'report' });
    expect([taken.status, /cannot be taken back/.test(taken.text)]).toEqual([422, true]);
    const done = await bench.post(correction, {
      ...{ ...TYPED, monthly_revenue: '155000', user_count: '' },
      ...{ reason: 'A refund\u0000 was missing', do: 'report' },
    });
    expect([done.status, /corrected/.test(done.text)]).toEqual([200, true]);
    expect(await bench.rows(metrics)).toEqual([
      { monthly_revenue: '155000.00', monthly_burn: '60000.50', user_count: null, stage: 39 },
    ]);
    expect(
      await bench.rows(`SELECT version, numbers ->> 'monthly_revenue' AS now, replaced ->> 'monthly_revenue' AS before, reason
                          FROM portfolio_actions.number_reports ORDER BY version`),
    ).toEqual([
      { version: 1, now: '160000', before: null, reason: null },
      { version: 2, now: '155000', before: '160000', reason: 'A refund  was missing' },
    ]);
    await bench.work();
    expect(bench.arrived().map(({ mail }) => mail.subject)).toContain(
      'Corrected: the numbers of Vela <Payments> {{x}} for October 2026',
    );
    bench.now = new Date(ASKED.getTime() + 60 * 86_400_000);
    const late = await bench.get(bench.linkTo('ada@example.test'));
    expect([late.status, /A later mail about the same has a link of its own/.test(late.text)]).toEqual([410, true]);
  });

  it('asks whether a number that changed by more than half is right; the answer is for that number alone', async () => {
    const doubted = { ...TYPED, monthly_revenue: '228000.01', do: 'report' };
    const asked = await bench.post(link, doubted);
    expect(asked.status).toBe(422);
    expect(asked.text).toContain(
      '$228,000.01 is 50% more than the $152,000 before. Are you sure? Yes, this number is right.',
    );
    const other = await bench.post(link, { ...doubted, monthly_revenue: '75999', sure_monthly_revenue: '228000.01' });
    expect(other.text).toContain('$75,999 is 50% less than the $152,000 before.');
    expect(await counts()).toEqual(NOTHING);
    expect((await bench.post(link, { ...doubted, sure_monthly_revenue: '228000.01' })).status).toBe(200);
    expect(await bench.rows('SELECT confirmed FROM portfolio_actions.number_reports')).toEqual([
      { confirmed: ['monthly_revenue'] },
    ]);
    expect(await bench.rows(metrics)).toMatchObject([{ monthly_revenue: '228000.01' }]);
  });

  it.each([
    ['letters', { monthly_revenue: '12k' }, '"12k" is not a number: write digits'],
    ['two separators', { monthly_revenue: '1.234,56' }, '"1.234,56" can be read in two ways'],
    ['a separator of thousands', { monthly_revenue: '152,000' }, '"152,000" can be read in two ways'],
    ['a formula', { monthly_revenue: '=1+1' }, '"=1+1" is not a number'],
    ['an exponent', { monthly_revenue: '1e5' }, '"1e5" is not a number'],
    ['a negative headcount', { user_count: '-3' }, '"-3" is below 0, which this number cannot be'],
    ['burn with a minus', { monthly_burn: '−58000' }, 'Burn is what was spent, without a minus sign: write 58000.'],
    ['burn in brackets', { monthly_burn: '(58000)' }, 'Burn is what was spent, without a minus sign: write 58000.'],
    ['half a user', { user_count: '3.5' }, '"3.5" is not a whole number'],
    ['a tenth of a cent', { monthly_burn: '58000.001' }, 'has more than 2 decimals'],
    ['a huge number', { monthly_revenue: '9999999999999' }, 'is more than 999,999,999,999, the most that this can be'],
    ['a number without end', { monthly_revenue: '9'.repeat(1_000) }, 'is too long for a number'],
    ['a score of 6', { strategic_fit: '6' }, 'is more than 5'],
    ['some of the scores', { growth_potential: '' }, 'The four scores belong together'],
    ['markup', { monthly_revenue: '"><script>alert(1)</script>' }, 'is not a number'],
    ['half a surrogate pair', { monthly_revenue: '\ud800' }, 'is not a number'],
  ])('refuses %s beside the field, keeps what was typed, and stores nothing', async (_what, fields, problem) => {
    const { status, text } = await bench.post(link, { ...TYPED, ...fields, do: 'report' });
    expect(status).toBe(422);
    expect(text.replaceAll('&quot;', '"')).toContain(problem);
    expect(text).toContain('value="40"');
    expect(text).not.toContain('<script');
    expect(await counts()).toEqual(NOTHING);
  });

  it.each([
    ['no number at all', { do: 'report' }, 422],
    ['unknown fields', { ...TYPED, do: 'report', venture_id: VENTURE }, 400],
    ['an unknown button', { ...TYPED, do: 'delete' }, 400],
    ['no button', { ...TYPED }, 400],
    ['no version', { ...TYPED, version: '', do: 'report' }, 400],
    ['a text without end', { ...TYPED, reason: 'x'.repeat(3_000), do: 'report' }, 400],
    ['a body without end', { ...TYPED, reason: 'x'.repeat(100_000), do: 'report' }, 413],
  ])('refuses %s', async (_what, fields: Record<string, string>, expected) => {
    const { status } = await bench.post(link, fields);
    expect(status).toBe(expected);
    expect(await counts()).toEqual(NOTHING);
  });

  it('refuses a field that is sent twice', async () => {
    const body = new URLSearchParams({ ...TYPED, version: '0', do: 'report' });
    body.append('monthly_revenue', '1');
    expect((await fetch(`${bench.url}${link}`, { method: 'POST', body })).status).toBe(400);
    expect(await counts()).toEqual(NOTHING);
  });

  it('tells the second of two persons that the first has reported, and shows both numbers', async () => {
    const [request] = (await bench.rows(
      `SELECT id FROM portfolio_actions.number_requests WHERE venture_id = '${VENTURE}'`,
    )) as { id: string }[];
    const keys = readLinkKeys(bench.configuration.actions.links.keyFile);
    const expiresAt = new Date(ASKED.getTime() + 86_400_000);
    const bob = `/l/${await signLink(keys, { kind: 'numbers', subject: request?.id ?? '', person: 'Bob', expiresAt })}`;
    const both = await Promise.all([
      bench.post(link, { ...TYPED, version: '0', do: 'report' }),
      bench.post(bob, { ...TYPED, monthly_revenue: '161000', version: '0', do: 'report' }),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)?.text).toMatch(/(Ada|Bob) reported on .*, while you were typing/);
    expect(await counts()).toMatchObject({ reports: 1, used: 1 });
    const [stored] = (await bench.rows(metrics)) as { monthly_revenue: string }[];
    const late = both[0].status === 200 ? bob : link;
    const again = await bench.post(late, { ...TYPED, monthly_revenue: '162000', reason: 'Agreed', do: 'report' });
    expect([again.status, stored?.monthly_revenue]).toEqual([200, both[0].status === 200 ? '160000.00' : '161000.00']);
    expect(await counts()).toMatchObject({ reports: 2, used: 2 });
  });

  it('saves a draft as it was typed, whatever it is, and reports nothing', async () => {
    const saved = await bench.post(link, { ...TYPED, monthly_revenue: '12k "or" so', do: 'draft' });
    expect([saved.status, /The draft is saved/.test(saved.text)]).toEqual([200, true]);
    expect(await counts()).toEqual(NOTHING);
    expect((await bench.get(link)).text).toContain('value="12k &quot;or&quot; so"');
    expect((await bench.post(link, { ...TYPED, do: 'report' })).status).toBe(200);
    expect(await bench.rows('SELECT draft FROM portfolio_actions.number_requests WHERE version = 1')).toEqual([
      { draft: null },
    ]);
  });

  it('logs a captured value and hours of coordination beside them, each once however often it is sent', async () => {
    const value = {
      ...{ value_id: '00000000-0000-4000-8000-0000000000e1', value_initiative: INITIATIVE, value_type: 'COST_SAVED' },
      ...{ value_amount: '1500', value_day: '2026-10-20', value_evidence: 'https://docs.example.test/1', do: 'value' },
    };
    const hours = {
      coordination_id: '00000000-0000-4000-8000-0000000000e2',
      coordination_hours: '1.5',
      coordination_day: '2026-10-14',
    };
    for (let time = 0; time < 2; time += 1) {
      expect((await bench.post(link, { ...TYPED, ...value })).text).toContain('The captured value is entered.');
      expect((await bench.post(link, { ...TYPED, ...hours, do: 'coordination' })).text).toContain(
        'The hours of coordination are entered.',
      );
    }
    expect(
      await bench.rows(
        'SELECT initiative_id, value_type, value_amount, captured_at, evidence_link, logged_by FROM value_capture_log',
      ),
    ).toEqual([
      {
        ...{
          initiative_id: INITIATIVE,
          value_type: 'COST_SAVED',
          value_amount: '1500.00',
          captured_at: new Date('2026-10-20T10:00:00Z'),
        },
        ...{ evidence_link: 'https://docs.example.test/1', logged_by: 'Ada' },
      },
    ]);
    expect(await bench.rows(`SELECT hours_spent FROM venture_resource_usage WHERE recorded_at = '2026-10-14'`)).toEqual(
      [{ hours_spent: '3.50' }],
    );
    expect(
      await bench.rows('SELECT kind, entered_by, entered_at FROM portfolio_actions.number_entries ORDER BY kind'),
    ).toEqual([
      { kind: 'captured_value', entered_by: 'Ada', entered_at: ASKED },
      { kind: 'coordination', entered_by: 'Ada', entered_at: ASKED },
    ]);
    expect((await bench.get(link)).text).toContain('value="60000.50"');
    const wrong: Record<string, string>[] = [
      { value_initiative: VENTURE },
      { value_type: 'MONEY' },
      { value_amount: '-1' },
      { value_amount: '1,5' },
      { value_day: '2026-11-03' },
      { value_day: '2026-08-31' },
      { value_day: '03/04/2026' },
      { value_evidence: 'javascript:alert(1)' },
      { value_id: 'x' },
    ];
    for (const one of wrong) {
      const { status } = await bench.post(link, {
        ...TYPED,
        ...value,
        value_id: '00000000-0000-4000-8000-0000000000e3',
        ...one,
      });
      expect([one, status]).toEqual([one, 422]);
    }
    expect(await counts()).toMatchObject({ values: 1, reports: 0, used: 0 });
  });

  it('refuses links that have run out, that somebody made, and whose request is gone', async () => {
    const forged = `${link.slice(0, -3)}abc`;
    expect((await bench.get(forged)).status).toBe(403);
    expect((await bench.post(forged, { ...TYPED, version: '0', do: 'report' })).status).toBe(403);
    bench.now = new Date(ASKED.getTime() + 14 * 86_400_000);
    expect((await bench.get(link)).status).toBe(410);
    expect((await bench.post(link, { ...TYPED, version: '0', do: 'report' })).status).toBe(410);
    bench.now = ASKED;
    await bench.rows('TRUNCATE portfolio_actions.number_requests CASCADE');
    expect((await bench.post(link, { ...TYPED, version: '0', do: 'report' })).status).toBe(404);
    expect(await counts()).toEqual(NOTHING);
  });
});
