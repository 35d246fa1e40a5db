import bcrypt from 'bcryptjs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signLink } from '../../../src/actions/links/signedLink.js';
import type { LinkKind } from '../../../src/actions/links/signedLink.js';
import { FIXTURE } from './openItemsFixture.js';
import { ADA, basic, KEYS, NOW, startPages, USERS } from './pagesServer.js';
import type { Pages } from './pagesServer.js';

const DAY_MS = 24 * 3_600_000;

let pages: Pages;
beforeAll(async () => {
  pages = await startPages();
});
afterAll(() => pages.stop());
beforeEach(() => pages.reset());

const token = (kind: LinkKind, subject: string, person = 'Ada Lead'): Promise<string> =>
  signLink(KEYS, { kind, subject, person, expiresAt: new Date(NOW.getTime() + 2 * DAY_MS) });
interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}
async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${pages.url}${path}`, { redirect: 'manual', ...init });
  return { status: response.status, text: await response.text(), headers: response.headers };
}
const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(path, { method: 'POST', body: new URLSearchParams(form), headers });
/** Every row that a page could change. */
async function state(): Promise<unknown> {
  const { rows } = await pages.client.query<{ state: unknown }>(
    `SELECT jsonb_build_array(
       (SELECT jsonb_agg(r ORDER BY r.id) FROM initiative_responses r), (SELECT jsonb_agg(u) FROM portfolio_actions.used_links u),
       (SELECT jsonb_agg(s ORDER BY s.id) FROM portfolio_actions.status_requests s),
       (SELECT jsonb_agg(a) FROM portfolio_actions.approvals a),
       (SELECT jsonb_agg(j) FROM graphile_worker._private_jobs j)) AS state`,
  );
  return rows[0]?.state;
}
async function rowsOf(query: string): Promise<Record<string, unknown>[]> {
  return (await pages.client.query<Record<string, unknown>>(query)).rows;
}

describe('a link to answer', () => {
  it('shows who, what and until when, under headers that let nothing else in', async () => {
    const { status, text, headers } = await ask(`/l/${await token('respond', FIXTURE.request)}`);
    expect(status).toBe(200);
    for (const part of ['Ada Lead', 'Shared checkout', 'Design done', '17 Nov 2026', 'Sun 22 Nov 2026, 13:00 CET']) {
      expect(text).toContain(part);
    }
    expect(text).toContain('This link can be used once, until Mon 23 Nov 2026, 13:00');
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'/,
    );
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text).not.toMatch(/<script|onerror=/);
  });

  it('changes nothing however often it is opened, by whatever only looks', async () => {
    const looks: RequestInit[] = [{}, { method: 'HEAD' }, { headers: { 'Sec-Purpose': 'prefetch' } }];
    const paths = [
      [`/l/${await token('respond', FIXTURE.request)}`, looks.length],
      [`/l/${await token('approve', FIXTURE.approval)}`, 100],
    ] as const;
    const before = await state();
    for (const [path, length] of paths) {
      const seen = await Promise.all(Array.from({ length }, (_, again) => ask(path, looks[again % looks.length])));
      expect(new Set(seen.map(({ status }) => status))).toEqual(new Set([200]));
      for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) await ask(path, { method });
    }
    expect(await state()).toEqual(before);
  });

  it('stores the answer in the name that it was made for, once, and answers what is open of the initiative', async () => {
    const path = `/l/${await token('respond', FIXTURE.request)}`;
    const first = await post(path, { note: ' Supplier late;\r\ndone on Friday ' });
    expect([first.status, first.text]).toEqual([
      200,
      expect.stringContaining('the status of Shared checkout is stored'),
    ]);
    const again = await Promise.all([post(path, { note: 'twice' }), post(path, { note: 'thrice' }), ask(path)]);
    for (const { status, text } of again) {
      expect(status).toBe(410);
      expect(text).toContain('It was used on Sat 21 Nov 2026, 13:00 CET and works once. Nothing was changed now.');
    }
    expect(await rowsOf('SELECT responded_by, note, responded_at FROM initiative_responses')).toEqual([
      { responded_by: 'Ada Lead', note: 'Supplier late;\ndone on Friday', responded_at: NOW },
    ]);
    expect(
      await rowsOf(`SELECT answered_at IS NOT NULL AS answered, response_id IS NOT NULL AS linked
                      FROM portfolio_actions.status_requests ORDER BY person`),
    ).toEqual([
      { answered: true, linked: true },
      { answered: false, linked: false },
    ]);
  });

  it('is used by one of two at once', async () => {
    const path = `/l/${await token('respond', FIXTURE.request)}`;
    const both = await Promise.all([post(path, { note: 'a' }), post(path, { note: 'b' })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 410]);
    expect(await rowsOf('SELECT note FROM initiative_responses')).toHaveLength(1);
  });

  it.each([
    ['without a word', 'respond', {}, 422],
    ['with blanks', 'respond', { note: ' \n\t ' }, 422],
    ['with too much', 'respond', { note: 'x'.repeat(9_000) }, 422],
    ['with no decision', 'approve', { note: 'x' }, 422],
    ['with another decision', 'approve', { decision: 'MAYBE' }, 422],
  ] as const)('%s asks again and can still be used', async (_name, kind, form, status) => {
    const path = `/l/${await token(kind, kind === 'respond' ? FIXTURE.request : FIXTURE.approval)}`;
    const before = await state();
    const { status: seen, text } = await post(path, form);
    expect([seen, text.includes('Write a sentence or two')]).toEqual([status, true]);
    expect(await state()).toEqual(before);
    expect((await ask(path)).status).toBe(200);
  });

  it.each([
    ['too large', `note=${'x'.repeat(70_000)}`, 'utf-8', 413, 'This is too much to send'],
    ['of too many fields', '&'.repeat(120), 'utf-8', 413, 'This is too much to send'],
    ['in another encoding', 'note=x', 'utf-7', 415, 'This form cannot be read'],
  ])(
    'is sent a form that is %s: a page says so, and it can still be used',
    async (_name, body, charset, status, title) => {
      const path = `/l/${await token('respond', FIXTURE.request)}`;
      const before = await state();
      const headers = { 'Content-Type': `application/x-www-form-urlencoded; charset=${charset}` };
      const answer = await ask(path, { method: 'POST', body, headers });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
      expect(answer.text).toContain(`<h1>${title}</h1>`);
      expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
      expect(await state()).toEqual(before);
      expect((await ask(path)).status).toBe(200);
    },
  );

  const other = '00000000-0000-4000-8000-000000000000';
  it.each([
    ['expired', async () => token('respond', FIXTURE.request), 3 * DAY_MS, 410, 'has run out'],
    ['cut', async () => (await token('respond', FIXTURE.request)).slice(0, -5), 0, 403, 'is not valid'],
    ['about nothing', async () => token('respond', other), 0, 404, 'nothing to answer'],
    ['about a row of another kind', async () => token('approve', FIXTURE.request), 0, 404, 'nothing to answer'],
    ['for another page', async () => token('retry', FIXTURE.approval), 0, 404, 'nothing to answer'],
  ])('that is %s says so and changes nothing', async (_name, make, later, status, words) => {
    const path = `/l/${await make()}`;
    pages.now = new Date(NOW.getTime() + later);
    const before = await rowsOf('SELECT * FROM portfolio_actions.approvals');
    for (const answer of [await ask(path), await post(path, { note: 'x', decision: 'APPROVED' })]) {
      if (answer.status === 422) continue;
      expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(words)]);
    }
    expect(await rowsOf('SELECT * FROM portfolio_actions.approvals')).toEqual(before);
    expect(await rowsOf('SELECT * FROM initiative_responses')).toEqual([]);
  });
});

describe('a link to decide', () => {
  it('shows the proposal and keeps who decided, when, and the note', async () => {
    const path = `/l/${await token('approve', FIXTURE.approval, 'Chairman')}`;
    const { text } = await ask(path);
    for (const part of ['Cut Harbour to 20%', '130% of the capacity', '&lt;img src=x']) expect(text).toContain(part);
    expect((await post(path, { decision: 'REJECTED', note: 'Expand instead' })).text).toContain('is rejected');
    expect(await rowsOf('SELECT decision, decided_by, decided_at, note FROM portfolio_actions.approvals')).toEqual([
      { decision: 'REJECTED', decided_by: 'Chairman', decided_at: NOW, note: 'Expand instead' },
    ]);
  });

  it('does not decide again what another link has decided', async () => {
    const [one, other] = [
      await token('approve', FIXTURE.approval, 'Chairman'),
      await token('approve', FIXTURE.approval, 'Deputy'),
    ];
    await post(`/l/${one}`, { decision: 'APPROVED' });
    const decided = await rowsOf('SELECT * FROM portfolio_actions.approvals');
    const late = await post(`/l/${other}`, { decision: 'REJECTED' });
    expect([late.status, late.text]).toEqual([409, expect.stringContaining('Chairman decided on Sat 21 Nov 2026')]);
    expect((await ask(`/l/${other}`)).status).toBe(410);
    expect(await rowsOf('SELECT * FROM portfolio_actions.approvals')).toEqual(decided);
  });
});

describe('the pages behind a password', () => {
  it.each([
    ['nobody', {}],
    ['a wrong password', basic('ada', 'wrong')],
    ['an unknown name', basic('eve', 'right')],
    ['no password', basic('ada', '')],
    ['a password that is longer than bcrypt reads', basic('ada', 'x'.repeat(100))],
    ['words', { Authorization: 'Basic ???' }],
  ])('are shut to %s', async (_name, headers) => {
    pages.nextMinute();
    for (const path of ['/', '/reports', `/reports/${FIXTURE.report}`]) {
      const { status, text, headers: given } = await ask(path, { headers });
      expect([status, text]).toEqual([401, 'unauthorized\n']);
      expect(given.get('www-authenticate')).toMatch(/^Basic realm/);
    }
  });

  it('let whoever fails ten times wait a minute, and nobody longer', async () => {
    pages.now = new Date('2026-12-01T00:00:00Z');
    const statuses: number[] = [];
    for (let again = 0; again < 12; again += 1) statuses.push((await ask('/', { headers: basic('eve', 'x') })).status);
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429]);
    expect((await ask('/', { headers: ADA })).status).toBe(429);
    pages.now = new Date(pages.now.getTime() + 60_000);
    expect((await ask('/', { headers: ADA })).status).toBe(200);
  });

  it('shut out at once whose line is taken from the file', async () => {
    expect((await ask('/', { headers: ADA })).status).toBe(200);
    pages.users = new Map([['bob', bcrypt.hashSync('right', 4)]]);
    expect((await ask('/', { headers: ADA })).status).toBe(401);
    pages.users = USERS;
  });

  it('list what is open by person, what failed and why, what was not delivered, and the last reports', async () => {
    const { text } = await ask('/', { headers: ADA });
    for (const part of [
      '3 open items, 1 overdue',
      'Shared checkout: Design done',
      'due Sun 22 Nov 2026, 13:00 CET',
      'awaiting approval',
      'overdue',
      'deliver mail',
      'cannot connect',
      'To bad@example.test',
      '550 no such user',
      'Portfolio performance review: Portfolio</h3><span class="badge">2 of 12</span>',
      `PORTFOLIO-003 · since Thu 5 Nov 2026, 07:00 CET</p><p class="links"><a href="/actions/reports/${FIXTURE.report}">Report</a>`,
      `/actions/reports/${FIXTURE.report}.pdf`,
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toMatch(/<img|<script|at Object\.stack/);
  });

  it.each([
    ['portfolio_actions.status_requests', 'Open responses', 'awaiting approval'],
    ['portfolio_actions.approvals', 'Open approvals', 'Shared checkout: Design done'],
    ['portfolio_actions.recursion_executions', 'Open executions', 'Shared checkout: Design done'],
    ['graphile_worker.jobs', 'Failed jobs', 'Shared checkout: Design done'],
    ['portfolio_actions.mails', 'Undelivered mails', 'Shared checkout: Design done'],
    ['portfolio_actions.reports', 'Reports', 'Shared checkout: Design done'],
  ])('say in its place why %s cannot be read, and show the rest', async (table, title, rest) => {
    await pages.withoutRight(table, async () => {
      const { status, text } = await ask('/', { headers: ADA });
      expect(status).toBe(200);
      const name = table.split('.')[1] ?? '';
      expect(text).toMatch(
        new RegExp(
          `<h2>${title}</h2><p class="bad">This cannot be read now:</p><p class="error">permission denied for [a-z]+ ${name} `,
        ),
      );
      expect(text).toContain('not all of it can be read</h1>');
      expect(text).toContain(rest);
    });
    expect(pages.lines.at(-1)).toMatchObject({ msg: 'a part of the page cannot be read', level: 50 });
  });

  it('say what to do where nothing can be read, and the log why, without the token of a link', async () => {
    const before = pages.lines.length;
    const link = `/l/${await token('respond', FIXTURE.request)}`;
    await pages.withoutRight('ALL TABLES IN SCHEMA portfolio_actions', async () => {
      const answers = [
        await ask('/reports', { headers: ADA }),
        await ask(`/reports/${FIXTURE.report}`, { headers: ADA }),
        await ask(link),
        await ask(link.replace('/l/', '/L/')),
        await post(link, { note: 'done on Friday' }),
      ];
      for (const { status, text } of answers) {
        expect([status, text]).toEqual([500, expect.stringContaining('<h1>This page cannot be shown now</h1>')]);
        expect(text).not.toContain('denied');
      }
      expect(answers[4]?.text).toContain('may not have been stored');
    });
    const told = pages.lines.slice(before).filter(({ msg }) => msg === 'request failed');
    expect(told.map(({ path, method }) => [method, path])).toEqual([
      ['GET', '/reports'],
      ['GET', `/reports/${FIXTURE.report}`],
      ['GET', '/l/<token>'],
      ['GET', '/l/<token>'],
      ['POST', '/l/<token>'],
    ]);
    expect(told[0]?.['reason']).toContain('permission denied');
  });

  it('are 503 while the database does not answer', async () => {
    const link = `/l/${await token('respond', FIXTURE.request)}`;
    await pages.withoutDatabase(async () => {
      for (const path of ['/', '/reports', link]) {
        const { status, text, headers } = await ask(path, path === link ? {} : { headers: ADA });
        expect([status, text]).toEqual([503, expect.stringContaining('The database does not answer.')]);
        expect(headers.get('retry-after')).toBe('60');
      }
    });
    expect((await ask('/', { headers: ADA })).status).toBe(200);
  });

  it('retry a failed job by the form of the page alone', async () => {
    const { text } = await ask('/', { headers: ADA });
    const [, action = '', form = ''] =
      /action="\/actions(\/jobs\/\d+\/retry)">.*?name="token" value="([^"]+)"/.exec(text) ?? [];
    const attempts = (): Promise<unknown> => rowsOf('SELECT attempts FROM graphile_worker._private_jobs');
    const refused: [string, Record<string, string>, Record<string, string>][] = [
      [action, {}, ADA],
      [action, { token: await token('retry', '999', 'ada') }, ADA],
      [action, { token: await token('respond', FIXTURE.request, 'ada') }, ADA],
      ['/jobs/x/retry', { token: form }, ADA],
      [action, { token: form }, {}],
    ];
    for (const [path, sent, headers] of refused) expect((await post(path, sent, headers)).status).toBeGreaterThan(400);
    expect((await ask(action, { headers: ADA })).status).toBe(404);
    expect(await attempts()).toEqual([{ attempts: 25 }]);
    const { status, headers } = await post(action, { token: form }, ADA);
    expect([status, headers.get('location')]).toEqual([303, '/actions/']);
    expect(await attempts()).toEqual([{ attempts: 0 }]);
    expect((await post(action, { token: form }, ADA)).status).toBe(403);
  });

  it('show a report as HTML and PDF, and run nothing of it', async () => {
    expect((await ask('/reports', { headers: ADA })).text).toContain(`/actions/reports/${FIXTURE.report}"`);
    const html = await ask(`/reports/${FIXTURE.report}`, { headers: ADA });
    expect([html.status, html.text]).toEqual([200, '<p style="color:red">Report</p><script>alert(1)</script>']);
    expect(html.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'unsafe-inline'/);
    const pdf = await ask(`/reports/${FIXTURE.report}.pdf`, { headers: ADA });
    expect([pdf.status, pdf.headers.get('content-type'), pdf.text]).toEqual([200, 'application/pdf', '%PDF-1.7']);
    expect(pdf.headers.get('content-disposition')).toBe('inline; filename="portfolio-2026-10.pdf"');
    for (const name of ['x', FIXTURE.request, `${FIXTURE.request}.pdf`, `${FIXTURE.report}.exe`, '..%2f..%2fetc']) {
      expect((await ask(`/reports/${name}`, { headers: ADA })).status).toBe(404);
    }
  });
});
