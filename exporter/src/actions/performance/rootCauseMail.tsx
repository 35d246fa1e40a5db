import type { VNode } from 'preact';
import type { OtherChange, RootCause } from '../../explain/rootCause.js';
import { formatBrief, formatChange } from '../../format/formatBrief.js';
import { formatDay } from '../../format/formatDay.js';
import { plural } from '../../format/plural.js';
import type { RecipientRole } from '../../config/recipientRoles.js';
import { line } from '../mail/line.js';
import type { MailContent } from '../mail/mailContent.js';
import { Button, DataTable, Figures, Heading, Note, Paragraph } from '../mail/mailParts.js';
import { roleTitle } from '../mail/roleTitle.js';
import { fallSentence, mostOf } from './fallSentence.js';
import type { Measure } from './fallSentence.js';

export interface RootCauseMail {
  readonly measure: Measure;
  readonly cause: RootCause;
  /** performance_drop_alert. */
  readonly limit: number;
  /** Whether the alert has ended; the number is still lower. */
  readonly isOver: boolean;
  /** When the review is, for people; null: there is none. */
  readonly meeting: string | null;
  /** Whether the invitation comes with this mail. */
  readonly isInvited: boolean;
  readonly reportUrl: string;
  readonly role: RecipientRole;
}

const SHOWN_VENTURES = 6;
const SHOWN_CHANGES = 8;

/** To the Chairman and his advisor: how far it fell, which ventures explain it, and when it is reviewed. */
export function rootCauseMail(mail: RootCauseMail): MailContent {
  const { measure, cause, meeting } = mail;
  const sentence = fallSentence(measure, cause);
  return {
    subject: sentence,
    headline: headline(measure, cause),
    kind: mail.isOver ? 'Root cause · alert ended' : 'Root cause · critical',
    tone: mail.isOver ? 'plain' : 'critical',
    preheader: meeting === null ? 'Which ventures explain it.' : `Review: ${meeting}.`,
    footer: `PortfolioPerformanceDegradation · for ${roleTitle(mail.role)} · Portfolio actions`,
    body: (
      <>
        <Paragraph>
          <strong>{sentence}.</strong> The alert’s limit is {formatBrief(-mail.limit, 'ratio')}
          {mail.isOver ? ', and the alert has ended' : ''}.
        </Paragraph>
        <Numbers measure={measure} cause={cause} />
        {meeting !== null && (
          <Note>
            <strong>Urgent review:</strong> {meeting}.{' '}
            {mail.isInvited ? 'The invitation is attached.' : 'You are invited already.'}
          </Note>
        )}
        <Causes measure={measure} cause={cause} ventures={SHOWN_VENTURES} changes={SHOWN_CHANGES} />
        <Button href={mail.reportUrl} label="Open the report" />
      </>
    ),
  };
}

/** To the same two, where a number is missing on one of the days: what is missing, and what to do. Nobody is called to a meeting about it. */
export function unexplainedMail(
  measure: Measure,
  cause: RootCause,
  { reportUrl, role }: Pick<RootCauseMail, 'role'> & { readonly reportUrl: string | null },
): MailContent {
  const sentence = fallSentence(measure, cause);
  return {
    subject: sentence,
    headline: `The fall of ${measure} cannot be explained`,
    kind: 'Root cause · not known',
    tone: 'plain',
    preheader: 'No review is called.',
    footer: `PortfolioPerformanceDegradation · for ${roleTitle(role)} · Portfolio actions`,
    body: (
      <>
        <Paragraph>
          <strong>{sentence}.</strong> So nothing says which venture it comes from, and no review is called.
        </Paragraph>
        <Numbers measure={measure} cause={cause} />
        {cause.silent.length > 0 && (
          <Paragraph>
            Nothing was reported since by {cause.silent.map(({ name }) => line(name, 60)).join(', ')}.
          </Paragraph>
        )}
        <Note>
          <strong>Next step:</strong> enter the numbers that are missing (venture_metrics), then explain the fall:
          portfolio-exporter explain portfolio_{measure}_dollars --against {cause.against}
        </Note>
        {reportUrl !== null && <Button href={reportUrl} label="Open the report" />}
      </>
    ),
  };
}

/** The same with every venture and change, to be kept. */
export function rootCauseReport(measure: Measure, cause: RootCause, title: string, limit: number): MailContent {
  return {
    subject: title,
    headline: headline(measure, cause),
    kind: 'Root cause report',
    tone: 'critical',
    footer: `Portfolio as of ${formatDay(cause.asOf)}, against ${formatDay(cause.against)}`,
    body: (
      <>
        <Paragraph>
          <strong>{fallSentence(measure, cause)}.</strong> The alert’s limit is {formatBrief(-limit, 'ratio')}.
        </Paragraph>
        <Numbers measure={measure} cause={cause} />
        <Causes measure={measure} cause={cause} ventures={Infinity} changes={Infinity} />
      </>
    ),
  };
}

