import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { generateConfig } from '../../src/alertmanager/generateConfig.js';
import { parseRecipients } from '../../src/config/recipientsFile.js';
import { problemsOf } from '../config/problemsOf.js';
import { RECIPIENTS_TEXT, recipientsWith } from './sampleRecipients.js';

const shipped = readFileSync(new URL('../../../alertmanager/alertmanager.yml', import.meta.url), 'utf8');

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
  readonly receivers: readonly Receiver[];
}

const generate = (text: string, recipients = RECIPIENTS_TEXT): string =>
  generateConfig(text, 'alertmanager.yml', parseRecipients(recipients, 'recipients.yaml'));
const generated = (recipients?: string): Config => parse(generate(shipped, recipients)) as Config;
const receiver = (config: Config, name: string): Receiver | undefined =>
  config.receivers.find((one) => one.name === name);
const addresses = (config: Config, name: string): string[] =>
  (receiver(config, name)?.email_configs ?? []).map(({ to }) => to);

describe('generateConfig', () => {
  it('is idempotent', () => {
    const once = generate(shipped);
    expect(once).not.toBe(shipped);
    expect(generate(once)).toBe(once);
  });

  it('leaves every other section as it is, byte for byte', () => {
    const middle = (text: string): string => text.slice(text.indexOf('\ntemplates:'), text.indexOf('\nreceivers:'));
    expect(middle(generate(shipped))).toBe(middle(shipped));
    expect(middle(shipped).length).toBeGreaterThan(3_000);
  });

  it('gives each address of a role a mail of its own, and each only one', () => {
    const config = generated();
    expect(addresses(config, 'on-call')).toEqual(['first@corp.test', 'second@corp.test']);
    expect(addresses(config, 'initiative-manager')).toEqual(['manager@corp.test', 'deputy@corp.test']);
    expect(addresses(config, 'initiative-owner')).toEqual(['{{ or .GroupLabels.owner_email "manager@corp.test" }}']);
    const same = generated(recipientsWith(['planner@corp.test', 'Chair@corp.test']));
    expect(addresses(same, 'resource-conflict')).toEqual(['chair@corp.test']);
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
      shipped,
      recipientsWith(["slack:\n  api_url_file: /run/secrets/slack\n  channel: '#alerts'", 'slack: null']),
    );
    // The note of the generated section names the keys.
    expect(text.replaceAll(/^ *#.*$/gm, '')).not.toContain('slack');
  });

  it('sends medium alerts to Slack only where asked for', () => {
    const bySlack = (config: Config): string[] =>
      config.receivers.filter((one) => one.slack_configs !== undefined).map(({ name }) => name);
    const asked = generated(recipientsWith(['to_slack: false', 'to_slack: true']));
    const before = bySlack(generated());
    expect(bySlack(asked).filter((name) => !before.includes(name))).toEqual(['capture-rate', 'coordination-overhead']);
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

  it('says what is generated, from what and by what', () => {
    for (const key of ['global', 'receivers']) {
      expect(generate(shipped)).toContain(
        `${key}:\n  # Generated from recipients.yaml by \`npm run alertmanager\` (\`portfolio-exporter alertmanager\`)`,
      );
    }
  });
});

describe('what people added by hand', () => {
  const OWN = `
  # Ours: the war room.
  - name: war-room   # loud
    webhook_configs:
      - {url: "http://sirens.test/",   send_resolved: false}
      # below
`;
  const withOwn = `${generate(shipped)}${OWN}# the end\n`;

  it('stays, with its comments and its form', () => {
    expect(generate(withOwn)).toBe(withOwn);
    const changed = generate(withOwn, recipientsWith(['chair@corp.test', 'new@corp.test']));
    expect(changed).toBe(withOwn.replaceAll('chair@corp.test', 'new@corp.test'));
  });

  it('moves below the generated receivers', () => {
    const first = shipped.replace(/^receivers:\n/m, `receivers:${OWN}\n`);
    const text = generate(first);
    expect(text).toBe(`${generate(shipped)}${OWN}`);
    expect(generate(text)).toBe(text);
  });

  it('may be routed to', () => {
    const routed = withOwn.replace(
      'matchers: [\'class="sla"\']\n      receiver: on-call',
      'matchers: [\'class="sla"\']\n      receiver: war-room',
    );
    expect(routed).not.toBe(withOwn);
    expect(generate(routed)).toBe(routed);
  });

  it('in global: other keys stay, a password goes', () => {
    const text = shipped.replace(
      /^global:\n/m,
      'global:\n  # Ours.\n  http_config:\n    proxy_url: http://proxy.test\n  smtp_auth_password: hunter2\n',
    );
    const result = generate(text);
    expect((parse(result) as Config).global).toMatchObject({ http_config: { proxy_url: 'http://proxy.test' } });
    expect(result).toContain('  # Ours.\n  http_config:\n');
    expect(result).not.toContain('hunter2');
    expect(generate(result)).toBe(result);
  });

  it.each([
    ['empty', 'global: {}', 'receivers: []'],
    ['without values', 'global:', 'receivers:'],
    ['absent', '', ''],
  ])('is not needed: sections that are %s are filled', (_what, global, receivers) => {
    const route = 'route:\n  receiver: on-call\n';
    const text = generate(`${global}\n${route}\n${receivers}\n`);
    expect((parse(text) as Config).receivers).toEqual(generated().receivers);
    expect((parse(text) as Config).global).toEqual(generated().global);
    expect(text).toContain(route);
    expect(generate(text)).toBe(text);
  });

  it('in braces is kept too', () => {
    const text = generate(
      'route: {receiver: mine}\nreceivers: [{name: mine}, {name: on-call}]\nglobal: {http_config: {proxy_url: x}}\n',
    );
    const config = parse(text) as Config;
    expect(config.receivers.at(-1)).toEqual({ name: 'mine' });
    expect(config.receivers.filter(({ name }) => name === 'on-call')).toEqual([receiver(generated(), 'on-call')]);
    expect(config.global['http_config']).toEqual({ proxy_url: 'x' });
    expect(generate(text)).toBe(text);
  });

  it('keeps the line breaks and the indentation of the file', () => {
    const crlf = generate(shipped.replaceAll('\n', '\r\n'));
    expect(crlf).toBe(generate(shipped).replaceAll('\n', '\r\n'));
    const flush = generate('route:\n  receiver: mine\nreceivers:\n- name: mine\n');
    expect(flush).toContain('\n- name: on-call\n  slack_configs:\n');
    expect(parse(flush)).toMatchObject({ route: { receiver: 'mine' } });
    expect(generate(flush)).toBe(flush);
  });
});

describe('a file that cannot be used', () => {
  const refused = (text: string): string[] => problemsOf(() => generate(text));

  it('a route to a receiver that does not exist: each of them, with its place', () => {
    const text = shipped
      .replace('receiver: performance-degradation', 'receiver: performance')
      .replace('receiver: heartbeat', 'receiver: hartbeat');
    const lines = text.split('\n');
    const line = (part: string): number => lines.findIndex((one) => one.includes(part)) + 1;
    const problems = refused(text);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain(
      `alertmanager.yml:${line('receiver: hartbeat')}:17: route.routes[0].receiver: no receiver is called hartbeat; known: on-call, `,
    );
    expect(problems[1]).toContain(
      `alertmanager.yml:${line('receiver: performance')}:21: route.routes[1].routes[0].receiver: no receiver is called performance`,
    );
  });

  it.each([
    ['no route', 'receivers: []\n', ['alertmanager.yml:1:1: route: is missing']],
    [
      'receivers that are no list',
      'route: {}\nreceivers: {}\n',
      ['alertmanager.yml:2:1: receivers: expected a list, not a map'],
    ],
    [
      'a receiver without name',
      'route: {}\nreceivers:\n  - {}\n',
      ['alertmanager.yml:3:5: receivers[0].name: is missing'],
    ],
    ['broken YAML', 'route: [\n', undefined],
    ['an empty file', '', ['alertmanager.yml:1:1: the file is empty; write {} for all defaults']],
  ])('%s', (_what, text, problems) => {
    if (problems === undefined) expect(refused(text).length).toBeGreaterThan(0);
    else expect(refused(text)).toEqual(problems);
  });
});
