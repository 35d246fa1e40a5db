import { afterAll, describe, expect, it } from 'vitest';
import { createAlertingDatabase } from '../support/alerting/alertingDatabase.js';
import { startAlertingStack } from '../support/alerting/alertingStack.js';
import { findAlertingBinaries } from '../support/alerting/binaries.js';
import { leadsOf } from '../support/alerting/demoLines.js';
import type { SentMessage } from '../support/alerting/sentMessage.js';
import { addressOf } from '../support/alerting/startAlertmanager.js';
import { until } from '../support/alerting/until.js';
import { killPrograms } from '../support/childProgram.js';

const PATIENCE_MS = 120_000;
const RESOURCE = 'Design studio';

afterAll(killPrograms);

const binaries = findAlertingBinaries();

describe.skipIf(binaries === null)('rows, exporter, Prometheus, Alertmanager, actions, mail and Slack', () => {
  it('an over-allocation is told, opens a conflict, and is put to the Chairman, who decides by the link', async () => {
    if (binaries === null) throw new Error('skipped without the programs');
    const database = await createAlertingDatabase();
    const { client } = database;
    const stack = await startAlertingStack({
      binaries,
      environment: database.environment,
      actions: database.actionsEnvironment,
      exporters: 1,
    });
    try {
      const url = stack.actionsUrl ?? '';
      const isOfActions = ({ text }: SentMessage): boolean => text.includes(`${url}/`);
      const find = (of: (message: SentMessage) => boolean): SentMessage | undefined => stack.messages().find(of);
      const slack = () => find(({ channel, text }) => channel === 'slack' && text.includes(RESOURCE));
      const request = () => find((mail) => mail.to.includes(addressOf('Chairman')) && mail.text.includes(`${url}/l/`));
      const proposal = () =>
        find(
          (mail) => mail.to.includes(addressOf('CoordinationPlanner')) && isOfActions(mail) && mail.channel === 'mail',
        );
      const leads = await leadsOf(client, RESOURCE);
      const toLeads = (): string[] =>
        stack
          .messages()
          .filter(({ title, to }) => title.includes(RESOURCE) && leads.includes(to.join()))
          .map(({ to }) => to.join());
      const conflicts = async () =>
        (
          await client.query<{ status: string }>(
            `SELECT status FROM resource_conflicts WHERE resource_name = $1 AND detected_at > now() - interval '10 minutes'`,
            [RESOURCE],
          )
        ).rows.map(({ status }) => status);
      const decisions = async () =>
        (
          await client.query<{ decision: string | null; decided_by: string | null }>(
            'SELECT decision, decided_by FROM portfolio_actions.approvals',
          )
        ).rows;

      const began = Date.now();
      await database.provoke('ResourceConflictDetected');
      await until(() => slack() !== undefined && request() !== undefined && proposal() !== undefined, PATIENCE_MS);
      await until(() => toLeads().length >= leads.length, PATIENCE_MS);
      const told = { Slack: slack(), 'request to the Chairman': request(), 'proposal to the planner': proposal() };
      for (const [what, message] of Object.entries(told)) {
        expect(message, what).toBeDefined();
        console.log(`row to ${what}: ${(((message?.at ?? Number.NaN) - began) / 1000).toFixed(1)} s`);
      }
      // A mail of his own for each lead.
      expect(leads.length).toBeGreaterThan(1);
      expect(toLeads().toSorted()).toEqual(leads.toSorted());
      expect(await conflicts()).not.toEqual([]);
      expect(await decisions()).toEqual([{ decision: null, decided_by: null }]);

      const link = new RegExp(`${url}/l/[\\w.-]+`).exec(request()?.text ?? '')?.[0] ?? '';
      expect((await fetch(link)).status).toBe(200);
      expect(await decisions()).toEqual([{ decision: null, decided_by: null }]);
      const form = { method: 'POST', body: new URLSearchParams({ decision: 'APPROVED', note: 'As proposed.' }) };
      expect((await fetch(link, form)).status).toBe(200);
      expect(await decisions()).toEqual([{ decision: 'APPROVED', decided_by: 'Chairman' }]);

      // Once, whatever Alertmanager repeats.
      const asked = stack.messages().filter((mail) => mail.text.includes(`${url}/l/`));
      expect(asked).toHaveLength(1);
      const accepted = 'max(portfolio_actions_notifications_total{outcome="accepted"})';
      const counted = async (): Promise<number> => (await stack.prometheus.query(accepted))[0]?.value ?? 0;
      await until(async () => (await counted()) > 0, PATIENCE_MS);
      expect(await counted()).toBeGreaterThan(0);
      expect((await stack.prometheus.alerts()).map(({ labels }) => labels['alertname'])).not.toContain(
        'PortfolioActionsDown',
      );
    } finally {
      await stack.stop();
      await database.drop();
    }
  }, 900_000);
});
