import type { VNode } from 'preact';
import type { RecipientRole } from '../../config/recipientRoles.js';
import type { Proposal } from '../../explain/proposal.js';
import { formatBrief } from '../../format/formatBrief.js';
import { wordList } from '../../format/plural.js';
import { line } from '../mail/line.js';
import type { MailContent } from '../mail/mailContent.js';
import { Buttons, DataTable, Facts, Figures, Heading, Note, Paragraph } from '../mail/mailParts.js';
import { roleTitle } from '../mail/roleTitle.js';
import { hours, optionBrief, OPTION_NAMES, OPTIONS, optionText, percent, points } from './options.js';
import type { Option } from './options.js';

export interface ProposalMail {
  /** Which way is proposed; null: none is left. */
  readonly option: Option | null;
  readonly reportUrl: string;
  /** Where it is approved or rejected; null: the reader does not decide. */
  readonly answerUrl: string | null;
  readonly role: RecipientRole;
  /** How long the decision has been waited for; null: it is new. */
  readonly waitsSince: string | null;
  /** Where a conflict has outlived its timeout; null: it is new. */
  readonly further: FurtherLook | null;
}

/** A look at a conflict that stands although it was looked at before. */
export interface FurtherLook {
  /** 2 of 3. */
  readonly depth: number;
  readonly of: number;
  /** What came of the last proposal, a sentence. */
  readonly before: string;
  /** The last proposal is approved, and not carried out. */
  readonly isApproved: boolean;
  /** Ways that were rejected. */
  readonly rejected: readonly Option[];
}

/** To who decides, and to who carries it out: how much is given away, who would give what, and what that costs. */
export function proposalMail(proposal: Proposal, mail: ProposalMail): MailContent {
  const { option, answerUrl, waitsSince, further } = mail;
  const brief = option === null ? 'nothing left to propose' : optionBrief(proposal, option);
  const name = line(proposal.resource, 80);
  const look = further === null ? '' : ` (${further.depth} of ${further.of})`;
  return {
    subject: `${askedText(mail)}: ${name} is allocated at ${percent(proposal.total)}, ${brief}${look}`,
    headline: `${name} is allocated at ${percent(proposal.total)}`,
    kind:
      answerUrl === null ? 'Conflict · proposal' : waitsSince === null ? 'Conflict · decision' : 'Conflict · reminder',
    tone: 'high',
    preheader: brief,
    footer: `ResourceConflictDetected · for ${roleTitle(mail.role)} · Portfolio actions`,
    body: (
      <>
        <Opening proposal={proposal} option={option} />
        {further !== null && <Note>{furtherText(further)}</Note>}
        {answerUrl !== null && (
          <Note>
            {waitsSince === null ? (
              <>
                <strong>Your decision:</strong> approve or reject the proposal below. Until then nothing is changed.
              </>
            ) : (
              <>
                <strong>Your decision has been waited for {waitsSince}.</strong> Until it is there nothing is changed.
              </>
            )}
          </Note>
        )}
        <Options proposal={proposal} option={option} rejected={further?.rejected ?? []} />
        <Buttons
          links={[
            ...(answerUrl === null ? [] : [{ href: answerUrl, label: 'Approve or reject' }]),
            { href: mail.reportUrl, label: 'Open the proposal', plain: answerUrl !== null },
          ]}
        />
      </>
    ),
  };
}

/** The same, to be kept. */
export function proposalReport(proposal: Proposal, option: Option, title: string): MailContent {
  return {
    subject: title,
    kind: 'Proposal',
    tone: 'high',
    footer: 'Scores are those of the newest assessments; costs are per 30 days.',
    body: (
      <>
        <Opening proposal={proposal} option={option} />
        <Options proposal={proposal} option={option} rejected={[]} />
      </>
    ),
  };
}

function askedText({ option, answerUrl, waitsSince, further }: ProposalMail): string {
  if (option === null) return 'For people now';
  if (further?.isApproved === true) return 'Approved, not carried out';
  if (answerUrl === null) return 'Proposal';
  return waitsSince === null ? 'Decision needed' : `Waiting for ${waitsSince}`;
}

function furtherText({ depth, of, before }: FurtherLook): string {
  const left = of - depth;
  const rest =
    left === 0
      ? 'It is the last: after it this is for people.'
      : `After it there ${left === 1 ? 'is 1' : `are ${left}`} more.`;
  return `Look ${depth} of ${of} at this conflict, because it stands. ${before} ${rest}`;
}

function Opening({ proposal, option }: { proposal: Proposal; option: Option | null }): VNode {
  const { resource, resourceType, total, limit, excess } = proposal;
  return (
    <>
      <Paragraph>
        <strong>
          {line(resource, 80)} ({resourceType}) is allocated at {percent(total)}, {points(excess)} over the limit of{' '}
          {percent(limit)};
        </strong>{' '}
        {option === null
          ? 'every way that reaches the limit was rejected.'
          : `proposed: ${optionText(proposal, option) ?? ''}`}
      </Paragraph>
      <Figures
        figures={[
          { label: 'Allocated', value: percent(total) },
          { label: 'Limit', value: percent(limit) },
          ...(option === 'priority' ? [{ label: 'Proposed', value: percent(proposal.priority?.total ?? null) }] : []),
        ]}
      />
    </>
  );
}

function Options(props: { proposal: Proposal; option: Option | null; rejected: readonly Option[] }): VNode {
  const { proposal, option, rejected } = props;
  const { priority, timeSharing, unscored } = proposal;
  const nameOf = (id: string): string => line(priority?.shares.find((one) => one.ventureId === id)?.venture ?? id, 60);
  const shares = option === 'timeSharing' ? timeSharing?.shares : priority?.shares;
  const others = OPTIONS.filter((one) => one !== option && !rejected.includes(one));
  return (
    <>
      <Heading>{HEADINGS[option ?? 'expansion']}</Heading>
      <DataTable
        columns={[
          { title: 'Venture' },
          { title: 'Score', align: 'right', width: '52' },
          { title: 'Now', align: 'right', width: '58' },
          { title: 'Then', align: 'right', width: '58' },
          { title: 'Cost', align: 'right', width: '72' },
        ]}
        rows={(shares ?? []).map((one) => {
          const proposed = option === 'priority' || option === 'timeSharing' ? one.proposed : one.share;
          return [
            line(one.venture, 60),
            one.score === null ? 'none' : formatBrief(one.score, 'score'),
            percent(one.share),
            percent(proposed),
            proposed === one.share ? '–' : one.cost.hours === null ? 'not known' : hours(one.cost.hours),
          ];
        })}
      />
      {option === 'priority' && unscored.length > 0 && (
        <Paragraph>
          Not assessed, so ranked last: {wordList(unscored.map(nameOf), 4)}. Assess them before the proposal is
          approved.
        </Paragraph>
      )}
      <Heading>Instead of it</Heading>
      <Facts facts={others.map((one) => [LABELS[one], optionText(proposal, one)])} />
    </>
  );
}

const HEADINGS: Readonly<Record<Option, string>> = {
  priority: `Proposed: ${OPTION_NAMES.priority}`,
  timeSharing: 'Proposed: time-sharing, the mean of the weeks',
  expansion: 'Who has how much of it',
  sunset: 'Who has how much of it',
};

const LABELS: Readonly<Record<Option, string>> = {
  priority: 'By score',
  timeSharing: 'Time-sharing',
  expansion: 'Expansion',
  sunset: 'Sunset',
};
