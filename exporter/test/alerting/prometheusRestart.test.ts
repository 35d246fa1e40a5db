import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { PROMETHEUS_FLAGS } from '../../scripts/stack/prometheusFlags.js';
import { startShippedAlertmanager } from '../alertmanager/shippedAlertmanager.js';
import { RULES_DIRECTORY } from '../prometheus/ruleFiles.js';
import { findAlertingBinaries } from '../support/alerting/binaries.js';
import { startPrometheus } from '../support/alerting/startPrometheus.js';
import { until } from '../support/alerting/until.js';
import { killPrograms } from '../support/childProgram.js';
import { freePort } from '../support/freePort.js';

/** Every wait of Prometheus is divided by this: five minutes become 25 seconds. Alertmanager is told an end 20 s after the last news. */
const HURRY = 12;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };

const hurried = (duration: string): string => {
  const [, amount = '', unit = ''] = /^(\d+)([smh])$/.exec(duration) ?? [];
  return `${Math.max(1, Math.round((Number(amount) * (SECONDS[unit] ?? Number.NaN)) / HURRY))}s`;
};

/** The shipped rules; only how long they wait and how often they are evaluated is shorter. */
async function hurriedRules(directory: string): Promise<string> {
  await mkdir(directory);
  for (const name of await readdir(RULES_DIRECTORY)) {
    const text = await readFile(join(RULES_DIRECTORY, name), 'utf8');
    const faster = text.replaceAll(
      /^( +(?:for|keep_firing_for|interval): )(\w+)$/gm,
      (_all, key: string, duration: string) => {
        return key + hurried(duration);
      },
    );
    await writeFile(join(directory, name), faster);
  }
  return join(directory, '*.yml');
}

const GRACE = '--rules.alert.for-grace-period=';
const flags = [
  ...PROMETHEUS_FLAGS.map((flag) => (flag.startsWith(GRACE) ? `${GRACE}${hurried(flag.slice(GRACE.length))}` : flag)),
  // As it is by default, hurried like the rest.
  ...(PROMETHEUS_FLAGS.some((flag) => flag.startsWith(GRACE)) ? [] : [`${GRACE}${hurried('10m')}`]),
  `--rules.alert.resend-delay=${hurried('1m')}`,
];

const now = (): number => Date.now() / 1000;
/** An exporter in every kind of trouble: an outage, a refused edit, missing thresholds, late data, a conflict. */
const IN_TROUBLE = (): string => `portfolio_database_up 0
portfolio_config_last_reload_successful 0
portfolio_threshold{name="conflict_over_allocation_threshold"} 1
portfolio_threshold{name="over_allocation_tolerance"} 0
portfolio_kpi_acceptable_lag_seconds{kpi="resource_allocation"} 300
portfolio_kpi_lag_alert_enabled{kpi="resource_allocation"} 1
portfolio_kpi_last_success_timestamp_seconds{kpi="resource_allocation"} ${now()}
portfolio_kpi_last_attempt_timestamp_seconds{kpi="resource_allocation"} ${now()}
portfolio_resource_allocation_ratio{resource_id="1",resource="Data team",resource_type="people"} 1.2
`;
/** The same one right after its start: it has asked nobody and computed nothing yet. */
const STARTED_ANEW = `portfolio_threshold{name="conflict_over_allocation_threshold"} 1
portfolio_threshold{name="over_allocation_tolerance"} 0
portfolio_kpi_acceptable_lag_seconds{kpi="resource_allocation"} 300
portfolio_kpi_lag_alert_enabled{kpi="resource_allocation"} 1
`;

const TOLD = [
  'InitiativeDashboardUnavailable',
  'PortfolioConfigReloadFailed',
  'PortfolioDatabaseDown',
  'PortfolioThresholdMissing',
  'ResourceConflictDetected',
];

afterAll(killPrograms);

const binaries = findAlertingBinaries();

describe.skipIf(binaries === null)('a restart of Prometheus', () => {
  it.each([
    ['alone', IN_TROUBLE],
    ['together with the exporter', () => STARTED_ANEW],
  ])('%s tells nobody that what goes on is over', { timeout: 180_000 }, async (_how, pageAfter) => {
    const directory = await mkdtemp(join(tmpdir(), 'portfolio-restart-'));
    const alertmanager = await startShippedAlertmanager();
    let page = IN_TROUBLE;
    const exporter = createServer((_request, response) => response.end(page())).listen(0, '127.0.0.1');
    await once(exporter, 'listening');
    const options = {
      binary: binaries?.prometheus ?? '',
      directory,
      targets: {
        'portfolio-exporter': [`127.0.0.1:${(exporter.address() as AddressInfo).port}`],
        alertmanager: [new URL(alertmanager.url).host],
        // Nobody answers there.
        grafana: [`127.0.0.1:${await freePort()}`],
      },
      alertmanagers: [new URL(alertmanager.url).host],
      rules: await hurriedRules(join(directory, 'rules')),
      flags,
    };
    try {
      let prometheus = await startPrometheus(options);
      const firing = async (): Promise<string[]> => {
        const alerts = await prometheus.alerts();
        const names = alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels['alertname'] ?? '');
        return [...new Set(names)].filter((name) => TOLD.includes(name)).toSorted();
      };
      const allFire = async (): Promise<boolean> => (await firing()).length === TOLD.length;
      await until(allFire, 90_000);
      expect(await firing()).toEqual(TOLD);
      // The last of them has been sent.
      await delay(2_000);

      await prometheus.stop();
      page = pageAfter;
      prometheus = await startPrometheus(options);
      // As long as Alertmanager waits for news before it tells an end, and the `for` of every alert of these.
      await delay(30_000);
      const titles = alertmanager.slackTitles();
      expect(titles.filter((title) => title.includes('FIRING')).length).toBeGreaterThan(0);
      expect(titles.filter((title) => title.includes('RESOLVED'))).toEqual([]);
      expect(await firing()).toEqual(TOLD);
      await prometheus.stop();
    } finally {
      exporter.closeAllConnections();
      exporter.close();
      await alertmanager.stop();
      await rm(directory, { recursive: true, force: true });
    }
  });
});
