import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { alertmanagerFile, isAsGenerated } from '../../../alertmanager/src/alertmanagerFile.js';
import { loadAlerts } from '../../../prometheus/src/alerts.js';
import { parseRecipients } from '../../src/config/recipientsFile.js';
import { RECIPIENTS_TEXT, recipientsWith } from './sampleRecipients.js';

interface EmailConfig {
  readonly to: string;
}
interface Receiver {
  readonly name: string;
  readonly email_configs?: readonly EmailConfig[];
  readonly slack_configs?: readonly unknown[];
  readonly webhook_configs?: readonly unknown[];
}
interface Config {
  readonly global: Readonly<Record<string, unknown>>;
  readonly route: { readonly routes: readonly unknown[] };
  readonly inhibit_rules: readonly unknown[];
  readonly receivers: readonly Receiver[];
}

const alerts = await loadAlerts();
const generate = (recipients = RECIPIENTS_TEXT): string =>
  alertmanagerFile(alerts, parseRecipients(recipients, 'recipients.yaml'));
const generated = (recipients?: string): Config => parse(generate(recipients)) as Config;
const receiver = (config: Config, name: string): Receiver | undefined =>
  config.receivers.find((one) => one.name === name);
const addresses = (config: Config, name: string): string[] =>
  (receiver(config, name)?.email_configs ?? []).map(({ to }) => to);

describe('alertmanagerFile', () => {
  it('gives each address of a role a mail of its own, and each only one', () => {
    const config = generated();
    expect(addresses(config, 'on-call')).toEqual(['first@corp.test', 'second@corp.test']);
    expect(addresses(config, 'synergy-initiative-delayed')).toEqual(['manager@corp.test', 'deputy@corp.test']);
    expect(addresses(config, 'synergy-initiative-delayed-initiative-owner')).toEqual([
      '{{ or .GroupLabels.owner_email "manager@corp.test" }}',
    ]);
    const same = generated(recipientsWith(['planner@corp.test', 'Chair@corp.test']));
    expect(addresses(same, 'resource-conflicts')).toEqual(['chair@corp.test']);
  });

  it('writes the settings of the mail server and of Slack', () => {
    expect(generated().global).toEqual({
      resolve_timeout: '5m',
      smtp_smarthost: 'mail.corp.test:587',
      smtp_from: 'alerts@corp.test',
      smtp_hello: 'monitor.corp.test',
      smtp_auth_username: 'alerts',
      smtp_auth_password_file: '/run/secrets/mail',
      smtp_require_tls: true,
      slack_api_url_file: '/run/secrets/slack',
    });
  });

  it('asks no STARTTLS of port 465, which is encrypted from the start', () => {
    expect(generated(recipientsWith([':587', ':465'])).global).toMatchObject({ smtp_require_tls: false });
  });

  it('without Slack names it nowhere', () => {
    const text = generate(
      recipientsWith(["slack:\n  api_url_file: /run/secrets/slack\n  channel: '#alerts'", 'slack: null']),
    );
    expect(text).not.toContain('slack');
  });

  it('sends medium alerts to Slack only where asked for', () => {
    const bySlack = (config: Config): string[] =>
      config.receivers.filter((one) => one.slack_configs !== undefined).map(({ name }) => name);
    const asked = generated(recipientsWith(['to_slack: false', 'to_slack: true']));
    const before = bySlack(generated());
    expect(bySlack(asked).filter((name) => !before.includes(name))).toEqual([
      'coordination-overhead-exceeds-threshold',
      'synergy-capture-rate-below-target',
    ]);
  });

  it.each<[string, readonly (readonly [string, string])[], unknown]>([
    [
      'with a credential',
      [],
      [
        {
          url: 'https://heartbeat.corp.test/ping',
          send_resolved: false,
          http_config: { authorization: { credentials_file: '/run/secrets/heartbeat' } },
        },
      ],
    ],
    [
      'without a credential',
      [['/run/secrets/heartbeat', 'null']],
      [{ url: 'https://heartbeat.corp.test/ping', send_resolved: false }],
    ],
    [
      'none at all',
      [
        [
          'heartbeat:\n  url: https://heartbeat.corp.test/ping\n  credentials_file: /run/secrets/heartbeat',
          'heartbeat: null',
        ],
      ],
      undefined,
    ],
  ])('heartbeat: %s', (_what, changes, webhooks) => {
    const heartbeat = receiver(generated(recipientsWith(...changes)), 'heartbeat');
    expect(heartbeat).toEqual({ name: 'heartbeat', ...(webhooks === undefined ? {} : { webhook_configs: webhooks }) });
  });

  it('is recognised as generated until somebody edits it', () => {
    const text = generate();
    expect(isAsGenerated(text)).toBe(true);
    for (const edited of [
      text.replace('5m', '6m'),
      `${text}# ours\n`,
      text.slice(0, -1),
      text.replace(/^# sha.*\n/m, ''),
      '',
    ])
      expect(isAsGenerated(edited)).toBe(false);
  });

  it('calls the process that acts on alerts about the business, or none', () => {
    const config = generated();
    expect(config.route.routes[0]).toMatchObject({ matchers: ['class="kpi"'], receiver: 'actions', continue: true });
    const authorization = { credentials_file: '/run/secrets/actions' };
    const webhook = {
      url: 'http://actions.corp.test:10040/alerts',
      send_resolved: true,
      http_config: { authorization },
    };
    expect(receiver(config, 'actions')?.webhook_configs).toEqual([webhook]);
    const none = generate(RECIPIENTS_TEXT.slice(0, RECIPIENTS_TEXT.indexOf('actions:')));
    expect(none).not.toContain('actions.corp.test');
    expect(none).not.toContain('receiver: actions');
  });

  it('takes over as it is what has no setting: routes behind that of the actions alone, the rest behind all', () => {
    const additions = {
      global: { http_config: { proxy_url: 'http://proxy.test' } },
      routes: [{ matchers: ['team="red"'], receiver: 'war-room', continue: true }],
      receivers: [{ name: 'war-room', webhook_configs: [{ url: 'http://sirens.test/' }] }],
      inhibit_rules: [{ source_matchers: ['a="b"'], target_matchers: ['c="d"'] }],
      time_intervals: [{ name: 'nights', time_intervals: [{ weekdays: ['monday'] }] }],
    };
    const before = generated();
    const [actions, ...routes] = before.route.routes;
    expect(generated(`${RECIPIENTS_TEXT}additions: ${JSON.stringify(additions)}\n`)).toEqual({
      ...before,
      global: { ...before.global, ...additions.global },
      route: { ...before.route, routes: [actions, ...additions.routes, ...routes] },
      receivers: [...before.receivers, ...additions.receivers],
      inhibit_rules: [...before.inhibit_rules, ...additions.inhibit_rules],
      time_intervals: additions.time_intervals,
    });
  });
});
