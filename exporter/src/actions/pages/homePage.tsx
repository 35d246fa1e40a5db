import type { VNode } from 'preact';
import { formatAge } from '../../format/formatAge.js';
import { formatMoment } from '../../format/formatMoment.js';
import { plural } from '../../format/plural.js';
import { visibleText } from '../../format/visibleText.js';
import type { FailedJob, OpenItem, OpenItems, Part, ReportLine, UndeliveredMail } from './openItems.js';
import { Page } from './page.js';

export interface HomeProps {
  readonly open: OpenItems;
  readonly now: Date;
  readonly timeZone: string;
  /** Path in front of the pages' own, without a slash at its end. */
  readonly base: string;
  /** What a form has to send along to retry a job, by its id. */
  readonly retryTokens: ReadonlyMap<string, string>;
}

/** Who has what to do, what was sent, what failed. */
export function HomePage(props: HomeProps): VNode {
  const { open, now } = props;
  const items = [...open.responses.rows, ...open.approvals.rows].toSorted(
    (a, b) => a.since.getTime() - b.since.getTime(),
  );
  const late = items.filter((item) => isOverdue(item, now)).length;
  const unread = Object.values(open).some(({ problem }) => problem !== null);
  const waiting = items.length === 0 ? 'Nothing is open' : plural(items.length, 'open item');
  const title = `${waiting}${late === 0 ? '' : `, ${late} overdue`}${unread ? '; not all of it can be read' : ''}`;
  return (
    <Page kind="What follows an alert" title={title}>
      <Unread title="Open responses" part={open.responses} />
      <Unread title="Open approvals" part={open.approvals} />
      {byPerson(items).map(([person, those]) => (
        <section key={person}>
          <h2>{visibleText(person)}</h2>
          <ul>
            {those.map((item, index) => (
              <ItemCard key={index} item={item} {...props} />
            ))}
          </ul>
        </section>
      ))}
      <Executions {...props} />
      <Jobs {...props} />
      <Mails {...props} />
      <section>
        <h2>Reports</h2>
        {open.reports.problem === null ? (
          <ReportList reports={open.reports.rows} {...props} />
        ) : (
          <CannotBeRead problem={open.reports.problem} />
        )}
        <p class="links">
          <a href={`${props.base}/reports`}>All reports</a>
          <a href={`${props.base}/numbers`}>Numbers of the ventures</a>
        </p>
      </section>
    </Page>
  );
}

/** A part that cannot be read says so in the place where it would stand. */
function Unread({ title, part }: { title: string; part: Part<unknown> }): VNode | null {
  if (part.problem === null) return null;
  return (
    <section>
      <h2>{title}</h2>
      <CannotBeRead problem={part.problem} />
    </section>
  );
}

function CannotBeRead({ problem }: { problem: string }): VNode {
  return (
    <>
      <p class="bad">This cannot be read now:</p>
      <p class="error">{visibleText(problem, 500)}</p>
    </>
  );
}

