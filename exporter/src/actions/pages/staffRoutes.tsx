import express, { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Database } from '../../database/pool.js';
import { inTransaction } from '../../database/transaction.js';
import type { HttpLog } from '../../server/answers.js';
import type { LinkKeys } from '../links/linkKeys.js';
import { readLink, signLink } from '../links/signedLink.js';
import { useLink } from '../links/useLink.js';
import { basicAuthentication } from './basicAuthentication.js';
import { HomePage, ReportList } from './homePage.js';
import { MessagePage } from './linkPages.js';
import { NumbersPage, readVentureStates } from './numbersPage.js';
import { type Part, readOpenItems, readReports } from './openItems.js';
import { Page, pageHeaders, sendPage } from './page.js';
import { onUnreadableForm } from './unreadableForm.js';

export interface StaffDependencies {
  readonly database: Database;
  readonly keys: () => LinkKeys;
  /** bcrypt hashes by name. */
  readonly users: () => ReadonlyMap<string, string>;
  readonly now: () => Date;
  readonly timeZone: () => string;
  readonly externalUrl: () => string;
  readonly carryForwardDays: () => number;
  /** Who decides about proposals, as people know him. */
  readonly decides: () => string;
  readonly log: HttpLog;
}

const READ = { access: 'READ ONLY' } as const;
const WRITE = { access: 'READ WRITE' } as const;
/** How long a form of the first page can be sent. */
const FORM_MS = 3_600_000;
/** A report has the style that mails have: inlined. */
const REPORT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
const retryForm = z.object({ token: z.string() });
const jobId = /^\d{1,18}$/;

/** The pages behind a password: what is open, the reports, and the button that retries a job. */
export function staffRoutes(deps: StaffDependencies): Router {
  const router = Router();
  const { handler, userOf } = basicAuthentication(deps.users, deps.now);
  const base = (): string => new URL(deps.externalUrl()).pathname.replace(/\/+$/, '');

  router.get('/', handler, async (request, response) => {
    const now = deps.now();
    const open = await readOpenItems(deps.database, deps.decides(), now);
    const problems = Object.entries<Part<unknown>>({ ...open }).flatMap(([part, { problem }]) =>
      problem === null ? [] : [{ part, problem }],
    );
    for (const { part, problem } of problems)
      deps.log.error({ part, reason: problem }, 'a part of the page cannot be read');
    const expiresAt = new Date(now.getTime() + FORM_MS);
    const token = (subject: string): Promise<string> =>
      signLink(deps.keys(), { kind: 'retry', subject, person: userOf(request), expiresAt });
    const tokens = await Promise.all(open.jobs.rows.map(async ({ id }) => [id, await token(id)] as const));
    const page = { open, now, timeZone: deps.timeZone(), base: base(), retryTokens: new Map(tokens) };
    const isBlind = problems.length === Object.keys(open).length;
    sendPage(response, isBlind ? 503 : 200, <HomePage {...page} />);
  });

  // Another site can send the form, and the browser the password with it; but it cannot know the token.
  router.post(
    '/jobs/:id/retry',
    handler,
    express.urlencoded({ extended: false, limit: '8kb', parameterLimit: 10 }),
    async (request: Request<{ id: string }>, response: Response) => {
      const { id } = request.params;
      const form = retryForm.safeParse(request.body);
      const now = deps.now();
      const link = form.success ? await readLink(deps.keys(), form.data.token, now) : { problem: 'forged' };
      const fits =
        !('problem' in link) && link.kind === 'retry' && link.subject === id && link.person === userOf(request);
      const isFirst =
        fits &&
        jobId.test(id) &&
        (await deps.database.withClient((client) =>
          inTransaction(client, WRITE, async () => {
            if (!(await useLink(client, link, now))) return false;
            await client.query(
              'SELECT FROM graphile_worker.reschedule_jobs(ARRAY[$1::bigint], run_at => now(), attempts => 0)',
              [id],
            );
            return true;
          }),
        ));
      if (isFirst) pageHeaders(response).redirect(303, `${base()}/`);
      else sendStale(response);
    },
    onUnreadableForm('Failed job'),
  );

  router.get('/numbers', handler, async (_request, response) => {
    const [now, timeZone] = [deps.now(), deps.timeZone()];
    const states = await deps.database.withClient((client) =>
      inTransaction(client, READ, () => readVentureStates(client, now, timeZone, deps.carryForwardDays())),
    );
    sendPage(response, 200, <NumbersPage {...{ states, now, timeZone, base: base() }} />);
  });

  router.get('/reports', handler, async (_request, response) => {
    const reports = await readReports(deps.database);
    sendPage(
      response,
      200,
      <Page kind="What follows an alert" title="Reports">
        <section class="card">
          <a href={`${base()}/`}>Open items</a>
        </section>
        <h2>The newest first</h2>
        <ReportList reports={reports} base={base()} timeZone={deps.timeZone()} />
      </Page>,
    );
  });

  router.get('/reports/:file', handler, async (request: Request<{ file: string }>, response) => {
    const [, id, ending] = /^([0-9a-f-]{36})(\.pdf)?$/.exec(request.params.file) ?? [];
    const wanted = z.uuid().safeParse(id);
    const report = wanted.success
      ? await deps.database.withClient((client) =>
          inTransaction(client, READ, async () => {
            const { rows } = await client.query<{ html: string; pdf: Buffer | null; name: string }>(
              `SELECT html, ${ending === undefined ? 'NULL::bytea AS pdf' : 'pdf'}, kind || '-' || period AS name
                 FROM portfolio_actions.reports WHERE id = $1`,
              [wanted.data],
            );
            return rows[0];
          }),
        )
      : undefined;
    if (report === undefined || (ending !== undefined && report.pdf === null)) {
      sendNoReport(response);
      return;
    }
    pageHeaders(response, REPORT_POLICY);
    if (report.pdf === null) response.type('text/html; charset=utf-8').send(report.html);
    else {
      const name = `${report.name.replaceAll(/[^\w-]/g, '_')}.pdf`;
      response.type('application/pdf').set('Content-Disposition', `inline; filename="${name}"`).send(report.pdf);
    }
  });
  return router;
}

function sendStale(response: Response): void {
  const page = (
    <MessagePage kind="Failed job" title="This form is no longer valid">
      Nothing was changed. Open the page again and press the button there.
    </MessagePage>
  );
  sendPage(response, 403, page);
}

function sendNoReport(response: Response): void {
  const page = (
    <MessagePage kind="Reports" title="There is no such report">
      The list of reports has those that there are.
    </MessagePage>
  );
  sendPage(response, 404, page);
}
