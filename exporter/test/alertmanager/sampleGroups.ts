/** What Alertmanager gives to a template: https://prometheus.io/docs/alerting/latest/notifications/#data */
export interface Group {
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly externalURL: string;
  readonly groupLabels: Labels;
  readonly commonLabels: Labels;
  readonly commonAnnotations: Labels;
  readonly alerts: readonly Alert[];
}
export interface Alert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAt: string;
  readonly endsAt: string;
}
type Labels = Readonly<Record<string, string>>;

/** What somebody might type as the name of an initiative who wants more than a name. */
export const HOSTILE_NAME =
  '<!channel> <@U1> *b* _i_ ~s~ `x` <https://evil.test|click> https://evil.test :tada: "quotes" \'q\' \r\nBcc: x@evil.test\r\n\r\n' +
  `> quote {{ template "x" }} <script>alert(1)</script> &amp; \u202Egpj.exe\u0007 ${'very long '.repeat(500)}`;

const GRAFANA = 'https://grafana.example.test';
const RUNBOOK = 'https://wiki.example.test/runbook';

function alert(labels: Labels, annotations: Labels, times: { from: string; till?: string }): Alert {
  return {
    status: times.till === undefined ? 'firing' : 'resolved',
    labels,
    annotations,
    startsAt: times.from,
    endsAt: times.till ?? '0001-01-01T00:00:00Z',
  };
}

function group(alerts: readonly Alert[], receiver = 'on-call'): Group {
  return {
    receiver,
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    externalURL: 'https://alertmanager.example.test',
    groupLabels: {},
    commonLabels: common(alerts.map(({ labels }) => labels)),
    commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
    alerts,
  };
}

function common([first = {}, ...others]: readonly Labels[]): Labels {
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((one) => one[name] === value)),
  );
}

const PERFORMANCE = {
  labels: {
    alertname: 'PortfolioPerformanceDegradation',
    class: 'kpi',
    severity: 'critical',
    kpi: 'portfolio_performance',
    measure: 'revenue',
    recipients: 'Chairman,PortfolioOptimizationAdvisor',
  },
  annotations: {
    summary: 'Portfolio revenue changed by -14.2% since the end of last month',
    description:
      'The revenue of all active ventures together is 14.2% below that of the day a month ago. The fall exceeds what the portfolio accepts between two reviews.',
    value: '-14.2%',
    limit: '-10.0%',
    next_step: 'Open the dashboard and find the venture that explains the fall.',
    dashboard_url: `${GRAFANA}/d/portfolio-performance`,
    runbook_url: `${RUNBOOK}#portfolioperformancedegradation`,
  },
};

function delayed(id: number, milestone: string, days: number, till?: string, critical = false): Alert {
  return alert(
    {
      alertname: 'SynergyInitiativeDelayed',
      class: 'kpi',
      severity: 'high',
      kpi: 'initiative_status',
      initiative_id: String(id),
      milestone_id: String(id * 10),
      recipients: 'SynergyExecutionManager',
    },
    {
      summary: `Milestone "${milestone}" of Shared sign-on is ${days} d 4 h overdue`,
      description: 'The milestone was due and is not reported as done. Its value is not captured before it is.',
      value: `${days} d 4 h`,
      limit: '3 d',
      next_step: 'Ask the owner for a new date and record the answer.',
      initiative: 'Shared sign-on',
      milestone,
      owner: 'Ada Lovelace',
      recipients: `InitiativeOwner,SynergyExecutionManager${critical ? ',Chairman' : ''}`,
      dashboard_url: `${GRAFANA}/d/synergy-initiatives`,
      runbook_url: `${RUNBOOK}#synergyinitiativedelayed`,
    },
    till === undefined ? { from: `2026-03-${10 + days}T02:14:05Z` } : { from: `2026-03-${10 + days}T02:14:05Z`, till },
  );
}

/** As its former owner reads its end. */
const passedOn = (of: Alert): Alert => ({
  ...of,
  labels: { ...of.labels, recipients: 'InitiativeOwner', addressee: 'InitiativeOwner', owner_email: 'bo@example.test' },
  annotations: { ...of.annotations, passed_on: 'The milestone is still overdue, but its owner has changed.' },
});

