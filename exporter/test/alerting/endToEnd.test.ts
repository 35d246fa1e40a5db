import { afterAll, describe, it, vi } from 'vitest';
import { findAlertingBinaries } from '../support/alerting/binaries.js';
import { killPrograms } from '../support/childProgram.js';
import { businessAlerts } from './scenarios/businessAlerts.js';
import { dataAgeAlerts } from './scenarios/dataAgeAlerts.js';
import { databaseOutage } from './scenarios/databaseOutage.js';
import { exporterAndMailOutage } from './scenarios/exporterAndMailOutage.js';

// The rules are the shipped ones with their real durations (keep_firing_for is five minutes), so these take minutes, nearly all
// of them waiting: they run side by side.
vi.setConfig({ testTimeout: 15 * 60_000 });

afterAll(killPrograms);

const binaries = findAlertingBinaries();

describe.skipIf(binaries === null).concurrent('rows, exporter, Prometheus, Alertmanager, mail and Slack', () => {
  if (binaries === null) return;
  it('the five alerts reach their recipients, end, and follow thresholds.yaml', () => businessAlerts(binaries));
  it('data that are too old reach on-call, and silence what reads them', () => dataAgeAlerts(binaries));
  it('a database outage is one alert, and no false one', () => databaseOutage(binaries));
  it('exporters and a mail server that stop', () => exporterAndMailOutage(binaries));
});