function headline(measure: Measure, cause: RootCause): string {
  const { ratio, change } = cause[measure];
  const name = measure === 'revenue' ? 'Revenue' : 'Profit';
  const by = ratio === null ? formatChange(change, 'dollars') : formatChange(ratio, 'ratio');
  return `${name} ${by} since ${formatDay(cause.against, cause.asOf)}`;
}

function Numbers({ measure, cause }: { measure: Measure; cause: RootCause }): VNode {
  const { then, now, ratio } = cause[measure];
  const dollars = (value: number | null): string =>
    value === null ? 'not known' : formatBrief(value, 'dollars', then, now);
  return (
    <Figures
      figures={[
        { label: formatDay(cause.against, cause.asOf), value: dollars(then) },
        { label: formatDay(cause.asOf, cause.asOf), value: dollars(now) },
        { label: 'Change', value: ratio === null ? 'not known' : formatChange(ratio, 'ratio') },
      ]}
    />
  );
}

function Causes(props: { measure: Measure; cause: RootCause; ventures: number; changes: number }): VNode {
  const { measure, cause } = props;
  const moved = mostOf(measure, cause);
  const shown = moved.slice(0, props.ventures);
  const others = moved.slice(shown.length);
  const total = (part: 'revenue' | 'burn'): number => others.reduce((sum, one) => sum + one[part].change, 0);
  const share = others.reduce((sum, one) => sum + (one[measure].ratio ?? 0), 0);
  return (
    <>
      <Heading>Which ventures explain it</Heading>
      {moved.length === 0 ? (
        <Paragraph>No venture that reported on both days changed.</Paragraph>
      ) : (
        <DataTable
          columns={[
            { title: 'Venture' },
            { title: 'Revenue', align: 'right', width: '72' },
            { title: 'Burn', align: 'right', width: '72' },
            { title: 'Of the change', align: 'right', width: '72' },
          ]}
          rows={[
            ...shown.map((one) => [
              `${line(one.name, 60)}${GROUP_WORDS[one.group]}`,
              formatChange(one.revenue.change, 'dollars'),
              formatChange(one.burn.change, 'dollars'),
              one[measure].ratio === null ? '–' : formatBrief(one[measure].ratio, 'ratio'),
            ]),
            ...(others.length === 0
              ? []
              : [
                  [
                    plural(others.length, 'other venture'),
                    formatChange(total('revenue'), 'dollars'),
                    formatChange(total('burn'), 'dollars'),
                    formatBrief(share, 'ratio'),
                  ],
                ]),
          ]}
          caption="Change a month; below 0% works against the fall."
        />
      )}
      {cause.silent.length > 0 && (
        <Paragraph>
          Not compared, because nothing was reported: {cause.silent.map(({ name }) => line(name, 60)).join(', ')}.
        </Paragraph>
      )}
      <Heading>{`What else changed since ${formatDay(cause.against, cause.asOf)}`}</Heading>
      {cause.otherChanges.length === 0 ? (
        <Paragraph>No initiative, conflict or threshold changed.</Paragraph>
      ) : (
        <DataTable
          columns={[{ title: 'Day', width: '64' }, { title: 'Change' }]}
          rows={[
            ...cause.otherChanges
              .slice(-props.changes)
              .map((one) => [formatDay(one.at.toISOString().slice(0, 10), cause.asOf), changeText(one)]),
            ...(cause.otherChanges.length > props.changes
              ? [['', `and ${cause.otherChanges.length - props.changes} earlier ones in the report`]]
              : []),
          ]}
        />
      )}
    </>
  );
}

const GROUP_WORDS = {
  stayed: '',
  joined: ' (new)',
  returned: ' (reports again)',
  left: ' (left)',
} as const satisfies Record<RootCause['ventures'][number]['group'], string>;

function changeText({ kind, name, oldValue, newValue, who }: OtherChange): string {
  const subject = line(name, 80);
  const by = who === null ? '' : ` (${line(who, 60)})`;
  const share = (value: string | null): string => (value === null ? '' : ` at ${formatBrief(Number(value), 'ratio')}`);
  switch (kind) {
    case 'initiative_started':
      return `${subject} started${by}`;
    case 'initiative_completed':
      return `${subject} was completed${by}`;
    case 'initiative_terminated':
      return `${subject} was terminated${by}`;
    case 'conflict_detected':
      return `Conflict over ${subject}${share(newValue)}`;
    case 'conflict_resolved':
      return `Conflict over ${subject} resolved`;
    case 'threshold_changed':
      return `${subject}: ${line(oldValue ?? 'none', 40)} → ${line(newValue ?? 'none', 40)}${by}`;
  }
}