const conflicts = (count: number): Alert[] =>
  Array.from({ length: count }, (_, index) =>
    alert(
      {
        alertname: 'ResourceConflictDetected',
        class: 'kpi',
        severity: 'high',
        kpi: 'resource_allocation',
        resource_id: String(index + 1),
        recipients: 'CoordinationPlanner,Chairman',
      },
      {
        resource: `Team ${index + 1}`,
        recipients: 'CoordinationPlanner,Chairman',
        summary: `Team ${index + 1} is over-allocated: ${101 + index}% of it is given to ventures`,
        value: `${101 + index}%`,
      },
      { from: '2026-03-31T02:14:05Z' },
    ),
  );

/** Conflicts and what they add up to, in Alertmanager's order; of one of several portfolios. */
function conflictsAtOnce(): Alert[] {
  const urgent = alert(
    {
      alertname: 'ResourceConflictsUrgent',
      class: 'kpi',
      severity: 'critical',
      kpi: 'resource_allocation',
      recipients: 'CoordinationPlanner,Chairman,OnCall',
    },
    {
      summary: '3 resources are over-allocated at the same time',
      value: '3 resources',
      limit: '3 resources',
      next_step: 'Call the Coordination Planner.',
    },
    { from: '2026-03-31T02:14:05Z' },
  );
  return [...conflicts(3), urgent].map((one) => ({ ...one, labels: { ...one.labels, portfolio: 'north_eu' } }));
}

const hostileAlert = (status: 'firing' | 'resolved'): Alert =>
  alert(
    {
      alertname: HOSTILE_NAME,
      portfolio: HOSTILE_NAME,
      class: 'kpi',
      severity: HOSTILE_NAME,
      initiative: HOSTILE_NAME,
      milestone: HOSTILE_NAME,
      owner: HOSTILE_NAME,
      recipients: HOSTILE_NAME,
      measure: '"} ,alertname!="',
    },
    {
      summary: `Milestone of ${HOSTILE_NAME} is overdue`,
      description: HOSTILE_NAME,
      value: HOSTILE_NAME,
      limit: HOSTILE_NAME,
      next_step: HOSTILE_NAME,
      dashboard_url: `javascript:alert(1)//${HOSTILE_NAME}`,
      runbook_url: 'https://wiki.example.test/"><script>alert(1)</script>',
    },
    status === 'firing'
      ? { from: '2026-03-31T02:14:05Z' }
      : { from: '2026-03-31T02:14:05Z', till: '2026-03-31T02:14:20Z' },
  );

const { labels, annotations } = PERFORMANCE;

/** A notification of each kind, by the name of its golden files. */
export const SAMPLE_GROUPS: Readonly<Record<string, Group>> = {
  one: group([alert(labels, annotations, { from: '2026-03-31T02:14:05Z' })], 'portfolio-performance-degradation'),
  several: group(
    [delayed(1, 'Pilot', 6), delayed(2, 'Contract', 4), delayed(3, 'Roll-out', 5, undefined, true)],
    'synergy-initiative-delayed',
  ),
  many: group(conflicts(25), 'resource-conflicts'),
  'at once': group(conflictsAtOnce(), 'resource-conflicts'),
  resolved: group(
    [alert(labels, annotations, { from: '2026-03-31T02:14:05Z', till: '2026-04-01T04:17:35Z' })],
    'portfolio-performance-degradation',
  ),
  mixed: group(
    [delayed(1, 'Pilot', 6), delayed(2, 'Contract', 4, '2026-03-31T09:00:00Z')],
    'synergy-initiative-delayed',
  ),
  'passed on': group(
    [passedOn(delayed(1, 'Pilot', 6, '2026-03-31T09:00:00Z'))],
    'synergy-initiative-delayed-initiative-owner',
  ),
  bare: group([alert({ alertname: 'Unheard' }, {}, { from: '2026-03-31T02:14:05Z' })]),
  empty: group([alert({}, {}, { from: '2026-03-31T02:14:05Z' })]),
  hostile: group([hostileAlert('firing')]),
  'hostile several': group([hostileAlert('firing'), hostileAlert('firing'), hostileAlert('resolved')]),
  'hostile resolved': group([hostileAlert('resolved')]),
};
