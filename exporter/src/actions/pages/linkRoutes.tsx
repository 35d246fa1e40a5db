import express, { type Request, type Response, Router } from 'express';
import type { ClientBase } from 'pg';
import { z } from 'zod';
import { inTransaction } from '../../database/transaction.js';
import { formatMoment } from '../../format/formatMoment.js';
import { visibleText } from '../../format/visibleText.js';
import { answerDelay } from '../answers/answerDelay.js';
import { decideApproval } from '../answers/decideApproval.js';
import { type Link, readLink } from '../links/signedLink.js';
import { useLink } from '../links/useLink.js';
import type { Answered, LinkDependencies } from './linkDependencies.js';
import { ApprovePage, MAX_NOTE_CHARACTERS, MessagePage, RespondPage } from './linkPages.js';
import { gone, KIND, refusal, used } from './linkRefusals.js';
import { readApproval, readStatusRequest, readUse } from './linkRows.js';
import { actOnNumbers, showNumbers } from './numbersLink.js';
import { sendPage } from './page.js';
import { onUnreadableForm } from './unreadableForm.js';

const WRITE = { access: 'READ WRITE' } as const;
const READ = { access: 'READ ONLY' } as const;
const FORM_BYTES = '64kb';

const noteSchema = z
  .string()
  .max(MAX_NOTE_CHARACTERS * 2)
  .default('')
  // Line breaks stay; a note is shown in mails and on pages.
  .transform((text) =>
    text
      .replaceAll(/\r\n?/g, '\n')
      .replaceAll(/(?!\n)\p{Cc}/gu, ' ')
      .trim()
      .slice(0, MAX_NOTE_CHARACTERS),
  );
const respondForm = z.object({ note: noteSchema.refine((note) => note !== '') });
const approveForm = z.object({ note: noteSchema, decision: z.enum(['APPROVED', 'REJECTED']) });

/** /l/<token>: a GET shows what there is to answer or decide, only a POST of its form does it, once. */
export function linkRoutes(deps: LinkDependencies): Router {
  const router = Router();
  const answer =
    (handle: (request: Request, link: Link) => Promise<Answered>) =>
    async (request: Request<{ token: string }>, response: Response): Promise<void> => {
      const link = await readLink(deps.keys(), request.params.token, deps.now());
      const { status, page } = 'problem' in link ? refusal(link.problem) : await handle(request, link);
      sendPage(response, status, page);
    };
  router
    .route('/l/:token')
    .get(answer((_request, link) => show(link, null, deps)))
    .post(
      express.urlencoded({ extended: false, limit: FORM_BYTES, parameterLimit: 100 }),
      answer((request, link) => act(link, request.body, deps)),
      onUnreadableForm(KIND),
    );
  return router;
}

function show(link: Link, problem: string | null, deps: LinkDependencies): Promise<Answered> {
  const form = { person: link.person, expiresAt: link.expiresAt, timeZone: deps.timeZone(), problem };
  const status = problem === null ? 200 : 422;
  return deps.database.withClient((client) =>
    inTransaction(client, READ, async () => {
      const usedAt = await readUse(client, link.tokenId);
      if (usedAt !== undefined) return used(usedAt, form.timeZone, link.kind);
      if (link.kind === 'numbers') return showNumbers(client, link, deps);
      if (link.kind === 'respond') {
        const request = await readStatusRequest(client, link.subject);
        return request === undefined ? gone() : { status, page: <RespondPage request={request} {...form} /> };
      }
      const approval = link.kind === 'approve' ? await readApproval(client, link.subject) : undefined;
      if (approval === undefined) return gone();
      return decided(approval, form.timeZone) ?? { status, page: <ApprovePage approval={approval} {...form} /> };
    }),
  );
}

function act(link: Link, body: unknown, deps: LinkDependencies): Promise<Answered> {
  if (link.kind === 'numbers') return actOnNumbers(link, body, deps);
  const answer = link.kind === 'respond' ? respondForm.safeParse(body) : null;
  const decision = link.kind === 'approve' ? approveForm.safeParse(body) : null;
  if (answer?.success === true) return once(link, deps, (client, now) => respond(client, link, answer.data.note, now));
  if (decision?.success === true)
    return once(link, deps, (client, now) => decide(client, link, decision.data, now, deps));
  return show(link, 'Write a sentence or two, then send.', deps);
}

/** In the transaction that makes the link used. */
function once(
  link: Link,
  deps: LinkDependencies,
  change: (client: ClientBase, now: Date) => Promise<Answered>,
): Promise<Answered> {
  const now = deps.now();
  return deps.database.withClient((client) =>
    inTransaction(client, WRITE, async () =>
      (await useLink(client, link, now))
        ? change(client, now)
        : used((await readUse(client, link.tokenId)) ?? now, deps.timeZone(), link.kind),
    ),
  );
}

async function respond(client: ClientBase, { subject, person }: Link, note: string, now: Date): Promise<Answered> {
  const request = await readStatusRequest(client, subject);
  if (request === undefined) return gone();
  await answerDelay(client, { initiativeId: request.initiativeId, by: person, note }, now);
  return done('Status request', `Thank you: the status of ${visibleText(request.initiative)} is stored`);
}

async function decide(
  client: ClientBase,
  { subject, person }: Link,
  { decision, note }: z.infer<typeof approveForm>,
  now: Date,
  deps: LinkDependencies,
): Promise<Answered> {
  const choice = { approvalId: subject, decision, by: person, note: note === '' ? null : note };
  const isNew = await decideApproval(client, choice, now);
  const approval = await readApproval(client, subject);
  if (approval === undefined) return gone();
  if (!isNew) return decided(approval, deps.timeZone()) ?? gone();
  const word = decision === 'APPROVED' ? 'approved' : 'rejected';
  return done('Decision', `The proposal for ${visibleText(approval.resource)} is ${word}`);
}

function done(kind: string, title: string): Answered {
  const page = (
    <MessagePage kind={kind} title={title}>
      It is on record with your name and the time. You can close this page.
    </MessagePage>
  );
  return { status: 200, page };
}

function decided(
  { decision, decidedAt, decidedBy }: { decision: string | null; decidedAt: Date | null; decidedBy: string | null },
  timeZone: string,
): Answered | null {
  if (decidedAt === null) return null;
  if (decision === 'WITHDRAWN') {
    const page = (
      <MessagePage kind="Decision" title="No decision is needed any more">
        {`The allocation fell back by ${formatMoment(decidedAt, timeZone)}, so the proposal is withdrawn. Nothing was changed now.`}
      </MessagePage>
    );
    return { status: 409, page };
  }
  const word = decision === 'APPROVED' ? 'approved' : 'rejected';
  const page = (
    <MessagePage kind="Decision" title={`The proposal is ${word} already`}>
      {`${visibleText(decidedBy ?? 'Somebody')} decided on ${formatMoment(decidedAt, timeZone)}. Nothing was changed now.`}
    </MessagePage>
  );
  return { status: 409, page };
}