export function ReportList({
  reports,
  base,
  timeZone,
}: { reports: readonly ReportLine[] } & Pick<HomeProps, 'base' | 'timeZone'>): VNode {
  if (reports.length === 0) return <p class="soft">There is no report yet.</p>;
  return (
    <ul>
      {reports.map(({ id, title, createdAt, hasPdf }) => (
        <li key={id} class="card">
          <h3>
            <a href={`${base}/reports/${id}`}>{visibleText(title)}</a>
          </h3>
          <p class="soft small">{formatMoment(createdAt, timeZone)}</p>
          {hasPdf && (
            <p class="links">
              <a href={`${base}/reports/${id}.pdf`}>PDF</a>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function ItemCard({ item, now, timeZone }: { item: OpenItem } & HomeProps): VNode {
  const overdue = isOverdue(item, now);
  return (
    <li class="card">
      <div class="card-head">
        <h3>{visibleText(item.title)}</h3>
        <span class={`badge ${overdue ? 'bad' : 'wait'}`}>{overdue ? 'overdue' : `awaiting ${item.waitsFor}`}</span>
      </div>
      <p class="soft small">
        {`Since ${formatMoment(item.since, timeZone)}`}
        {item.dueAt !== null && ` · due ${formatMoment(item.dueAt, timeZone)}`}
        {overdue && item.dueAt !== null && `, ${ageOf(item.dueAt, now)} ago`}
      </p>
    </li>
  );
}

function Executions({ open, timeZone, base }: HomeProps): VNode | null {
  if (open.executions.rows.length === 0) return <Unread title="Open executions" part={open.executions} />;
  return (
    <section>
      <h2>Open executions</h2>
      <ul>
        {open.executions.rows.map((one, index) => (
          <li key={index} class="card">
            <div class="card-head">
              <h3>{`${one.title}: ${visibleText(one.subject)}`}</h3>
              <span class="badge">{`${one.depth} of ${one.mostDepth}`}</span>
            </div>
            <p class="soft small">{`${one.trigger} · since ${formatMoment(one.since, timeZone)}`}</p>
            {one.reportId !== null && (
              <p class="links">
                <a href={`${base}/reports/${one.reportId}`}>Report</a>
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Jobs({ open, timeZone, base, retryTokens }: HomeProps): VNode | null {
  if (open.jobs.rows.length === 0) return <Unread title="Failed jobs" part={open.jobs} />;
  return (
    <section>
      <h2>Failed jobs</h2>
      <ul>
        {open.jobs.rows.map((job) => (
          <li key={job.id} class="card">
            <div class="card-head">
              <h3>{job.task.replaceAll('_', ' ')}</h3>
              <span class={`badge ${isDead(job) ? 'bad' : 'wait'}`}>{isDead(job) ? 'given up' : 'tried again'}</span>
            </div>
            <p class="soft small">
              {`${plural(job.attempts, 'attempt')} of ${job.mostAttempts}`}
              {!isDead(job) && ` · next ${formatMoment(job.runAt, timeZone)}`}
            </p>
            <p class="error">{visibleText(job.error.split('\n')[0] ?? '', 500)}</p>
            {!job.isRunning && (
              <form method="post" action={`${base}/jobs/${job.id}/retry`}>
                <input type="hidden" name="token" value={retryTokens.get(job.id) ?? ''} />
                <button class="plain">Retry now</button>
              </form>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Mails({ open, now, timeZone }: HomeProps): VNode | null {
  if (open.mails.rows.length === 0) return <Unread title="Undelivered mails" part={open.mails} />;
  return (
    <section>
      <h2>Undelivered mails</h2>
      <ul>
        {open.mails.rows.map((mail, index) => (
          <li key={index} class="card">
            <div class="card-head">
              <h3>{visibleText(mail.subject)}</h3>
              <span class={`badge ${mail.refusedAt === null ? 'wait' : 'bad'}`}>{mailState(mail)}</span>
            </div>
            <p class="soft small">
              {`To ${visibleText(mail.recipient)} · ${formatMoment(mail.createdAt, timeZone)}, ${ageOf(mail.createdAt, now)} ago`}
            </p>
            {mail.error !== null && <p class="error">{visibleText(mail.error, 500)}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function mailState({ refusedAt, attempts }: UndeliveredMail): string {
  return refusedAt !== null ? 'refused' : attempts === 0 ? 'waiting' : plural(attempts, 'attempt');
}

function isDead({ attempts, mostAttempts }: FailedJob): boolean {
  return attempts >= mostAttempts;
}

function isOverdue({ dueAt }: OpenItem, now: Date): boolean {
  return dueAt !== null && dueAt < now;
}

function ageOf(moment: Date, now: Date): string {
  return formatAge((now.getTime() - moment.getTime()) / 1_000);
}

/** Who has something overdue first is who has the oldest. */
function byPerson(items: readonly OpenItem[]): [string, OpenItem[]][] {
  const people = new Map<string, OpenItem[]>();
  for (const item of items) people.set(item.person, [...(people.get(item.person) ?? []), item]);
  return [...people];
}
