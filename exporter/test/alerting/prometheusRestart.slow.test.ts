import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { findAlertingBinaries } from '../support/alerting/binaries.js';
import { startHurriedStack } from '../support/alerting/hurriedStack.js';
import { until } from '../support/alerting/until.js';
import { killPrograms } from '../support/childProgram.js';

const now = (): number => Date.now() / 1000;
const LIMITS = `portfolio_threshold{name="conflict_over_allocation_threshold"} 1
portfolio_threshold{name="over_allocation_tolerance"} 0
portfolio_kpi_acceptable_lag_seconds{kpi="resource_allocation"} 300
portfolio_kpi_lag_alert_enabled{kpi="resource_allocation"} 1
`;
/** An exporter in every kind of trouble: an outage, a refused edit, missing thresholds, late data, a conflict. */
const IN_TROUBLE = (): string => `${LIMITS}portfolio_database_up 0
portfolio_config_last_reload_successful 0
portfolio_kpi_last_success_timestamp_seconds{kpi="resource_allocation"} ${now()}
portfolio_kpi_last_attempt_timestamp_seconds{kpi="resource_allocation"} ${now()}
portfolio_resource_allocation_ratio{resource_id="1",resource="Data team",resource_type="people"} 1.2
`;
const TROUBLES = [
  'InitiativeDashboardUnavailable',
  'PortfolioConfigReloadFailed',
  'PortfolioDatabaseDown',
  'PortfolioThresholdMissing',
  'ResourceConflictDetected',
];
/** A KPI that is never computed again. */
const LONG_AGO = now() - 3_600;
/** One whose database answers, takes nothing, and refuses the SQL of a KPI. */
const NOT_RECORDED = (): string => `${LIMITS}portfolio_database_up 1
portfolio_config_recorded 0
portfolio_kpi_last_success_timestamp_seconds{kpi="resource_allocation"} ${LONG_AGO}
portfolio_kpi_last_attempt_timestamp_seconds{kpi="resource_allocation"} ${now()}
portfolio_kpi_history_pending_records{kpi="resource_allocation"} 1
`;
const RECORDS = [
  'ConflictDetectionDown',
  'PortfolioConfigNotRecorded',
  'PortfolioHistoryNotWritten',
  'PortfolioKpiFailing',
];
/** Right after its start: it has asked nobody and computed nothing yet. */
const STARTED_ANEW = (): string => LIMITS;

afterAll(killPrograms);

const binaries = findAlertingBinaries();

describe.skipIf(binaries === null)('a restart of Prometheus', () => {
  it.concurrent.each([
    ['alone', TROUBLES, IN_TROUBLE, IN_TROUBLE],
    ['together with the exporter', TROUBLES, IN_TROUBLE, STARTED_ANEW],
    ['alone, while nothing is recorded', RECORDS, NOT_RECORDED, NOT_RECORDED],
    ['together with the exporter, while nothing is recorded', RECORDS, NOT_RECORDED, STARTED_ANEW],
  ])('%s tells nobody that what goes on is over', { timeout: 900_000 }, async (_how, told, page, pageAfter) => {
    const stack = await startHurriedStack(binaries?.prometheus ?? '', page);
    try {
      const firing = async (): Promise<string[]> => (await stack.firing()).filter((name) => told.includes(name));
      await until(async () => (await firing()).length === told.length, 120_000);
      expect(await firing()).toEqual(told);
      // The last of them has been sent.
      await delay(2_000);

      await stack.stopPrometheus();
      stack.page(pageAfter);
      await stack.startPrometheus();
      // As long as Alertmanager waits for news before it tells an end, and the `for` of every alert of these.
      await delay(60_000);
      expect(stack.titles().filter((title) => title.includes('FIRING')).length).toBeGreaterThan(0);
      expect(stack.titles().filter((title) => title.includes('RESOLVED'))).toEqual([]);
      expect(await firing()).toEqual(told);
    } finally {
      await stack.stop();
    }
  });
});
