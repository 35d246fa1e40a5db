import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { BUSINESS_ALERTS } from '../alerts/businessAlerts.js';
import { TASK_PAYLOADS } from '../jobs/taskPayloads.js';
import { ALERT_OUTCOMES, type AlertOutcome } from '../webhook/alertOutcomes.js';
import { WEBHOOK_OUTCOMES, type WebhookOutcome } from '../webhook/webhookRoute.js';
import { JOB_STATES, type QueueFigures } from './readQueue.js';

/** The actions process about itself (names: docs/actions.md). */
export interface ActionsMetrics {
  readonly registry: Registry;
  countNotification(outcome: WebhookOutcome): void;
  readonly countAlerts: (outcome: AlertOutcome, count: number) => void;
  /** 1 up, 0 down; no sample before the first answer. */
  setDatabaseUp(up: boolean): void;
  /** Whether the files as they stand are in force. */
  setReload(successful: boolean): void;
  /** What waits in the database, and when it was read; null while it does not answer: then these have no samples. */
  setQueue(read: { readonly figures: QueueFigures; readonly readAt: Date } | null): void;
  render(): Promise<{ readonly contentType: string; readonly body: string }>;
}

export interface ActionsMetricsOptions {
  readonly version: string;
  readonly nodeVersion: string;
  /** As /readyz says. */
  readonly isReady: () => boolean;
}

export function createActionsMetrics(options: ActionsMetricsOptions): ActionsMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const gauge = <L extends string = never>(name: string, help: string, ...labelNames: L[]): Gauge<L> =>
    new Gauge({ name: `portfolio_actions_${name}`, help, labelNames, registers });
  gauge('build_info', 'Version of the program and of Node.js; always 1.', 'version', 'node_version').set(
    { version: options.version, node_version: options.nodeVersion },
    1,
  );
  new Gauge({
    name: 'portfolio_actions_ready',
    help: '1 if the process reaches its database and runs jobs, as /readyz says.',
    registers,
    collect() {
      this.set(options.isReady() ? 1 : 0);
    },
  });
  const notifications = new Counter({
    name: 'portfolio_actions_notifications_total',
    help: 'Calls of the webhook by outcome: kept, kept before, refused, or lost to an outage of this process.',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of WEBHOOK_OUTCOMES) notifications.inc({ outcome }, 0);
  const alerts = new Counter({
    name: 'portfolio_actions_alerts_total',
    help: 'Alerts in the notifications that this process handled, by what became of them; the last three set nothing off.',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of ALERT_OUTCOMES) alerts.inc({ outcome }, 0);
  const jobs = gauge(
    'jobs',
    'Jobs by state: waiting (due), scheduled, running, retrying (failed, tried again later), dead (given up).',
    'task',
    'state',
  );
  const oldest = gauge(
    'oldest_waiting_seconds',
    'Age of the oldest that waits, 0 where none does: a due job other than a mail, a notification that no job has handled, an undelivered mail.',
    'kind',
  );
  const mails = gauge('mails', 'Mails by state: waiting, or refused for good within the last day.', 'state');
  const requests = gauge(
    'open_requests',
    'Approvals and status requests without an answer; overdue ones are among the open.',
    'kind',
    'state',
  );
  const episodes = gauge(
    'open_episodes',
    'Alerts about the business that fire now, as Alertmanager told.',
    'alertname',
  );
  const reloadSuccessful = gauge(
    'config_last_reload_successful',
    '1 if the configuration files as they stand are in force, 0 if they were refused and older values are.',
  );
  const readAt = gauge(
    'queue_read_timestamp_seconds',
    'When jobs, oldest waiting, mails, open requests and open episodes were read from the database; like them absent while it does not answer.',
  );
  readAt.remove();
  let databaseUp: Gauge | null = null;
  return {
    registry,
    countNotification: (outcome) => notifications.inc({ outcome }),
    countAlerts: (outcome, count) => alerts.inc({ outcome }, count),
    setDatabaseUp(up) {
      databaseUp ??= gauge('database_up', '1 if the database answers, 0 if not; absent before it was asked.');
      databaseUp.set(up ? 1 : 0);
    },
    setReload: (successful) => reloadSuccessful.set(successful ? 1 : 0),
    setQueue(read) {
      for (const one of [jobs, oldest, mails, requests, episodes]) one.reset();
      readAt.remove();
      if (read === null) return;
      const { figures } = read;
      readAt.set(read.readAt.getTime() / 1_000);
      for (const task of Object.keys(TASK_PAYLOADS)) for (const one of JOB_STATES) jobs.set({ task, state: one }, 0);
      for (const { task, state: of, count } of figures.jobs) jobs.set({ task, state: of }, count);
      oldest.set({ kind: 'job' }, figures.oldestJobSeconds);
      oldest.set({ kind: 'notification' }, figures.oldestNotificationSeconds);
      oldest.set({ kind: 'mail' }, figures.oldestMailSeconds);
      mails.set({ state: 'waiting' }, figures.mailsWaiting);
      mails.set({ state: 'refused' }, figures.mailsRefused);
      for (const { kind, open, overdue } of figures.requests) {
        requests.set({ kind, state: 'open' }, open);
        requests.set({ kind, state: 'overdue' }, overdue);
      }
      for (const alertname of Object.keys(BUSINESS_ALERTS)) episodes.set({ alertname }, 0);
      for (const { alertname, count } of figures.episodes) episodes.set({ alertname }, count);
    },
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}
