import type { VNode } from 'preact';
import { formatAge } from '../../format/formatAge.js';
import { formatBrief } from '../../format/formatBrief.js';
import { formatMoment } from '../../format/formatMoment.js';
import { line } from './line.js';
import type { MailContent } from './mailContent.js';
import { Buttons, DataTable, Facts, Figures, Heading, Note, Paragraph } from './mailParts.js';

/** An over-allocated resource as one of its venture leads is told of it, as the rows have it now. */
export interface LeadConflict {
  readonly alertId: string;
  readonly startsAt: Date;
  readonly endsAt: Date | null;
  readonly resource: string;
  /** 1 is all of it; null: nobody counts on it any more. */
  readonly ratio: number | null;
  readonly limit: number;
  /** Who counts on it, the largest share first. */
  readonly shares: readonly { readonly venture: string; readonly ratio: number }[];
  /** Of the alert, as it began: its links. */
  readonly annotations: Readonly<Record<string, string>>;
}

const FOOTER = 'ResourceConflictDetected · for Venture Leads · Portfolio alerts';
const NEXT_STEP = 'agree with the other venture leads and the Coordination Planner whose allocation is cut.';
/** What a reader looks through; the dashboard has the others. */
const SHOWN_CONFLICTS = 10;
const SHOWN_SHARES = 20;

/** One mail about each over-allocated resource that a lead's ventures count on, or about their end. */
export function ventureLeadMail(conflicts: readonly LeadConflict[], timeZone: string): MailContent {
  const open = conflicts.filter(({ endsAt }) => endsAt === null);
  const sorted = [...open, ...conflicts.filter(({ endsAt }) => endsAt !== null)];
  const shown = sorted.slice(0, SHOWN_CONFLICTS);
  const [top] = shown;
  const summary = top === undefined ? '' : summaryOf(top);
  const more = conflicts.length > 1 ? ` (+${conflicts.length - 1} more)` : '';
  const isOver = open.length === 0;
  const state = isOver ? 'RESOLVED' : 'FIRING · high';
  return {
    subject: `[${state}] ${summary}${more}`,
    headline: `${summary}${more}`,
    kind: state,
    tone: isOver ? 'good' : 'high',
    ...(isOver ? {} : { preheader: `Next step: ${NEXT_STEP}` }),
    footer: FOOTER,
    body: (
      <>
        {shown.map((conflict) => (
          <Conflict key={conflict.alertId} conflict={conflict} isOne={conflicts.length === 1} timeZone={timeZone} />
        ))}
        {sorted.length > shown.length && (
          <Paragraph>And {sorted.length - shown.length} more: the dashboard shows them.</Paragraph>
        )}
      </>
    ),
  };
}

function summaryOf({ resource, endsAt, ratio, limit }: LeadConflict): string {
  const name = line(resource, 80);
  if (endsAt !== null || ratio === null) return `${name} is no longer over-allocated`;
  return `${name} over-allocated: ${formatBrief(ratio, 'ratio', limit)} of the capacity is given to ventures`;
}

interface ConflictProps {
  readonly conflict: LeadConflict;
  readonly isOne: boolean;
  readonly timeZone: string;
}

function Conflict({ conflict, isOne, timeZone }: ConflictProps): VNode {
  const { annotations, endsAt, startsAt, ratio, limit } = conflict;
  const links = [
    { href: annotations['dashboard_url'] ?? '', label: 'Open dashboard' },
    { href: annotations['runbook_url'] ?? '', label: 'Runbook', plain: true },
  ];
  const facts = [
    ['Resource', conflict.resource],
    [endsAt === null ? 'Since' : 'From', formatMoment(startsAt, timeZone)],
    ['Till', endsAt === null ? null : formatMoment(endsAt, timeZone)],
  ] as const;
  return (
    <>
      {!isOne && <Heading>{summaryOf(conflict)}</Heading>}
      {endsAt === null && ratio !== null ? (
        <>
          <Figures
            figures={[
              { label: 'Current value', value: formatBrief(ratio, 'ratio', limit) },
              { label: 'Limit', value: formatBrief(limit, 'ratio', ratio) },
            ]}
          />
          <Paragraph>At least one of the ventures that count on it will not get what its plan assumes.</Paragraph>
          <Note>
            <strong>Next step:</strong> {NEXT_STEP}
          </Note>
          <Shares shares={conflict.shares} />
        </>
      ) : (
        <Paragraph>
          <strong>It is over.</strong> It lasted{' '}
          {formatAge(((endsAt ?? startsAt).getTime() - startsAt.getTime()) / 1_000)}.
        </Paragraph>
      )}
      <Facts facts={facts} />
      <Buttons links={links} />
    </>
  );
}

function Shares({ shares }: Pick<LeadConflict, 'shares'>): VNode {
  const rows = shares
    .slice(0, SHOWN_SHARES)
    .map(({ venture, ratio }) => [venture, formatBrief(ratio, 'ratio')] as const);
  const more = shares.length - SHOWN_SHARES;
  return (
    <DataTable
      caption="Who counts on it now"
      columns={[{ title: 'Venture' }, { title: 'Share', align: 'right', width: '90' }]}
      rows={more > 0 ? [...rows, [`and ${more} more`, '']] : rows}
    />
  );
}
