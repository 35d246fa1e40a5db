import { afterAll, describe, it, vi } from 'vitest';
import { findAlertingBinaries } from '../support/alerting/binaries.js';
import type { AlertingBinaries } from '../support/alerting/binaries.js';
import { killPrograms } from '../support/childProgram.js';
import { businessAlerts } from './scenarios/businessAlerts.js';
import { dataAgeAlerts } from './scenarios/dataAgeAlerts.js';
import { databaseOutage } from './scenarios/databaseOutage.js';
import { exporterAndMailOutage } from './scenarios/exporterAndMailOutage.js';

// The rules are the shipped ones with their real durations (keep_firing_for is five minutes), so these take minutes, nearly all
// of them waiting: they run side by side.
vi.setConfig({ testTimeout: 30 * 60_000 });

afterAll(killPrograms);

const binaries = findAlertingBinaries();

const on = (scenario: (programs: AlertingBinaries) => Promise<void>) => async (): Promise<void> => {
  if (binaries === null) throw new Error('skipped without the programs');
  await scenario(binaries);
};

describe.skipIf(binaries === null).concurrent('rows, exporter, Prometheus, Alertmanager, mail and Slack', () => {
  it('the five alerts reach their recipients, end, and follow thresholds.yaml', on(businessAlerts));
  it('data that are too old reach on-call, and silence what reads them', on(dataAgeAlerts));
  it('a database outage is one alert, and no false one', on(databaseOutage));
  it('exporters and a mail server that stop', on(exporterAndMailOutage));
});
