import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import { z } from 'zod';
import { inTransaction } from '../../database/transaction.js';
import { formatMoment } from '../../format/formatMoment.js';
import { visibleText } from '../../format/visibleText.js';
import type { Link } from '../links/signedLink.js';
import { useLink } from '../links/useLink.js';
import { queueMail } from '../mail/queueMail.js';
import { ASKED_NUMBERS, type Numbers } from '../numbers/askedNumbers.js';
import { enter, ENTRY_FIELDS, EntryProblem, readInitiatives } from '../numbers/logEntries.js';
import {
  lockNumberRequest,
  type NumberRequest,
  readBefore,
  readLoggedHours,
  readNumberRequest,
  readReported,
} from '../numbers/numberRows.js';
import { receiptMail } from '../numbers/numbersMail.js';
import { dayOf, periodTitle } from '../numbers/period.js';
import { type NumberForm, readNumberForm, sureField } from '../numbers/readNumberForm.js';
import { reportNumbers } from '../numbers/reportNumbers.js';
import { MessagePage } from './linkPages.js';
import type { Answered, LinkDependencies } from './linkDependencies.js';
import { gone, used } from './linkRefusals.js';
import { readUse } from './linkRows.js';
import { MAX_REASON, NumbersFormPage, type NumbersFormProps } from './numbersForm.js';

const WRITE = { access: 'READ WRITE' } as const;
const KIND = 'Numbers';

const FIELDS = new Set([
  ...ASKED_NUMBERS.flatMap(({ key }) => [key, sureField(key)]),
  ...Object.values(ENTRY_FIELDS).flat(),
  ...['version', 'reason', 'do'],
]);
const ACTIONS = ['draft', 'report', 'value', 'coordination'] as const;
const bodySchema = z
  .record(z.string(), z.string().max(2_000))
  .refine((fields) => Object.keys(fields).every((name) => FIELDS.has(name)))
  .transform((fields, context) => {
    const action = z.enum(ACTIONS).safeParse(fields['do']);
    const version = /^\d{1,9}$/.exec(fields['version'] ?? '');
    if (action.success && version !== null)
      return { fields: readable(fields), action: action.data, version: Number(version[0]) };
    context.issues.push({ code: 'custom', message: 'is not from the page', input: fields });
    return z.NEVER;
  });

/** PostgreSQL takes no NUL and JSON no half of a surrogate pair. */
function readable(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, text]) => [
      name,
      text.replaceAll(/\p{Cs}/gu, '\ufffd').replaceAll(/\p{Cc}/gu, ' '),
    ]),
  );
}

type Shown = Partial<Pick<NumbersFormProps, 'values' | 'problems' | 'doubts' | 'confirmed' | 'numbers' | 'notice'>>;

/** The form as it stands now, in the caller's transaction, where the link has not been used. */
export async function showNumbers(client: ClientBase, link: Link, deps: LinkDependencies): Promise<Answered> {
  const request = await readNumberRequest(client, link.subject);
  return request === undefined ? gone() : formPage(client, request, link, deps, 200, {});
}

/** Saves a draft, reports the numbers, or logs something beside them. */
export function actOnNumbers(link: Link, body: unknown, deps: LinkDependencies): Promise<Answered> {
  const sent = bodySchema.safeParse(body);
  if (!sent.success) return Promise.resolve(unknownForm());
  const { fields, action, version } = sent.data;
  const now = deps.now();
  return deps.database.withClient((client) =>
    inTransaction(client, WRITE, async () => {
      await lockNumberRequest(client, link.subject);
      const request = await readNumberRequest(client, link.subject);
      if (request === undefined) return gone();
      const usedAt = await readUse(client, link.tokenId);
      if (usedAt !== undefined) return used(usedAt, deps.timeZone(), link.kind);
      if (action === 'report') return report(client, request, fields, version, link, deps);
      await saveDraft(client, request, fields, now);
      const saved = { ...request, draftSavedAt: now };
      if (action === 'draft') {
        const notice = { text: 'The draft is saved. Nothing is reported yet.', isGood: true };
        return formPage(client, saved, link, deps, 200, { values: fields, notice });
      }
      const moment = { request, person: link.person, now, timeZone: deps.timeZone() };
      const entered = await enter(client, action, fields, moment);
      if (entered instanceof EntryProblem) {
        const place = action === 'value' ? 'value' : 'coordination_entry';
        const problems = new Map([[place, entered.message]]);
        return formPage(client, saved, link, deps, 422, {
          values: fields,
          problems,
          notice: { text: entered.message, isGood: false },
        });
      }
      const values = Object.fromEntries(
        Object.entries(fields).filter(([name]) => !(ENTRY_FIELDS[action] as readonly string[]).includes(name)),
      );
      return formPage(client, saved, link, deps, 200, {
        values,
        notice: { text: `${entered} What you typed above is saved as a draft.`, isGood: true },
      });
    }),
  );
}

