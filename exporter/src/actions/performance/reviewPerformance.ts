import { loadExplainUnits } from '../../explain/explainUnit.js';
import { rootCause } from '../../explain/rootCause.js';
import type { RootCause } from '../../explain/rootCause.js';
import { formatDay } from '../../format/formatDay.js';
import { formatMoment } from '../../format/formatMoment.js';
import { momentOf, previousMonthEnd } from '../../kpi/unit/moment.js';
import type { RecipientRole } from '../../config/recipientRoles.js';
import type { AlertMoment } from '../alerts/alertActions.js';
import { NothingToDo, once } from '../alerts/once.js';
import { kpiSettings } from '../kpiSettings.js';
import { renderMail } from '../mail/mailContent.js';
import type { MailContent } from '../mail/mailContent.js';
import { queueMail } from '../mail/queueMail.js';
import { callMeeting, meetingAhead } from '../meetings/meetings.js';
import { momentAt } from '../recursion/conditions.js';
import { fireTrigger } from '../recursion/fireTrigger.js';
import { review } from '../recursion/runTrigger.js';
import { recipientsOf } from '../recipients.js';
import { storeAnalysis } from '../reports/storeAnalysis.js';
import { fallSentence, isExplained } from './fallSentence.js';
import type { Measure } from './fallSentence.js';
import { rootCauseMail, rootCauseReport, unexplainedMail } from './rootCauseMail.js';
import type { RootCauseMail } from './rootCauseMail.js';

const REVIEWERS: readonly RecipientRole[] = ['Chairman', 'PortfolioOptimizationAdvisor'];

/**
 * What follows a fall of revenue or profit: the report of its causes, PORTFOLIO-003, the meeting about it, and one mail with both.
 * Nothing where the number is not lower any more by the time the job runs: there is no cause to look for. Where a number is missing, the
 * mail says so: nobody is called to a meeting about what nothing explains.
 * Source: metrics document, "Alert 1", actions 2 to 4.
 */
export async function reviewPerformance(moment: AlertMoment): Promise<void> {
  const { client, alert, now, context } = moment;
  const configuration = context.configuration();
  const settings = kpiSettings(configuration);
  const { timeZone } = settings;
  const measure: Measure = alert.entity === 'profit' ? 'profit' : 'revenue';
  const limit = settings.thresholds.performance_drop_alert;
  const asOf = await momentAt(client, now, settings);

  const found = await once(moment, 'root_cause_report', async () => {
    const against = await momentOf(client, previousMonthEnd(asOf.asOf), timeZone);
    const cause = await rootCause(
      client,
      { asOf, against },
      { units: configuration.units, explainUnits: await loadExplainUnits(), settings },
    );
    const { then, now: current, change } = cause[measure];
    if (then !== null && current !== null && change >= 0) return new NothingToDo(fallSentence(measure, cause));
    const title = `Root cause of the fall of ${measure}, ${formatDay(asOf.asOf)}`;
    const said = whatIsSaid(measure, cause, limit);
    const { html, text } = renderMail(said.report(title));
    const kept = { kind: 'root_cause', subject: measure, period: alert.startsAt.toISOString(), title } as const;
    const reportId = await storeAnalysis(client, { ...kept, asOf: now, data: cause, html, text }, now);
    return { cause, said, reportId, reportUrl: `${configuration.actions.externalUrl}/reports/${reportId}` };
  });
  if (found === null) return;
  const { cause, said, reportId, reportUrl } = found;

  await once(moment, 'recursion', async () => {
    if (said.unexplained !== null) return said.unexplained;
    const firing = { trigger: 'PORTFOLIO-003', now, by: alert.alertname, thresholds: settings.thresholds } as const;
    const result = await fireTrigger(client, { ...review(asOf.asOf, alert.alertname), ...firing });
    if (!result.fired) return new NothingToDo(result.explanation);
    await client.query('UPDATE portfolio_actions.recursion_executions SET report_id = $2 WHERE id = $1', [
      result.id,
      reportId,
    ]);
    return undefined;
  });

  const attendees = recipientsOf(configuration.recipients, REVIEWERS);
  const ahead = await meetingAhead(client, 'performance_review', now);
  const called = await once(moment, 'review_meeting', async (id) => {
    if (said.unexplained !== null) return said.unexplained;
    if (alert.endsAt !== null) return new NothingToDo('the alert had ended');
    if (ahead !== null) return new NothingToDo(`the review of ${formatMoment(ahead.startsAt, timeZone)} is ahead`);
    const sentence = fallSentence(measure, cause);
    const meeting = {
      subject: 'performance_review',
      title: `Urgent review: ${sentence}`,
      description: `${sentence}.\n${reportUrl}`,
      url: reportUrl,
      attendees,
    } as const;
    return callMeeting(client, id, meeting, now, context);
  });
  const meeting = called ?? ahead;

  await once(moment, 'root_cause_mail', async (id) => {
    for (const { address, role } of attendees) {
      const content = said.mail({
        reportUrl,
        role,
        isOver: alert.endsAt !== null,
        meeting: meeting === null ? null : formatMoment(meeting.startsAt, timeZone),
        isInvited: called !== null,
      });
      const mail = { key: `root_cause:${id}:${address}`, recipient: address, role, content, actionId: id };
      await queueMail(client, called === null ? mail : { ...mail, calendar: called.calendar }, now);
    }
    return undefined;
  });
}

interface Said {
  /** Why nobody is called to a meeting; null: the fall is explained. */
  readonly unexplained: NothingToDo | null;
  readonly report: (title: string) => MailContent;
  readonly mail: (about: Omit<RootCauseMail, 'measure' | 'cause' | 'limit'>) => MailContent;
}

function whatIsSaid(measure: Measure, cause: RootCause, limit: number): Said {
  if (isExplained(measure, cause)) {
    return {
      unexplained: null,
      report: (title) => rootCauseReport(measure, cause, title, limit),
      mail: (about) => rootCauseMail({ ...about, measure, cause, limit }),
    };
  }
  return {
    unexplained: new NothingToDo(fallSentence(measure, cause)),
    report: () => unexplainedMail(measure, cause, { reportUrl: null, role: 'Chairman' }),
    mail: (about) => unexplainedMail(measure, cause, about),
  };
}
