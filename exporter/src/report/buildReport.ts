import type { ClientBase } from 'pg';
import { formatMonth } from '../format/formatDay.js';
import { inTransaction } from '../database/transaction.js';
import type { KpiInput, KpiSettings } from '../kpi/unit/kpiInput.js';
import { momentOf, presentMoment } from '../kpi/unit/moment.js';
import type { KpiUnit } from '../kpi/unit/unit.js';
import { closedAlerts } from './closedAlerts.js';
import { runDay } from './kpiDay.js';
import type { KpiDay } from './kpiDay.js';
import { kpiTable } from './kpiTable.js';
import { readRows } from './readRows.js';
import type { ReportRows } from './readRows.js';
import { recommendations } from './recommendations.js';
import type { Figure, MonthPoint, PortfolioReport } from './report.js';
import { lastCompleteMonth, lastDayOf, monthsBefore, reportDay } from './reportMonth.js';
import { summary } from './summary.js';
import type { ReportFacts } from './summary.js';

/** Months of the trend, the report's included. */
const TREND_MONTHS = 12;
/** One statement; a KPI's own timeout may be shorter when it runs alone. */
const TIMEOUT_MS = 60_000;

export interface ReportOptions {
  /** `YYYY-MM`; null: the last complete one. */
  readonly month: string | null;
  readonly units: readonly KpiUnit[];
  readonly settings: KpiSettings;
  /** Name of the portfolio; empty where there is only one. */
  readonly portfolio: string;
}

/**
 * The portfolio report of a month as data, read in one snapshot: the KPIs as of the month's last day, or of today while it is
 * running, and of the last day of the month before; and rows. Needs only the right to read. Throws ReportMonthError, and pg
 * errors where the database is lost; a KPI that fails is in `failures`.
 */
export async function buildReport(client: ClientBase, options: ReportOptions): Promise<PortfolioReport> {
  return inTransaction(
    client,
    { access: 'READ ONLY', isolation: 'REPEATABLE READ', timeoutMs: TIMEOUT_MS, resetsSession: true },
    async () => {
      const facts = await readFacts(client, options);
      return {
        ...facts,
        summary: summary(facts),
        recommendations: recommendations(facts, options.settings.thresholds),
      };
    },
  );
}

async function readFacts(client: ClientBase, options: ReportOptions): Promise<ReportFacts> {
  const { units, settings, portfolio } = options;
  const present = await presentMoment(client, settings.timeZone);
  const month = options.month ?? lastCompleteMonth(present.asOf);
  const asOf = reportDay(month, present);
  const inputOf = async (day: string): Promise<KpiInput> => ({
    ...(await momentOf(client, day, settings.timeZone)),
    ...settings,
  });
  const run = async (day: string, some = units): Promise<KpiDay> =>
    runDay(client, some, await inputOf(day), day !== present.asOf);

  const input = await inputOf(asOf);
  const asOfBefore = lastDayOf(monthsBefore(month, 1));
  const day = await run(asOf);
  const before = await run(asOfBefore);
  const performance = units.filter((unit) => unit.name === 'portfolio_performance');
  const months: MonthPoint[] = [];
  for (let back = TREND_MONTHS - 1; back >= 2; back -= 1) {
    const of = monthsBefore(month, back);
    months.push(monthPoint(of, await run(lastDayOf(of), performance)));
  }
  months.push(monthPoint(monthsBefore(month, 1), before), monthPoint(month, day));

  const rows = await readRows(client, input);
  const { thresholds } = settings;
  return {
    kind: 'portfolio',
    subject: portfolio,
    period: month,
    title: `Portfolio report, ${formatMonth(month)}`,
    asOf,
    asOfBefore,
    now: input.now.toISOString(),
    timeZone: settings.timeZone,
    isRunning: month === present.asOf.slice(0, 7),
    baselineDay: rows.baselineDay,
    hourlyRate: thresholds.hourly_rate,
    activeVentures: day.figure('portfolio_active_ventures'),
    missingVentures: day.figure('portfolio_ventures_missing_metrics'),
    kpis: kpiTable(day, before, thresholds),
    revenueMonthChange: day.figure('portfolio_revenue_month_change_ratio'),
    profitMonthChange: day.figure('portfolio_profit_month_change_ratio'),
    valueThisYear: day.figure('portfolio_synergy_value_year_to_date_dollars'),
    activeInitiatives: day.figure('portfolio_initiatives_active'),
    months: sinceFirst(months),
    valueMonths: rows.valueMonths,
    ventures: ventureLines(day, rows),
    initiatives: rows.initiatives.map((row) => ({
      ...row,
      idle: labelled(day, 'portfolio_initiative_idle_seconds', 'initiative_id', row.id),
    })),
    overdue: day
      .figures('portfolio_milestone_overdue_seconds')
      .map((figure) => ({
        initiative: figure.labels['initiative'] ?? '',
        milestone: figure.labels['milestone'] ?? '',
        owner: figure.labels['owner'] ?? null,
        isCritical: figure.labels['critical'] === 'true',
        overdue: figure,
      }))
      .toSorted((a, b) => b.overdue.value - a.overdue.value),
    resources: resourceLines(
      day,
      rows,
      thresholds.conflict_over_allocation_threshold + thresholds.over_allocation_tolerance,
    ),
    openConflicts: day
      .figures('portfolio_conflict_open_seconds')
      .map((open) => ({ resource: open.labels['resource'] ?? '', status: open.labels['status'] ?? '', open }))
      .toSorted((a, b) => b.open.value - a.open.value),
    resolvedConflicts: rows.resolvedConflicts,
    gates: day.figures('portfolio_gate_passed').map((passed) => ({
      gate: passed.labels['gate'] ?? '',
      criterion: passed.labels['criterion'] ?? '',
      passed,
    })),
    closedAlerts: await closedAlerts(client, input, portfolio),
    ages: day.ages,
    failures: day.failures,
  };
}

function monthPoint(month: string, day: KpiDay): MonthPoint {
  return {
    month,
    revenue: day.figure('portfolio_revenue_dollars'),
    burn: day.figure('portfolio_burn_dollars'),
    profit: day.figure('portfolio_profit_dollars'),
  };
}

/** Without the months before the first that has a number. */
function sinceFirst(months: readonly MonthPoint[]): MonthPoint[] {
  const first = months.findIndex(({ revenue, burn }) => revenue !== null || burn !== null);
  return first < 0 ? [] : months.slice(first);
}

function ventureLines(day: KpiDay, rows: ReportRows): PortfolioReport['ventures'] {
  return rows.ventures.map((row) => ({
    ...row,
    score: labelled(day, 'portfolio_venture_score', 'venture_id', row.id),
    scoreChange: labelled(day, 'portfolio_venture_score_change', 'venture_id', row.id),
  }));
}

function resourceLines(day: KpiDay, rows: ReportRows, limit: number): PortfolioReport['resources'] {
  return day
    .figures('portfolio_resource_allocation_ratio')
    .map((allocation) => {
      const id = allocation.labels['resource_id'] ?? '';
      return {
        id,
        name: allocation.labels['resource'] ?? '',
        type: allocation.labels['resource_type'] ?? '',
        allocation,
        shares: rows.shares.filter((share) => share.resource === id).map(({ venture, share }) => ({ venture, share })),
        isOver: allocation.value > limit,
      };
    })
    .toSorted((a, b) => b.allocation.value - a.allocation.value || (a.name < b.name ? -1 : 1));
}

function labelled(day: KpiDay, metric: string, label: string, value: string): Figure | null {
  return day.figures(metric).find(({ labels }) => labels[label] === value) ?? null;
}
