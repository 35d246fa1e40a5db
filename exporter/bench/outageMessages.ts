import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { fillDemoHistory } from '../demo/fillDemoHistory.js';
import { startAlertingStack } from '../test/support/alerting/alertingStack.js';
import type { AlertingBinaries } from '../test/support/alerting/binaries.js';
import { runDemoLine } from '../test/support/alerting/demoLines.js';
import { startRestartableDatabase } from '../test/support/alerting/restartableDatabase.js';
import { shippedConfiguration } from '../test/support/shippedConfiguration.js';

const MINUTE_MS = 60_000;
/** Two group_intervals of five minutes: what has not been told by then is not told. */
const SETTLE_MS = 11 * MINUTE_MS;

/** Beside the two that fire on the demo portfolio by themselves. */
const PROVOKED = [
  'PortfolioPerformanceDegradation',
  'SynergyInitiativeEscalated',
  'ResourceConflictsUrgent',
  'ResourceConflictEscalated',
  'SynergyCaptureRateBelowTarget',
  'CoordinationOverheadExceedsThreshold',
  'PortfolioDataQuality',
];

export interface OutagePhase {
  readonly phase: string;
  /** Time, channel, recipient and title of each message that was sent in it. */
  readonly messages: readonly string[];
}

/** What is sent before, during and after PostgreSQL is stopped, with every business alert firing and shipped timing. */
export async function outageMessages(
  binaries: AlertingBinaries,
  { directory, minutes }: { directory: string; minutes: number },
): Promise<OutagePhase[]> {
  const configuration = await shippedConfiguration();
  const database = await startRestartableDatabase(join(directory, 'password'), async (client: Client, url) => {
    await fillDemoHistory(url, configuration);
    for (const alert of PROVOKED) await runDemoLine(client, 'provoke', alert);
  });
  const stack = await startAlertingStack({ binaries, environment: database.environment });
  try {
    const phases: OutagePhase[] = [];
    let told = 0;
    const during = async (phase: string, ms: number): Promise<void> => {
      process.stderr.write(`bench: ${phase}\n`);
      await delay(ms);
      const messages = stack.messages().slice(told);
      told += messages.length;
      const line = ({ at, channel, to, title }: (typeof messages)[number]): string =>
        `${new Date(at).toISOString().slice(11, 19)} ${channel} ${to.join(',')}: ${title}`;
      phases.push({ phase, messages: messages.map(line) });
    };
    await during('before', SETTLE_MS);
    await database.stop();
    await during(`during the outage of ${minutes} minutes`, minutes * MINUTE_MS);
    await database.start();
    await during('after', SETTLE_MS);
    return phases;
  } finally {
    await stack.stop();
    await database.stop();
  }
}
