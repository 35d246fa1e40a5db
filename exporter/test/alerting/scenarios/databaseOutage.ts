import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { ownerOf, runDemoLine } from '../../support/alerting/demoLines.js';
import { startAlertingStack } from '../../support/alerting/alertingStack.js';
import type { AlertingBinaries } from '../../support/alerting/binaries.js';
import { expectDeliveries } from '../../support/alerting/deliveries.js';
import { startRestartableDatabase } from '../../support/alerting/restartableDatabase.js';
import { addressOf } from '../../support/alerting/startAlertmanager.js';
import { FIRING_MS, RESOLVED_MS } from './patience.js';

/**
 * PostgreSQL stops and comes back while alerts about the portfolio are firing: on-call hears of the database, once, and nobody
 * hears that a conflict or a delay was over. The alerts that fire on the demo portfolio by themselves are here, and the two
 * that escalate.
 */
export async function databaseOutage(binaries: AlertingBinaries): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'portfolio-outage-'));
  let owner = '';
  const database = await startRestartableDatabase(join(directory, 'password'), async (client: Client) => {
    for (const alert of ['SynergyInitiativeEscalated', 'ResourceConflictEscalated']) {
      await runDemoLine(client, 'provoke', alert);
    }
    owner = await ownerOf(client, 'Checkout integration');
  });
  const stack = await startAlertingStack({
    binaries,
    environment: database.environment,
    config: { 'exporter.yaml': 'kpis: { data_quality: { enabled: false } }\n' },
    hurry: 60,
  });
  try {
    const business = [
      `SynergyInitiativeDelayed mail ${owner}`,
      `SynergyInitiativeDelayed mail ${addressOf('SynergyExecutionManager')}`,
      `SynergyInitiativeDelayed mail ${addressOf('Chairman')}`,
      'ResourceConflictDetected slack #portfolio-alerts',
      `ResourceConflictDetected mail ${addressOf('CoordinationPlanner')}`,
      `ResourceConflictDetected mail ${addressOf('Chairman')}`,
      `SynergyInitiativeEscalated mail ${addressOf('Chairman')}`,
      `ResourceConflictEscalated mail ${addressOf('Chairman')}`,
      `ResourceConflictEscalated mail ${addressOf('CoordinationPlanner')}`,
    ].map((one) => `FIRING ${one}`);
    await expectDeliveries(stack, business, { withinMs: FIRING_MS });

    const outage = (status: string): string[] =>
      ['slack #portfolio-alerts', `mail ${addressOf('OnCall')}`].map((one) => `${status} PortfolioDatabaseDown ${one}`);
    await database.stop();
    await expectDeliveries(stack, [...business, ...outage('FIRING')], { withinMs: FIRING_MS });
    await database.start();
    await expectDeliveries(stack, [...business, ...outage('FIRING'), ...outage('RESOLVED')], {
      withinMs: RESOLVED_MS,
    });
  } finally {
    await stack.stop();
    await database.stop();
    await rm(directory, { recursive: true, force: true });
  }
}
