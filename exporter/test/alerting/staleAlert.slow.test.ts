import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { findAlertingBinaries } from '../support/alerting/binaries.js';
import { startHurriedStack } from '../support/alerting/hurriedStack.js';
import { until } from '../support/alerting/until.js';
import { killPrograms } from '../support/childProgram.js';

const LAG_SECONDS = 10;
/** Longer than keep_firing_for and the 20 s after which Alertmanager takes an alert that nobody repeats for over. */
const LONG_ENOUGH_MS = 50_000;

interface Numbers {
  readonly computedAt?: number;
  readonly ratio: number;
  readonly change: number;
}

/** Two KPIs: that one is late is an alert, that the other is (`alert_when_late: false`) is not. */
const pageOf =
  ({ computedAt, ratio, change }: Numbers) =>
  (): string => {
    const at = computedAt ?? Date.now() / 1000;
    const kpis = ['resource_allocation', 'portfolio_performance'].map(
      (kpi, index) => `portfolio_kpi_acceptable_lag_seconds{kpi="${kpi}"} ${LAG_SECONDS}
portfolio_kpi_lag_alert_enabled{kpi="${kpi}"} ${1 - index}
portfolio_kpi_last_success_timestamp_seconds{kpi="${kpi}"} ${at}
portfolio_kpi_last_attempt_timestamp_seconds{kpi="${kpi}"} ${at}
`,
    );
    return `${kpis.join('')}portfolio_database_up 1
portfolio_threshold{name="conflict_over_allocation_threshold"} 1
portfolio_threshold{name="over_allocation_tolerance"} 0
portfolio_threshold{name="performance_drop_alert"} 0.1
portfolio_resource_allocation_ratio{resource_id="1",resource="Data team",resource_type="people"} ${ratio}
portfolio_revenue_month_change_ratio ${change}
`;
  };
const BREACHED = { ratio: 1.2, change: -0.2 };
const ENDED = { ratio: 0.9, change: 0.05 };

afterAll(killPrograms);

const binaries = findAlertingBinaries();

it.skipIf(binaries === null)(
  'while its numbers are too old an alert is neither over nor new, and its end is told once, when it is seen',
  { timeout: 900_000 },
  async () => {
    const stack = await startHurriedStack(binaries?.prometheus ?? '', pageOf(BREACHED));
    try {
      const told = (): string[] =>
        stack.titles().flatMap((title) => {
          const [status] = /FIRING|RESOLVED/.exec(title) ?? [];
          const [what] = /over-allocated|[Rr]evenue/.exec(title) ?? [];
          return what === undefined ? [] : [`${status ?? '?'} ${what.toLowerCase()}`];
        });
      const begun = ['FIRING over-allocated', 'FIRING revenue'];
      await until(() => told().length >= begun.length, 60_000);
      expect(told().toSorted()).toEqual(begun);

      stack.page(pageOf({ ...BREACHED, computedAt: Date.now() / 1000 }));
      await until(async () => (await stack.firing()).includes('ConflictDetectionDown'), 60_000);
      await delay(LONG_ENOUGH_MS);
      expect(await stack.firing()).toEqual(
        expect.arrayContaining([
          'ConflictDetectionDown',
          'PortfolioPerformanceDegradation',
          'ResourceConflictDetected',
        ]),
      );
      expect(told().toSorted()).toEqual(begun);

      stack.page(pageOf(BREACHED));
      await until(async () => !(await stack.firing()).includes('ConflictDetectionDown'), 60_000);
      await delay(LONG_ENOUGH_MS);
      expect(told().toSorted()).toEqual(begun);

      // It ends while nobody looks.
      stack.page(pageOf({ ...BREACHED, computedAt: Date.now() / 1000 }));
      await until(async () => (await stack.firing()).includes('ConflictDetectionDown'), 60_000);
      stack.page(pageOf(ENDED));
      const over = [...begun, 'RESOLVED over-allocated', 'RESOLVED revenue'];
      await until(() => told().length >= over.length, 90_000);
      await delay(10_000);
      expect(told().toSorted()).toEqual(over);
    } finally {
      await stack.stop();
    }
  },
);
