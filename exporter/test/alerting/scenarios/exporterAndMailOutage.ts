import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { createAlertingDatabase } from '../../support/alerting/alertingDatabase.js';
import { startAlertingStack } from '../../support/alerting/alertingStack.js';
import type { AlertingBinaries } from '../../support/alerting/binaries.js';
import { expectDeliveries } from '../../support/alerting/deliveries.js';
import { expectHarmless } from './expectHarmless.js';
import { addressOf } from '../../support/alerting/startAlertmanager.js';
import { AN_EVALUATION_MS, FIRING_MS, RESOLVED_MS } from './patience.js';

/** A resource's name that calls everybody in Slack, ends a mail's header, and would run in a page. */
const HOSTILE = 'CTO <!channel>\r\nBcc: evil@example.test\r\n<script>alert(1)</script>';

/**
 * One of two exporters stops: nobody is told anything. Both stop while a conflict is told: on-call hears of it, nobody hears
 * that the conflict was over. Then the mail server stops: Slack says so, and the mails arrive when it is back. They are about a
 * resource with a hostile name.
 */
export async function exporterAndMailOutage(binaries: AlertingBinaries): Promise<void> {
  const database = await createAlertingDatabase();
  const stack = await startAlertingStack({
    binaries,
    environment: database.environment,
    config: { 'exporter.yaml': 'kpis: { data_quality: { enabled: false } }\n' },
    hurry: 60,
  });
  const [first, second] = stack.exporters;
  try {
    await database.provoke('ResourceConflictDetected');
    const conflict = [
      `mail ${addressOf('CoordinationPlanner')}`,
      `mail ${addressOf('Chairman')}`,
      'slack #portfolio-alerts',
    ].map((one) => `FIRING ResourceConflictDetected ${one}`);
    await expectDeliveries(stack, conflict, { withinMs: FIRING_MS });

    await first?.stop();
    await delay(2 * AN_EVALUATION_MS);
    expect(stack.messages()).toHaveLength(conflict.length);

    const exporterDown = (status: string): string[] =>
      ['slack #portfolio-alerts', `mail ${addressOf('OnCall')}`].map((one) => `${status} PortfolioExporterDown ${one}`);
    await second?.stop();
    await expectDeliveries(stack, [...conflict, ...exporterDown('FIRING')], { withinMs: FIRING_MS });
    await second?.start();
    const before = [...conflict, ...exporterDown('FIRING'), ...exporterDown('RESOLVED')];
    await expectDeliveries(stack, before, { withinMs: RESOLVED_MS });

    await stack.mail.stop();
    await database.client.query(
      `UPDATE venture_resource_allocations
          SET resource_name = $1, allocation_percentage = allocation_percentage + (allocation_percentage = 25)::int * 5
        WHERE resource_name = 'CTO time'`,
      [HOSTILE],
    );
    const from = before.length;
    const bySlack = [
      'FIRING ResourceConflictDetected slack #portfolio-alerts',
      'FIRING NotificationsFailing slack #portfolio-alerts',
    ];
    await expectDeliveries(stack, bySlack, { withinMs: FIRING_MS, from });
    await stack.mail.restart();
    const late = [
      ...conflict.filter((one) => one.includes(' mail ')),
      `FIRING NotificationsFailing mail ${addressOf('OnCall')}`,
    ];
    await expectDeliveries(stack, [...bySlack, ...late], { withinMs: FIRING_MS, from });
    expectHarmless(stack.messages().slice(from));
  } finally {
    await stack.stop();
    await database.drop();
  }
}
