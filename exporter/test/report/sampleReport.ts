import { DEFAULT_THRESHOLDS } from '../../src/config/thresholdCatalogue.js';
import { recommendations } from '../../src/report/recommendations.js';
import type {
  Figure,
  InitiativeLine,
  KpiLine,
  PortfolioReport,
  ResourceLine,
  VentureLine,
} from '../../src/report/report.js';
import { summary } from '../../src/report/summary.js';
import type { ReportFacts } from '../../src/report/summary.js';

/** A report without any number: what an empty database gives, but for the table of KPIs. */
export function factsWith(facts: Partial<ReportFacts> = {}): ReportFacts {
  return {
    kind: 'portfolio',
    subject: '',
    period: '2026-10',
    title: 'Portfolio report, October 2026',
    asOf: '2026-10-31',
    asOfBefore: '2026-09-30',
    now: '2026-11-01T00:00:00.000Z',
    timeZone: 'UTC',
    isRunning: false,
    baselineDay: null,
    hourlyRate: 75,
    activeVentures: null,
    missingVentures: null,
    kpis: [],
    revenueMonthChange: null,
    profitMonthChange: null,
    valueThisYear: null,
    activeInitiatives: null,
    months: [],
    valueMonths: [],
    ventures: [],
    initiatives: [],
    overdue: [],
    resources: [],
    openConflicts: [],
    resolvedConflicts: [],
    gates: [],
    closedAlerts: null,
    ages: [],
    failures: [],
    ...facts,
  };
}

export function reportWith(facts: Partial<ReportFacts> = {}): PortfolioReport {
  const all = factsWith(facts);
  return { ...all, summary: summary(all), recommendations: recommendations(all, DEFAULT_THRESHOLDS) };
}

export function figure(metric: string, value: number, unit: Figure['unit'], labels: Figure['labels'] = {}): Figure {
  return { metric, labels, asOf: '2026-10-31', value, unit, approximate: false };
}

/** A line of the table whose current number is that of the metric. */
export function kpiLine(metric: string, current: number | null, line: Partial<KpiLine> = {}): KpiLine {
  const unit = line.unit ?? 'ratio';
  return {
    name: metric,
    phrase: `the ${metric}`,
    baseline: null,
    before: null,
    current: current === null ? null : figure(metric, current, metric.endsWith('_dollars') ? 'dollars' : unit),
    change: null,
    isReduction: false,
    unit,
    targetOf: 'current',
    target: null,
    ...line,
  };
}

export function venture(name: string, line: Partial<VentureLine> = {}): VentureLine {
  return {
    id: name,
    name,
    status: 'active',
    revenue: 100_000,
    burn: 60_000,
    users: 1_000,
    revenueBefore: 90_000,
    burnBefore: 60_000,
    usersBefore: 1_000,
    revenueBaseline: 80_000,
    lastDay: '2026-10-31',
    isSilent: false,
    score: null,
    scoreChange: null,
    recommendation: null,
    assessedOn: null,
    ...line,
  };
}

export function initiative(name: string, line: Partial<InitiativeLine> = {}): InitiativeLine {
  return {
    id: name,
    name,
    code: 'CODE',
    status: 'ACTIVE',
    owner: 'Ana',
    isCritical: false,
    progress: 0.5,
    captured: 50_000,
    capturedInMonth: 5_000,
    targetValue: 60_000,
    cost: 20_000,
    roi: 2.5,
    launchedOn: '2026-03-01',
    completedOn: null,
    nextMilestone: null,
    nextDeadline: null,
    idle: null,
    ...line,
  };
}

export function resource(name: string, allocation: number): ResourceLine {
  return {
    id: name,
    name,
    type: 'people',
    allocation: figure('portfolio_resource_allocation_ratio', allocation, 'ratio'),
    shares: [{ venture: 'Vela', share: allocation }],
    isOver: allocation > 1,
  };
}
