import type { Proposal, ProposedShare } from '../../../src/explain/proposal.js';
import type { RootCause } from '../../../src/explain/rootCause.js';
import type { OverheadByVenture } from '../../../src/explain/overheadByVenture.js';
import type { UnpursuedOpportunities } from '../../../src/explain/unpursuedOpportunities.js';
import { decisionMail, withdrawnMail } from '../../../src/actions/conflicts/decisionMails.js';
import { OPTION_NAMES } from '../../../src/actions/conflicts/options.js';
import { proposalMail } from '../../../src/actions/conflicts/proposalMail.js';
import { statusRequestMail } from '../../../src/actions/delays/statusRequestMail.js';
import { cancelledMail } from '../../../src/actions/meetings/cancelledMail.js';
import { captureRateSection } from '../../../src/actions/monthly/captureRateSection.js';
import { digestMail } from '../../../src/actions/monthly/digestMail.js';
import type { DigestSection } from '../../../src/actions/monthly/digestSection.js';
import { overheadSection } from '../../../src/actions/monthly/overheadSection.js';
import { rootCauseMail, unexplainedMail } from '../../../src/actions/performance/rootCauseMail.js';
import { reportMail } from '../../../src/actions/monthly/reportMail.js';
import { dependencyMail, opportunityMail } from '../../../src/actions/recursion/openedMails.js';
import { refusalMail } from '../../../src/actions/mail/refusalMail.js';
import { type LeadConflict, ventureLeadMail } from '../../../src/actions/mail/ventureLeadMail.js';
import { reportWith } from '../../report/sampleReport.js';
import type { MailContent } from '../../../src/actions/mail/mailContent.js';
import { HOSTILE_NAME } from './sampleMails.js';

const LINK = 'https://actions.example.test/l/eyJhbGciOiJIUzI1NiIsImtpZCI6IjEifQ.eyJ0In0.c2ln';
const REPORT = 'https://actions.example.test/reports/00000000-0000-4000-8000-000000000001';
const WHEN = 'Tue 25 Nov 2025, 10:00 CET';

/** Every mail that actions send, about things of this name. */
export function actionMails(name: string): Readonly<Record<string, MailContent>> {
  const milestone = {
    ...{
      milestoneId: 'm',
      milestone: name,
      initiativeId: 'i',
      code: 'SYN-7',
      initiative: 'Shared billing',
      isCritical: true,
    },
    ...{
      deadline: '2025-11-12',
      dueAt: new Date('2025-11-12T23:00:00Z'),
      owner: name,
      ownerAddress: 'ada@example.test',
    },
  };
  const asked = { milestone, person: name, now: new Date('2025-11-16T09:00:00Z'), answerBy: WHEN, answerUrl: LINK };
  const decided = {
    ...{
      resource: name,
      decidedBy: 'Chairman',
      decidedAt: new Date('2025-11-24T10:00:00Z'),
      note: `Fine by me. ${name}`,
      brief: null,
    },
    ...{ timeZone: 'Europe/Berlin', reportUrl: REPORT },
  };
  const fall = { measure: 'revenue', cause: cause(name), limit: 0.1, reportUrl: REPORT, role: 'Chairman' } as const;
  const asks = {
    option: 'priority',
    reportUrl: REPORT,
    answerUrl: LINK,
    role: 'Chairman',
    waitsSince: null,
    further: null,
  } as const;
  const episodes = [{ id: 'e', startsAt: new Date('2025-10-20T00:00:00Z'), endsAt: null }];
  const of = { episodes, asOf: new Date('2025-11-01T00:00:00Z') };
  const rate: DigestSection = {
    ...of,
    alertname: 'SynergyCaptureRateBelowTarget',
    readers: [],
    reportKind: 'synergy_analysis',
    ...captureRateSection(opportunities(name), 0.2),
  };
  const overhead: DigestSection = {
    ...of,
    alertname: 'CoordinationOverheadExceedsThreshold',
    readers: [],
    reportKind: 'overhead_analysis',
    ...overheadSection(coordination(name), 0.15),
  };
  const sections = [
    { section: rate, reportUrl: REPORT, meeting: { when: WHEN, isInvited: true } },
    { section: overhead, reportUrl: REPORT, meeting: null },
  ];
  const changes = (proposal(name).priority?.shares ?? []).filter(({ cut }) => cut > 0);
  return {
    'status-request': statusRequestMail({ ...asked, reminderOf: null }),
    'status-reminder': statusRequestMail({ ...asked, reminderOf: WHEN }),
    'root-cause': rootCauseMail({ ...fall, meeting: WHEN, isInvited: true, isOver: false }),
    cancellation: cancelledMail({
      ...{
        title: `Urgent review: ${name}`,
        when: WHEN,
        reason: 'revenue and profit are back within the limit of the alert.',
      },
      ...{ alertname: 'PortfolioPerformanceDegradation', role: 'Chairman' },
    }),
    approval: proposalMail(proposal(name), asks),
    'approval-reminder': proposalMail(proposal(name), { ...asks, waitsSince: '3 d' }),
    proposal: proposalMail(proposal(name), { ...asks, answerUrl: null, role: 'CoordinationPlanner' }),
    'proposal-further': proposalMail(proposal(name), {
      ...asks,
      option: 'timeSharing',
      further: {
        ...{ depth: 2, of: 3, isApproved: false, rejected: ['priority'] },
        before: `The Chairman rejected the last proposal (${OPTION_NAMES.priority}) on ${WHEN}.`,
      },
    }),
    approved: decisionMail({ ...decided, changes, isApproved: true, role: 'CoordinationPlanner' }),
    rejected: decisionMail({ ...decided, changes, isApproved: false, role: null, reportUrl: null }),
    withdrawal: withdrawnMail({
      ...{ resource: name, role: 'Chairman' },
      resolution: 'The allocation is back at 95%, at or under the limit of 100%.',
    }),
    digest: digestMail('2025-10', sections, { role: 'Chairman', dayOf: (moment) => moment.toISOString().slice(0, 10) }),
  };
}

