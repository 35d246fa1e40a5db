import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findAlertmanager } from '../support/alerting/binaries.js';
import { startSlackCatcher } from '../support/alerting/slackCatcher.js';
import { startAlertmanager } from '../support/alerting/startAlertmanager.js';
import { freePort } from '../support/freePort.js';

/** The program, by the name it has here; null where it is not installed. */
export const ALERTMANAGER = findAlertmanager();

export interface ShippedAlertmanager {
  readonly url: string;
  /** Titles of the messages to Slack so far. */
  slackTitles(): readonly string[];
  output(): string;
  stop(): Promise<void>;
}

/** Alertmanager with the shipped configuration, its waits cut short, and a catcher in the place of Slack; no mail server. */
export async function startShippedAlertmanager(): Promise<ShippedAlertmanager> {
  const directory = await mkdtemp(join(tmpdir(), 'portfolio-alertmanager-'));
  const slack = await startSlackCatcher();
  const alertmanager = await startAlertmanager({
    binary: ALERTMANAGER ?? '',
    directory,
    mail: { port: await freePort(), certificateFile: '' },
    login: { username: 'nobody', password: 'nothing' },
    slackUrl: slack.url,
    // Five minutes become half a second.
    hurry: 600,
  });
  return {
    url: `http://${alertmanager.address}`,
    slackTitles: () => slack.messages.map(({ title }) => title),
    output: () => alertmanager.output(),
    async stop() {
      await alertmanager.stop();
      await slack.stop();
      await rm(directory, { recursive: true });
    },
  };
}
