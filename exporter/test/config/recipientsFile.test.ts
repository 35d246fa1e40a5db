import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ofPortfolio, parseRecipients } from '../../src/config/recipientsFile.js';
import { RECIPIENT_ROLES } from '../../src/config/recipientRoles.js';
import { RECIPIENTS_TEXT, recipientsWith } from '../alertmanager/sampleRecipients.js';
import { problemsOf } from './problemsOf.js';

const DIRECTORY = new URL('../../../alertmanager/', import.meta.url);
const shipped = readFileSync(new URL('recipients.yaml', DIRECTORY), 'utf8');
const refused = (text: string): string[] => problemsOf(() => parseRecipients(text, 'recipients.yaml'));

const BAD_ADDRESS = 'is not an address such as name@example.test: no display name, no list, no blanks';

describe('parseRecipients', () => {
  it.each(['__proto__', 'constructor', 'prototype'])('refuses the portfolio %s, which would be lost', (name) => {
    const text = shipped.replace('portfolios: {}', `portfolios:\n  ${name}: {Chairman: beta@example.test}`);
    const line = text.split('\n').findIndex((one) => one.includes(`  ${name}:`)) + 1;
    expect(refused(text)).toEqual([
      `recipients.yaml:${line}:3: "${name}" is a name that JavaScript keeps for itself; choose another`,
    ]);
  });

  it('reads every key', () => {
    expect(parseRecipients(RECIPIENTS_TEXT, 'recipients.yaml')).toEqual({
      recipients: {
        Chairman: ['chair@corp.test'],
        PortfolioOptimizationAdvisor: ['advisor@corp.test'],
        CoordinationPlanner: ['planner@corp.test'],
        SynergyExecutionManager: ['manager@corp.test', 'deputy@corp.test'],
        PortfolioAnalyst: ['analyst@corp.test'],
        OnCall: ['first@corp.test', 'second@corp.test'],
      },
      portfolios: new Map(),
      slack: { apiUrlFile: '/run/secrets/slack', channel: '#alerts' },
      mediumAlertsToSlack: false,
      smtp: {
        host: 'mail.corp.test',
        port: 587,
        from: 'alerts@corp.test',
        hello: 'monitor.corp.test',
        authUsername: 'alerts',
        authPasswordFile: '/run/secrets/mail',
        requireTls: true,
      },
      heartbeat: { url: 'https://heartbeat.corp.test/ping', credentialsFile: '/run/secrets/heartbeat' },
      actions: { url: 'http://actions.corp.test:10040/alerts', tokenFile: '/run/secrets/actions' },
      additions: { global: {}, routes: [], receivers: [], inhibitRules: [], other: {} },
    });
  });

  it('reads the shipped file, which names every role, neutral addresses and its schema', () => {
    const { recipients, heartbeat, mediumAlertsToSlack } = parseRecipients(shipped, 'recipients.yaml');
    expect(Object.keys(recipients)).toEqual([...RECIPIENT_ROLES]);
    for (const address of Object.values(recipients).flat()) expect(address).toMatch(/^[a-z-]+@example\.test$/);
    expect([heartbeat, mediumAlertsToSlack]).toEqual([null, false]);
    expect(shipped.split('\n')[0]).toBe('# yaml-language-server: $schema=./recipients.schema.json');
  });

  it('takes what may be left out for nothing', () => {
    const smtp = `smtp:\n  smarthost: '[::1]:25'\n  from: alerts@corp.test\n`;
    const roles = RECIPIENTS_TEXT.slice(0, RECIPIENTS_TEXT.indexOf('slack:'));
    expect(parseRecipients(`${roles}slack: null\n${smtp}`, 'recipients.yaml')).toMatchObject({
      slack: null,
      mediumAlertsToSlack: false,
      smtp: { host: '[::1]', port: 25, hello: null, authUsername: null, authPasswordFile: null, requireTls: true },
      heartbeat: null,
      actions: null,
    });
  });

  it('takes for a portfolio the roles of its section, and the others as they are', () => {
    const text = `${RECIPIENTS_TEXT}portfolios: {beta: {Chairman: [a@beta.test]}, "O'Brien #1": {OnCall: b@beta.test}}\n`;
    const file = parseRecipients(text, 'recipients.yaml');
    expect([...file.portfolios.keys()]).toEqual(['beta', "O'Brien #1"]);
    const { recipients } = file;
    expect(ofPortfolio(file, 'beta').recipients).toEqual({ ...recipients, Chairman: ['a@beta.test'] });
    expect(ofPortfolio(file, "O'Brien #1").recipients).toEqual({ ...recipients, OnCall: ['b@beta.test'] });
    for (const portfolio of ['Beta', 'alpha', '']) {
      expect(ofPortfolio(file, portfolio).recipients).toEqual(recipients);
    }
  });

  it('refuses what is wrong in the section of a portfolio, all of it at once', () => {
    const sections = `portfolios:
  beta:
    Chairmann: a@beta.test
    Chairman: a@beta
    slack: null
    OnCall: []
  '': {}
  "a\\tb": {}
  gamma: {OnCall: }
  delta: on-call@delta.test
`;
    expect(refused(RECIPIENTS_TEXT + sections)).toEqual([
      'recipients.yaml:29:16: portfolios.beta.Chairmann: unknown key; did you mean Chairman?',
      `recipients.yaml:30:15: portfolios.beta.Chairman: ${BAD_ADDRESS}`,
      'recipients.yaml:31:12: portfolios.beta.slack: unknown key here; it belongs at the top level',
      'recipients.yaml:32:5: portfolios.beta.OnCall: has no address: nobody would be told',
      'recipients.yaml:33:3: portfolios.: is empty: alerts without a label portfolio go to those of recipients',
      'recipients.yaml:34:3: portfolios.a\tb: has a control character: write the label as prometheus.yml has it',
      'recipients.yaml:35:11: portfolios.gamma.OnCall: expected an address or a list of addresses',
      'recipients.yaml:36:10: portfolios.delta: expected a map, not on-call@delta.test',
    ]);
  });

  it('refuses an addition that would say something twice', () => {
    expect(refused(`${RECIPIENTS_TEXT}additions: {global: {smtp_from: x, http_config: {}}, route: {}}\n`)).toEqual([
      'recipients.yaml:27:33: additions.global.smtp_from: is made from smtp and slack above; change it there',
      'recipients.yaml:27:54: additions.route: unknown key; did you mean routes?',
    ]);
  });

  it.each([
    'chair',
    'chair@',
    "'@corp.test'",
    'chair@corp',
    'chair@@corp.test',
    'chair.@corp.test',
    'a..b@corp.test',
    'chair@-corp.test',
    'chair@corp.test,planner@corp.test',
    'Chair <chair@corp.test>',
    'chair @corp.test',
    '"chair\\r\\nBcc: x@evil.test"',
    '"chair@corp.test\\n"',
    "'{{ .GroupLabels.x }}@corp.test'",
    "'ch\"air@corp.test'",
    "'chair@corp.test '",
    'chäir@corp.test',
    "''",
  ])('refuses the address %s', (address) => {
    expect(refused(recipientsWith(['chair@corp.test', address]))).toEqual([
      `recipients.yaml:2:13: recipients.Chairman: ${BAD_ADDRESS}`,
    ]);
  });

  it('points at the wrong address of a list', () => {
    expect(refused(recipientsWith(['second@corp.test', 'second@corp']))).toEqual([
      `recipients.yaml:9:7: recipients.OnCall[1]: ${BAD_ADDRESS}`,
    ]);
  });

  it.each<[string, readonly [string, string], string]>([
    [
      'a role without address',
      [' chair@corp.test', ' []'],
      '2:3: recipients.Chairman: has no address: nobody would be told',
    ],
    [
      'a role left empty',
      [' chair@corp.test', ''],
      '2:3: recipients.Chairman: expected an address or a list of addresses',
    ],
    ['a number', ['chair@corp.test', '5'], '2:13: recipients.Chairman: expected an address or a list of addresses'],
    ['a map', ['chair@corp.test', '{a: b}'], '2:3: recipients.Chairman: expected an address or a list of addresses'],
    [
      'an address twice',
      ['deputy@corp.test', 'Manager@corp.test'],
      '5:3: recipients.SynergyExecutionManager: names an address twice',
    ],
    [
      'an overlong address',
      ['chair@corp.test', `${'a'.repeat(250)}@corp.test`],
      '2:13: recipients.Chairman: is longer than an address may be (254 characters)',
    ],
    [
      'a missing role',
      ['  Chairman: chair@corp.test\n', ''],
      '1:1: recipients.Chairman: is missing; expected an address or a list of addresses',
    ],
    [
      'an unknown role',
      ['  Chairman:', '  Chair: a@corp.test\n  Chairman:'],
      `2:10: recipients.Chair: unknown key; known here: ${RECIPIENT_ROLES.join(', ')}`,
    ],
    [
      'a secret',
      ['channel:', 'api_url: https://hooks.slack.test/x\n  channel:'],
      '12:12: slack.api_url: unknown key; known here: api_url_file, channel',
    ],
    [
      'a password',
      ['require_tls:', 'auth_password: x\n  require_tls:'],
      '20:18: smtp.auth_password: unknown key; known here: smarthost, from, hello, auth_username, auth_password_file, require_tls',
    ],
    [
      'a relative file',
      ['/run/secrets/slack', 'secrets/slack'],
      '11:17: slack.api_url_file: is not an absolute path such as /run/secrets/name',
    ],
    [
      'a channel without #',
      ["'#alerts'", 'alerts'],
      "12:12: slack.channel: is not a channel such as '#portfolio-alerts'",
    ],
    [
      'a template as channel',
      ["'#alerts'", "'#{{ .Receiver }}'"],
      "12:12: slack.channel: is not a channel such as '#portfolio-alerts'",
    ],
    ['a smarthost without port', [':587', ''], '15:14: smtp.smarthost: is not host:port such as smtp.example.test:587'],
    ['port 0', [':587', ':0'], '15:14: smtp.smarthost: has a port that is not from 1 to 65535'],
    ['port 65536', [':587', ':65536'], '15:14: smtp.smarthost: has a port that is not from 1 to 65535'],
    ['a sender with a name', ['from: alerts@', 'from: Alerts <alerts@'], `16:9: smtp.from: ${BAD_ADDRESS}`],
    [
      'a user without password',
      ['/run/secrets/mail', 'null'],
      '18:18: smtp.auth_username: go together: give both auth_username and auth_password_file, or null for both',
    ],
    [
      'a password on an open line',
      ['require_tls: true', 'require_tls: false'],
      '20:16: smtp.require_tls: is false: the password would travel unencrypted; write true, or use port 465',
    ],
    [
      'a user in the heartbeat',
      ['https://heartbeat', 'https://user:secret@heartbeat'],
      '22:8: heartbeat.url: is not an http or https address without user, password, ? and #; the credential goes into credentials_file',
    ],
    [
      'another path than that of the webhook',
      [':10040/alerts', ':10040/'],
      '25:8: actions.url: is not the address of /alerts of the process, such as http://actions:10040/alerts',
    ],
    [
      'a token in the heartbeat',
      ['/ping', '/ping?token=x'],
      '22:8: heartbeat.url: is not an http or https address without user, password, ? and #; the credential goes into credentials_file',
    ],
    [
      'Slack asked for, but none',
      [
        "slack:\n  api_url_file: /run/secrets/slack\n  channel: '#alerts'\nmedium_alerts_to_slack: false",
        'slack: null\nmedium_alerts_to_slack: true',
      ],
      '11:25: medium_alerts_to_slack: is true, but slack is null',
    ],
  ])('refuses %s', (_what, change, problem) => {
    expect(refused(recipientsWith(change))).toEqual([`recipients.yaml:${problem}`]);
  });

  it.each(['465', '587'])('an open line to the same machine, or port 465, is no open line (%s)', (port) => {
    const text = recipientsWith(
      ['mail.corp.test:587', port === '465' ? 'mail.corp.test:465' : 'localhost:587'],
      ['require_tls: true', 'require_tls: false'],
    );
    expect(parseRecipients(text, 'recipients.yaml').smtp.requireTls).toBe(false);
  });

  it('tells every mistake at once', () => {
    const text = recipientsWith(
      ['chair@corp.test', 'chair'],
      ["'#alerts'", 'alerts'],
      [':587', ''],
      ['heartbeat:', 'hartbeat:'],
    );
    expect(refused(text).map((problem) => problem.split(': ')[1])).toEqual([
      'recipients.Chairman',
      'slack.channel',
      'smtp.smarthost',
      'hartbeat',
    ]);
  });
});

describe('the recipients schema', () => {
  const validate = new Ajv({ strict: true, allowUnionTypes: true, strictRequired: false, allErrors: true }).compile(
    JSON.parse(readFileSync(new URL('recipients.schema.json', DIRECTORY), 'utf8')) as object,
  );

  it.each([
    ['the shipped file', shipped],
    ['every key', RECIPIENTS_TEXT],
  ])('accepts %s', (_what, text) => {
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each<[string, readonly [string, string]]>([
    ['a bad address', ['chair@corp.test', 'chair']],
    ['a bad address in a list', ['second@corp.test', 'second']],
    ['an empty role', [' chair@corp.test', ' []']],
    ['a missing role', ['  Chairman: chair@corp.test\n', '']],
    ['an unknown key', ['channel:', 'chanel:']],
    ['a bad smarthost', [':587', '']],
    ['a user in the heartbeat', ['https://', 'https://user:secret@']],
  ])('refuses %s', (_what, change) => {
    expect(validate(parse(recipientsWith(change)))).toBe(false);
  });
});
