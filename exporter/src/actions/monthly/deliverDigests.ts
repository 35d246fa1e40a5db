import type { ClientBase } from 'pg';
import { inTransaction } from '../../database/transaction.js';
import { overheadByVenture } from '../../explain/overheadByVenture.js';
import { unpursuedOpportunities } from '../../explain/unpursuedOpportunities.js';
import { formatMonth } from '../../format/formatDay.js';
import { formatMoment } from '../../format/formatMoment.js';
import { momentOf } from '../../kpi/unit/moment.js';
import { lastDayOf } from '../../report/reportMonth.js';
import type { ActionsContext } from '../actionsContext.js';
import { takeAction } from '../alerts/takeAction.js';
import { kpiSettings } from '../kpiSettings.js';
import { renderMail } from '../mail/mailContent.js';
import { queueMail } from '../mail/queueMail.js';
import { callMeeting, meetingAhead } from '../meetings/meetings.js';
import { recipientsOf } from '../recipients.js';
import { storeAnalysis } from '../reports/storeAnalysis.js';
import { captureRateSection } from './captureRateSection.js';
import { digestMail, sectionReport } from './digestMail.js';
import type { MailedSection } from './digestMail.js';
import type { DigestSection } from './digestSection.js';
import { MONTHLY } from './monthlyAction.js';
import { overheadSection } from './overheadSection.js';
import { toldEpisodes } from './toldEpisodes.js';

type Calendar = Awaited<ReturnType<typeof callMeeting>>['calendar'];

interface Writing {
  readonly client: ClientBase;
  readonly month: string;
  readonly now: Date;
  readonly context: ActionsContext;
}

/**
 * The job that delivers the digests of a month, in one transaction and once: one mail for each recipient of an alert of medium severity
 * that fired in it, also if it has ended since. Nobody gets one where none fired.
 */
export async function deliverDigests({ month }: { readonly month: string }, context: ActionsContext): Promise<void> {
  const now = context.now();
  await context.database.withClient((client) =>
    inTransaction(client, { access: 'READ WRITE' }, async () => {
      const { portfolio } = context.configuration().actions;
      const key = { alertname: MONTHLY, entity: portfolio, period: month, action: 'digests' };
      const id = await takeAction(client, key, now);
      if (id === null) return;
      await writeDigests({ client, month, now, context }, id);
      await client.query('UPDATE portfolio_actions.actions SET done_at = $2 WHERE id = $1', [id, now]);
    }),
  );
}

async function writeDigests(writing: Writing, id: string): Promise<void> {
  const { client, month, now, context } = writing;
  const { actions, exporter, recipients } = context.configuration();
  const dayOf = (moment: Date): string =>
    new Intl.DateTimeFormat('en-CA', { timeZone: exporter.timeZone, dateStyle: 'short' }).format(moment);
  const sections = (await readSections(writing)).filter(({ episodes }) => episodes.length > 0);
  const mailed: (MailedSection & { readonly calendar: Calendar | null })[] = [];
  for (const section of sections) {
    for (const { id: alertId, startsAt } of section.episodes) {
      const told = {
        alertname: section.alertname,
        entity: '',
        period: startsAt.toISOString(),
        action: `digest ${month}`,
      };
      await takeAction(client, told, now, alertId);
    }
    const title = `${section.title}, ${formatMonth(month)}`;
    const { html, text } = renderMail(sectionReport(section, title, dayOf));
    const kept = { kind: section.reportKind, subject: actions.portfolio, period: month, title } as const;
    const reportId = await storeAnalysis(client, { ...kept, asOf: section.asOf, data: section.data, html, text }, now);
    const reportUrl = `${actions.externalUrl}/reports/${reportId}`;
    mailed.push({ section, reportUrl, ...(await strategyMeeting(writing, section, reportUrl)) });
  }
  for (const { address } of recipientsOf(
    recipients,
    sections.flatMap(({ readers }) => readers),
  )) {
    const own = mailed.flatMap((one) => {
      const reader = recipientsOf(recipients, one.section.readers).find((other) => sameAddress(other.address, address));
      return reader === undefined ? [] : [{ ...one, role: reader.role }];
    });
    const [first] = own;
    if (first === undefined) continue;
    const calendar = own.flatMap((one) => one.calendar ?? [])[0];
    const content = digestMail(month, own, { role: first.role, dayOf });
    const mail = { key: `digest:${month}:${address}`, recipient: address, role: first.role, content, actionId: id };
    await queueMail(client, calendar === undefined ? mail : { ...mail, calendar }, now);
  }
}

async function readSections({ client, month, context }: Writing): Promise<DigestSection[]> {
  const configuration = context.configuration();
  const settings = kpiSettings(configuration);
  const { thresholds, timeZone } = settings;
  const input = { ...(await momentOf(client, lastDayOf(month), timeZone)), ...settings };
  const episodesOf = (alertname: string) =>
    toldEpisodes(client, alertname, configuration.actions.portfolio, month, timeZone);
  return [
    {
      ...{ alertname: 'SynergyCaptureRateBelowTarget', reportKind: 'synergy_analysis', asOf: input.now },
      readers: ['PortfolioAnalyst', 'Chairman'],
      episodes: await episodesOf('SynergyCaptureRateBelowTarget'),
      ...captureRateSection(await unpursuedOpportunities(client, input), thresholds.synergy_capture_rate_alert),
    },
    {
      ...{ alertname: 'CoordinationOverheadExceedsThreshold', reportKind: 'overhead_analysis', asOf: input.now },
      readers: ['Chairman', 'CoordinationPlanner'],
      episodes: await episodesOf('CoordinationOverheadExceedsThreshold'),
      ...overheadSection(await overheadByVenture(client, input), thresholds.coordination_overhead_alert),
    },
  ];
}

/** A meeting about the capture rate while its alert fires, once for each time that it fires. Source: "Alert 4", action 4. */
async function strategyMeeting(
  { client, now, context }: Writing,
  section: DigestSection,
  reportUrl: string,
): Promise<{ readonly meeting: MailedSection['meeting']; readonly calendar: Calendar | null }> {
  const open = section.episodes.find(({ endsAt }) => endsAt === null);
  if (section.alertname !== 'SynergyCaptureRateBelowTarget' || open === undefined)
    return { meeting: null, calendar: null };
  const { exporter, recipients } = context.configuration();
  const ahead = await meetingAhead(client, 'strategy_review', now);
  if (ahead !== null) {
    return { meeting: { when: formatMoment(ahead.startsAt, exporter.timeZone), isInvited: false }, calendar: null };
  }
  const { alertname } = section;
  const key = { alertname, entity: '', period: open.startsAt.toISOString(), action: 'strategy_meeting' };
  const id = await takeAction(client, key, now, open.id);
  if (id === null) return { meeting: null, calendar: null };
  const called = await callMeeting(
    client,
    id,
    {
      ...{ subject: 'strategy_review', title: 'Portfolio strategy review: synergy capture rate' },
      description: [section.sentence, ...section.recommendations, reportUrl].join('\n'),
      ...{ url: reportUrl, attendees: recipientsOf(recipients, section.readers) },
    },
    now,
    context,
  );
  await client.query('UPDATE portfolio_actions.actions SET done_at = $2 WHERE id = $1', [id, now]);
  return {
    meeting: { when: formatMoment(called.startsAt, exporter.timeZone), isInvited: true },
    calendar: called.calendar,
  };
}

function sameAddress(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