/** The other mails of the process, about things of this name. */
export function furtherMails(name: string): Readonly<Record<string, MailContent>> {
  const lead = (endsAt: Date | null): LeadConflict => ({
    ...{ alertId: 'a', startsAt: new Date('2025-11-20T08:00:00Z'), endsAt, resource: name, limit: 1 },
    ...{
      ratio: 1.3,
      shares: [
        { venture: name, ratio: 0.8 },
        { venture: 'Beta', ratio: 0.5 },
      ],
    },
    annotations: { dashboard_url: 'https://grafana.example.test/d/resource-efficiency', runbook_url: REPORT },
  });
  const pairs = [
    { ventures: `${name} and Beta`, depth: 1, opportunities: [{ type: 'CUSTOMER', score: 9 }], highestScore: 9 },
  ];
  const dependent = [{ venture: name, depth: 1, dependencies: [{ venture: 'Beta', type: 'DATA' }] }];
  const refused = { recipient: 'ada@example.test', role: 'Chairman', subject: name, reason: '550 no such user' };
  return {
    'lead-begin': ventureLeadMail([lead(null), lead(null)], 'Europe/Berlin'),
    'lead-end': ventureLeadMail([lead(new Date('2025-11-21T08:00:00Z'))], 'Europe/Berlin'),
    opportunities: opportunityMail(pairs, 'new in the register'),
    dependencies: dependencyMail(dependent, 2),
    refusal: refusalMail({ ...refused, externalUrl: 'https://actions.example.test' }),
    unexplained: unexplainedMail('revenue', cause(name), { reportUrl: REPORT, role: 'Chairman' }),
    report: reportMail(reportWith(), { url: REPORT }),
  };
}

export const ACTION_MAILS: Readonly<Record<string, MailContent>> = {
  ...actionMails('Harbour'),
  ...Object.fromEntries(Object.entries(actionMails(HOSTILE_NAME)).map(([kind, mail]) => [`hostile-${kind}`, mail])),
};

function cause(name: string): RootCause {
  const compared = (then: number, now: number, whole: number) => ({
    then,
    now,
    change: now - then,
    ratio: (now - then) / whole,
  });
  const venture = (of: string, group: 'stayed' | 'joined' | 'left', then: number, now: number) => ({
    ...{ id: of, name: of, group, revenue: compared(then, now, -118_000), burn: compared(20_000, 21_000, 5_000) },
    profit: compared(then - 20_000, now - 21_000, -123_000),
  });
  return {
    ...{ asOf: '2025-11-24', against: '2025-10-31' },
    revenue: { then: 961_000, now: 843_000, change: -118_000, ratio: -118 / 961 },
    burn: { then: 400_000, now: 405_000, change: 5_000, ratio: 5 / 400 },
    profit: { then: 561_000, now: 438_000, change: -123_000, ratio: -123 / 561 },
    ventures: [
      venture(name, 'stayed', 300_000, 216_000),
      venture('Beta', 'left', 30_000, 0),
      venture('Gamma Logistics', 'stayed', 100_000, 90_000),
      venture('Delta', 'joined', 0, 6_000),
    ],
    silent: [{ id: 's', name: 'Epsilon', revenue: 20_000, burn: 4_000 }],
    otherChanges: [
      {
        kind: 'initiative_started',
        at: new Date('2025-11-03T00:00:00Z'),
        id: 'i',
        name,
        oldValue: null,
        newValue: null,
        who: 'Ada',
      },
      {
        kind: 'conflict_detected',
        at: new Date('2025-11-10T00:00:00Z'),
        id: 'c',
        name: 'Ann',
        oldValue: null,
        newValue: '1.3',
        who: null,
      },
      {
        ...{ kind: 'threshold_changed', at: new Date('2025-11-12T00:00:00Z'), id: 't', name: 'performance_drop_alert' },
        ...{ oldValue: '0.15', newValue: '0.1', who: 'ops' },
      },
    ],
  };
}

