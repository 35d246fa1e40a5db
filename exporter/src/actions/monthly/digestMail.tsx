import type { VNode } from 'preact';
import { formatDay, formatMonth } from '../../format/formatDay.js';
import { plural, wordList } from '../../format/plural.js';
import type { RecipientRole } from '../../config/recipientRoles.js';
import { line } from '../mail/line.js';
import type { MailContent } from '../mail/mailContent.js';
import { Button, Heading, Note, Paragraph } from '../mail/mailParts.js';
import { roleTitle } from '../mail/roleTitle.js';
import type { DigestSection } from './digestSection.js';
import type { DigestEpisode } from './toldEpisodes.js';

export interface MailedSection {
  readonly section: DigestSection;
  readonly reportUrl: string;
  /** Of the strategy meeting, for people, and whether this mail invites to it; null: none. */
  readonly meeting: { readonly when: string; readonly isInvited: boolean } | null;
}

/** The monthly digest of one recipient: each alert that concerns him and fired in the month. Source: "Alert 4" and "Alert 5", action 1. */
export function digestMail(
  month: string,
  sections: readonly MailedSection[],
  { role, dayOf }: { readonly role: RecipientRole; readonly dayOf: (moment: Date) => string },
): MailContent {
  const briefs = wordList(sections.map(({ section }) => section.brief));
  return {
    subject: `Digest of ${formatMonth(month)}: ${briefs}`,
    headline: `${plural(sections.length, 'alert')} in ${formatMonth(month)}`,
    kind: 'Monthly digest · medium',
    tone: 'medium',
    preheader: briefs,
    footer: `Monthly digest · for ${roleTitle(role)} · Portfolio actions`,
    body: (
      <>
        {sections.map((one, index) => (
          <Section key={one.section.alertname} {...one} isFirst={index === 0} dayOf={dayOf} />
        ))}
      </>
    ),
  };
}

/** One section whole, to be kept. */
export function sectionReport(section: DigestSection, title: string, dayOf: (moment: Date) => string): MailContent {
  return {
    subject: title,
    kind: 'Analysis',
    tone: 'medium',
    footer: `${section.alertname} · ${firedText(section.episodes, dayOf)}`,
    body: (
      <>
        <Paragraph>
          <strong>{section.sentence}</strong>
        </Paragraph>
        <Recommendations section={section} />
        <Heading>What it comes from</Heading>
        {section.body(true)}
      </>
    ),
  };
}

function Section(props: MailedSection & { isFirst: boolean; dayOf: (moment: Date) => string }): VNode {
  const { section, meeting, reportUrl } = props;
  return (
    <>
      {!props.isFirst && <Heading>{section.title}</Heading>}
      <Paragraph>
        <strong>{section.sentence}</strong> {firedText(section.episodes, props.dayOf)}
      </Paragraph>
      {meeting !== null && (
        <Paragraph>
          <strong>Strategy review:</strong> {meeting.when}.{' '}
          {meeting.isInvited ? 'The invitation is attached.' : 'You are invited already.'}
        </Paragraph>
      )}
      <Recommendations section={section} />
      <Heading>What it comes from</Heading>
      {section.body(false)}
      <Button href={reportUrl} label={`Open the analysis of ${section.title.toLowerCase()}`} plain />
    </>
  );
}

function Recommendations({ section }: { section: DigestSection }): VNode {
  if (section.recommendations.length === 0) return <></>;
  return (
    <Note>
      <strong>Recommended</strong>
      <ul style={{ margin: '6px 0 0', padding: '0 0 0 18px' }}>
        {section.recommendations.map((text) => (
          <li key={text} style={{ margin: '0 0 4px' }}>
            {line(text, 600)}
          </li>
        ))}
      </ul>
    </Note>
  );
}

function firedText(episodes: readonly DigestEpisode[], dayOf: (moment: Date) => string): string {
  const times = episodes.map(({ startsAt, endsAt }) => {
    const since = formatDay(dayOf(startsAt));
    return endsAt === null ? `since ${since}` : `from ${since} to ${formatDay(dayOf(endsAt))}`;
  });
  return `The alert fired ${wordList(times, 4)}.`;
}