async function report(
  client: ClientBase,
  request: NumberRequest,
  fields: Readonly<Record<string, string>>,
  version: number,
  link: Link,
  deps: LinkDependencies,
): Promise<Answered> {
  const reported = await readReported(client, request);
  const form = readNumberForm(fields, await readBefore(client, request), reported);
  const reason = (fields['reason'] ?? '').trim().slice(0, MAX_REASON);
  if (version !== request.version) {
    const who = `${visibleText(request.reportedBy ?? 'Somebody')} reported on ${formatMoment(request.reportedAt ?? deps.now(), deps.timeZone())}`;
    const notice = {
      text: `${who}, while you were typing. Nothing of yours is reported: compare it with what is on record, and report a correction where it is needed.`,
      isGood: false,
    };
    return formPage(client, request, link, deps, 409, { notice, values: fields, numbers: form.numbers });
  }
  const problems = new Map(form.problems);
  if (request.version > 0 && reason === '') problems.set('reason', 'Say in a few words what was wrong.');
  const refused = refusal({ ...form, problems });
  if (refused !== null) {
    return formPage(client, request, link, deps, 422, {
      ...form,
      problems,
      values: fields,
      notice: { text: refused, isGood: false },
    });
  }
  const now = deps.now();
  if (!(await useLink(client, link, now)))
    return used((await readUse(client, link.tokenId)) ?? now, deps.timeZone(), link.kind);
  const { numbers, confirmed } = form;
  const next = await reportNumbers(
    client,
    request,
    {
      numbers,
      confirmed,
      replaced: reported,
      reason: request.version > 0 ? reason : null,
      by: link.person,
      tokenId: link.tokenId,
    },
    now,
  );
  await confirm(client, request, { version: next, numbers, reason: next > 1 ? reason : null }, link, deps, now);
  const page = (
    <MessagePage
      kind={KIND}
      title={`Thank you: the numbers of ${visibleText(request.venture)} are ${next === 1 ? 'reported' : 'corrected'}`}
    >
      {`They are on record for ${periodTitle(request)} as version ${next}, with your name and the time. A mail confirms them; its link corrects them. Reports that were sent before keep the numbers that they had. You can close this page.`}
    </MessagePage>
  );
  return { status: 200, page };
}

function refusal({ problems, doubts, numbers }: NumberForm): string | null {
  const count = problems.size;
  if (count > 0)
    return `Nothing is reported yet: ${count === 1 ? 'one field is' : `${count} fields are`} to be mended below.`;
  if (doubts.size > 0) return 'Nothing is reported yet: confirm below that what changed by more than half is right.';
  return Object.values(numbers).every((number) => number === null)
    ? 'Nothing is reported: there is no number yet.'
    : null;
}

/** To whoever was asked, with a link of its own. */
async function confirm(
  client: ClientBase,
  request: NumberRequest,
  { version, numbers, reason }: { readonly version: number; readonly numbers: Numbers; readonly reason: string | null },
  link: Link,
  deps: LinkDependencies,
  now: Date,
): Promise<void> {
  const { rows } = await client.query<{ recipient: string; role: string | null }>(
    `SELECT recipient, role FROM portfolio_actions.mails WHERE action_id = $1 ORDER BY recipient`,
    [request.id],
  );
  for (const { recipient, role } of rows) {
    const url = await deps.linkAddress({ kind: 'numbers', subject: request.id, person: link.person }, now);
    const content = receiptMail({
      ...{ venture: request.venture, period: periodTitle(request), person: link.person },
      ...{ version, reason, numbers, url },
    });
    await queueMail(
      client,
      { key: `numbers_receipt:${request.id}:${version}:${recipient}`, recipient, role, content },
      now,
    );
  }
}

async function saveDraft(
  client: ClientBase,
  request: NumberRequest,
  fields: Readonly<Record<string, string>>,
  now: Date,
): Promise<void> {
  const draft = Object.fromEntries(ASKED_NUMBERS.map(({ key }) => [key, (fields[key] ?? '').slice(0, 80)]));
  await client.query('UPDATE portfolio_actions.number_requests SET draft = $2, draft_saved_at = $3 WHERE id = $1', [
    request.id,
    draft,
    now,
  ]);
}

async function formPage(
  client: ClientBase,
  request: NumberRequest,
  link: Link,
  deps: LinkDependencies,
  status: number,
  shown: Shown,
): Promise<Answered> {
  const now = deps.now();
  const timeZone = deps.timeZone();
  const last = await readBefore(client, request);
  const reported = await readReported(client, request);
  // The stage seldom changes.
  const known = { stage: last['stage'], ...onlyKnown(reported) };
  const props: NumbersFormProps = {
    ...{ request, last, reported, timeZone, person: link.person, expiresAt: link.expiresAt },
    logged: await readLoggedHours(client, request),
    initiatives: await readInitiatives(client, request, now, timeZone),
    values: request.draft ?? onlyKnown(known),
    problems: new Map(),
    doubts: new Map(),
    confirmed: [],
    numbers: {},
    notice: null,
    entryIds: { value: randomUUID(), coordination: randomUUID() },
    today: dayOf(now, timeZone),
    ...shown,
  };
  return { status, page: <NumbersFormPage {...props} /> };
}

function onlyKnown(numbers: Readonly<Record<string, string | null | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(numbers).flatMap(([key, value]) => (value == null ? [] : [[key, value]])));
}

function unknownForm(): Answered {
  const page = (
    <MessagePage kind={KIND} title="This form cannot be read">
      Nothing was changed. It has fields that the page does not have: open the link in the mail again and use its form.
    </MessagePage>
  );
  return { status: 400, page };
}
