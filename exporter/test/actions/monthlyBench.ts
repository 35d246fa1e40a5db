import { startActionsBench } from './actionsBench.js';
import type { ActionsBench, TestAlert } from './actionsBench.js';

export const INSTALLED = new Date('2025-09-10T08:00:00Z');
/** Who gets the portfolio report. */
export const READERS = ['advisor', 'analyst', 'chairman', 'manager', 'planner'];

export const at = (text: string): Date => new Date(text);
const alert = (alertname: string, startsAt: string, endsAt: string | null = null): TestAlert => ({
  labels: { alertname },
  startsAt: at(startsAt),
  endsAt: endsAt === null ? null : at(endsAt),
});
export const captureRate = (startsAt: string, endsAt?: string) =>
  alert('SynergyCaptureRateBelowTarget', startsAt, endsAt);
export const overhead = (startsAt: string, endsAt?: string) =>
  alert('CoordinationOverheadExceedsThreshold', startsAt, endsAt);

/** Two ventures with nine months of numbers, coordination of 20% and sixteen opportunities. */
export async function startMonthlyBench(): Promise<ActionsBench> {
  const bench = await startActionsBench(INSTALLED);
  await bench.owner.client.query(`
      INSERT INTO ventures (id, name, status, created_at)
      SELECT ('00000000-0000-4000-8000-00000000000' || n)::uuid, name, 'active', '2025-01-01'
        FROM (VALUES (1, 'Harbour'), (2, 'Beta <b>')) AS v (n, name);
      INSERT INTO venture_metrics (venture_id, recorded_at, monthly_revenue, monthly_burn, user_count, stage)
      SELECT ('00000000-0000-4000-8000-00000000000' || n)::uuid, day, 10000 * n, 5000, 10, 39
        FROM generate_series('2025-06-30'::timestamp, '2026-02-28', '1 month') AS day, generate_series(1, 2) AS n;
      INSERT INTO venture_resource_allocations (resource_id, resource_name, resource_type, venture_id, allocation_percentage, hours_available)
      SELECT '00000000-0000-4000-8000-0000000000c1', 'Ann', 'people', id, 40, 100 FROM ventures;
      INSERT INTO venture_resource_usage (venture_id, resource_type, hours_spent, recorded_at)
      SELECT v.id, 'coordination', 10, day::date FROM ventures v, generate_series('2025-06-05'::timestamp, '2026-01-31', '15 days') AS day;
      INSERT INTO synergy_opportunities (venture_1_id, venture_2_id, synergy_type, net_score, status, created_at)
      SELECT '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002', 'CUSTOMER', n, 
             CASE WHEN n % 8 = 0 THEN 'LAUNCHED' ELSE 'IDENTIFIED' END, '2025-08-01'::timestamptz + n * interval '10 days'
        FROM generate_series(1, 16) AS n`);
  return bench;
}

/** As on the day of the first start, with nothing told and nothing delivered. */
export async function startAnew(bench: ActionsBench): Promise<void> {
  await bench.owner.client.query(`
    TRUNCATE portfolio_actions.alerts, portfolio_actions.actions, portfolio_actions.mails, portfolio_actions.reports,
             portfolio_actions.meetings, portfolio_actions.notifications CASCADE;
    DELETE FROM graphile_worker._private_jobs`);
  setDeliveryDay(bench, 5);
  bench.server.behaviour.rejects.clear();
  await bench.tick(INSTALLED);
  bench.arrived();
}

export function setDeliveryDay(bench: ActionsBench, day: number): void {
  const { configuration } = bench;
  bench.configuration = {
    ...configuration,
    thresholds: { ...configuration.thresholds, performance_report_delivery_day: day },
  };
}

/** Reports take a second each; for what is about digests they count as delivered. */
export async function skipReports(bench: ActionsBench): Promise<void> {
  await bench.owner.client.query(
    `INSERT INTO portfolio_actions.actions (alertname, entity, period, action, created_at)
     SELECT 'Monthly', '', to_char(month, 'YYYY-MM'), 'portfolio_report', now()
       FROM generate_series('2025-09-01'::timestamp, '2026-02-01', '1 month') AS month`,
  );
}

/** What arrived since the last call: `chairman: Portfolio report, September 2025`. */
export function received(bench: ActionsBench): string[] {
  return bench
    .arrived()
    .map(({ to, mail }) => `${to.join().replace('@example.test', '')}: ${mail.subject?.replace(/:.*/, '') ?? ''}`);
}

export const reports = (month: string): string[] => READERS.map((name) => `${name}: Portfolio report, ${month}`);
