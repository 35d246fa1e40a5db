import type { VNode } from 'preact';
import { formatDay } from '../../format/formatDay.js';
import { formatMoment } from '../../format/formatMoment.js';
import { visibleText } from '../../format/visibleText.js';
import type { Approval, StatusRequest } from './linkRows.js';
import { FactList, Page } from './page.js';

export const MAX_NOTE_CHARACTERS = 4_000;

interface FormProps {
  readonly person: string;
  readonly expiresAt: Date;
  readonly timeZone: string;
  /** What was wrong with what was sent; null at first. */
  readonly problem: string | null;
}

/** What is asked of whom until when, and the form that answers it. */
export function RespondPage({ request, ...form }: { request: StatusRequest } & FormProps): VNode {
  const { timeZone } = form;
  return (
    <Page kind="Status request" title={`What is the status of ${visibleText(request.initiative)}?`} isNarrow>
      <section class="card">
        <FactList
          facts={[
            ['Initiative', visibleText(`${request.initiative} (${request.code})`)],
            ['Milestone', visibleText(request.milestone)],
            ['Deadline', formatDay(request.deadline)],
            ['Asked', visibleText(form.person)],
            ['Answer by', formatMoment(request.dueAt, timeZone)],
            ['Answered', answered(request, timeZone)],
          ]}
        />
      </section>
      <form method="post">
        <Problem text={form.problem} />
        <label for="note">Status and what happens next</label>
        <textarea id="note" name="note" required maxlength={MAX_NOTE_CHARACTERS} />
        <div class="buttons">
          <button>Send status</button>
        </div>
        <Until {...form} />
      </form>
    </Page>
  );
}

/** The proposal, and the form that approves or rejects it. */
export function ApprovePage({ approval, ...form }: { approval: Approval } & FormProps): VNode {
  const { timeZone } = form;
  return (
    <Page kind="Decision about a resource conflict" title={approval.title ?? visibleText(approval.resource)} isNarrow>
      <section class="card">
        <FactList
          facts={[
            ['Resource', visibleText(approval.resource)],
            ['Allocated', `${Number(approval.allocation).toLocaleString('en-US')}% of the capacity`],
            ['Detected', formatMoment(approval.detectedAt, timeZone)],
            ['Decides', visibleText(form.person)],
          ]}
        />
      </section>
      <h2>Proposal</h2>
      <section class="card">
        {approval.proposal === null ? (
          <p>There is no proposal any more; the decision is about the conflict itself.</p>
        ) : (
          <pre class="proposal">{approval.proposal}</pre>
        )}
      </section>
      <form method="post">
        <Problem text={form.problem} />
        <label for="note">Note (kept with the decision)</label>
        <textarea id="note" name="note" maxlength={MAX_NOTE_CHARACTERS} />
        <div class="buttons">
          <button name="decision" value="APPROVED">
            Approve
          </button>
          <button class="plain" name="decision" value="REJECTED">
            Reject
          </button>
        </div>
        <Until {...form} />
      </form>
    </Page>
  );
}

/** What happened, where there is nothing (more) to do. */
export function MessagePage({ kind, title, children }: { kind: string; title: string; children: string }): VNode {
  return (
    <Page kind={kind} title={title} isNarrow>
      <section class="card">
        <p>{children}</p>
      </section>
    </Page>
  );
}

function answered({ answeredAt, answeredBy }: StatusRequest, timeZone: string): string | null {
  if (answeredAt === null) return null;
  return `${formatMoment(answeredAt, timeZone)}, ${visibleText(answeredBy ?? 'by somebody')}; another answer is added`;
}

function Problem({ text }: { text: string | null }): VNode | null {
  return text === null ? null : <p class="bad">{text}</p>;
}

function Until({ expiresAt, timeZone }: FormProps): VNode {
  return (
    <p class="soft small">
      {`Nothing has happened yet. This link can be used once, until ${formatMoment(expiresAt, timeZone)}.`}
    </p>
  );
}