function proposal(name: string): Proposal {
  const share = (venture: string, score: number | null, now: number, proposed: number): ProposedShare => ({
    ...{ ventureId: venture, venture, score, share: now, proposed, cut: now - proposed },
    cost: { hours: (now - proposed) * 160, dollars: (now - proposed) * 12_000 },
  });
  const shares = [share('Atlas', 4.5, 0.6, 0.6), share('Gamma', 3, 0.3, 0.3), share(name, 2, 0.4, 0.1)];
  const cost = { hours: 48, dollars: 3_600 };
  return {
    ...{ resourceId: 'r', resource: name, resourceType: 'people', total: 1.3, limit: 1, excess: 0.3, unscored: [name] },
    priority: { shares, total: 1, cost },
    timeSharing: { kept: ['Atlas'], weeks: [{}, {}, {}], shares, cost },
    expansion: { more: 0.3, cost },
    sunset: { candidates: [{ ventureId: name, venture: name, score: 2, share: 0.4 }], total: 0.9, reachesLimit: true },
  };
}

function opportunities(name: string): UnpursuedOpportunities {
  return {
    ...{ asOf: '2025-10-31', opportunities: 28, launched: 4, rate: 4 / 28, target: 0.3, missing: 5 },
    byType: [
      { name: 'CUSTOMER', opportunities: 16, launched: 3 },
      { name: 'TECHNOLOGY', opportunities: 12, launched: 1 },
    ],
    ...{ byScore: [], byAge: [], byStatus: [] },
    byReason: [
      { reason: 'no_plan', opportunities: 14 },
      { reason: 'plan_approved_not_launched', opportunities: 6 },
      { reason: 'score_below_limit', opportunities: 4 },
    ],
    best: [9.5, 8, 6.3].map((score, index) => ({
      ...{
        id: `o${index}`,
        ventures: [name, 'Gamma Logistics'] as const,
        type: 'CUSTOMER',
        status: 'IDENTIFIED',
        score,
      },
      ...{ ageDays: 40 + index, reason: 'no_plan' as const },
    })),
    limits: [3, 4, 6].map((score) => ({
      score,
      opportunities: 20,
      launched: 4,
      open: 18 - score,
      rateIfLaunched: (22 - score) / 28,
    })),
    recommendations: [
      {
        rule: 'launch_best',
        text: 'Launch the 5 best open opportunities with a score of 3 or more: that brings the rate to 32.1%, target 30%.',
        ids: [],
      },
      { rule: 'launch_approved', text: '6 have an approved plan and are not launched: set their start.', ids: [] },
    ],
  };
}

function coordination(name: string): OverheadByVenture {
  const venture = (of: string, hours: number, change: number, cutHours: number) => ({
    ...{
      id: of,
      name: of,
      isSilent: false,
      hours,
      hoursBefore: hours - change,
      change,
      availableHours: 600,
      ratio: hours / 600,
    },
    ...{ share: hours / 312, cutHours, monthHours: [] },
  });
  return {
    ...{ asOf: '2025-10-31', hours: 312, hoursBefore: 268, availableHours: 1_714, ratio: 312 / 1714, target: 0.1 },
    ...{ hoursOverTarget: 140.6, availableHoursMissing: 1_406 },
    months: ['2025-05', '2025-06', '2025-07', '2025-08', '2025-09', '2025-10'].map((month, index) => ({
      ...{ month, hours: index === 0 ? null : 200 + 20 * index, ratio: index === 0 ? null : 0.12 + 0.01 * index },
    })),
    ventures: [venture(name, 180, 40, 90.4), venture('Gamma Logistics', 92, 4, 50.2), venture('Beta', 40, 0, 0)],
    recommendations: [
      {
        rule: 'cut_over_target',
        text: `Spend 141 h less on coordination in 30 days to be at 10%: ${name} 90.4 h, Gamma Logistics 50.2 h.`,
        ids: [],
      },
    ],
  };
}
