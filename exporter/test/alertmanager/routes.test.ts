import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseRecipients } from '../../src/config/recipientsFile.js';
import { AMTOOL, amtool } from '../support/amtool.js';
import type { RouteCase } from './routeCases.js';
import { MISSPELT_CASES, ROUTE_CASES } from './routeCases.js';

const CONFIG = fileURLToPath(new URL('../../../alertmanager/alertmanager.yml', import.meta.url));
const RECIPIENTS = fileURLToPath(new URL('../../../alertmanager/recipients.yaml', import.meta.url));

interface Route {
  readonly receiver?: string;
  readonly matchers?: readonly string[];
  readonly routes?: readonly Route[];
  readonly group_by?: readonly string[];
  readonly repeat_interval?: string;
  readonly continue?: boolean;
}
interface Receiver {
  readonly name: string;
  readonly email_configs?: readonly { readonly to: string; readonly send_resolved: boolean }[];
  readonly slack_configs?: readonly { readonly send_resolved: boolean; readonly link_names: boolean }[];
}
const config = parse(readFileSync(CONFIG, 'utf8')) as { route: Route; receivers: readonly Receiver[] };
const receivers = new Map(config.receivers.map((receiver) => [receiver.name, receiver]));

const title = ({ alertname, variant }: RouteCase): string =>
  [alertname, variant].filter((text) => text !== '').join(', ');
const withTitles = (cases: readonly RouteCase[]) => cases.map((one) => [title(one), one] as const);

async function expectReceivers({ alertname, labels, receivers: expected }: RouteCase): Promise<void> {
  const { code, stdout, output } = await amtool(
    'config',
    'routes',
    'test',
    `--config.file=${CONFIG}`,
    `--verify.receivers=${expected.join(',')}`,
    // In quotes: the parser of newer versions warns about what only the classic one reads.
    ...Object.entries({ alertname, ...labels }).map(([name, value]) => `${name}="${value}"`),
  );
  expect(stdout).toBe(`${expected.join(',')}\n`);
  expect(code, output).toBe(0);
}

describe.skipIf(AMTOOL === null)('the shipped routes, asked by amtool', () => {
  it('are part of a faultless configuration', async () => {
    const { code, output } = await amtool('check-config', CONFIG);
    expect(code, output).toBe(0);
    expect(output).toContain('15 receivers');
    expect(output).toContain('10 inhibit rules');
  });

  it.each(withTitles(ROUTE_CASES))('%s', async (_title, one) => expectReceivers(one));
  it.each(withTitles(MISSPELT_CASES))('misspelt: %s', async (_title, one) => expectReceivers(one));
});

/** Where an address stands, and whose it is. */
const FROM_LABEL: Readonly<Record<string, { label: string; role: string }>> = {
  owner_email: { label: 'owner_email', role: 'InitiativeOwner' },
};

describe('the recipients', () => {
  const { recipients } = parseRecipients(readFileSync(RECIPIENTS, 'utf8'), RECIPIENTS);
  const roleOf = new Map(Object.entries(recipients).flatMap(([role, list]) => list.map((address) => [address, role])));

  /** Whom the e-mail entries of the receivers reach, as often as they do. */
  function rolesReached({ receivers: names, labels }: RouteCase): string[] {
    return names.flatMap((name) =>
      (receivers.get(name)?.email_configs ?? []).map(({ to }) => {
        const label = /^\{\{ or \.GroupLabels\.(\w+) "[^"]+" \}\}$/.exec(to)?.[1];
        if (label === undefined) return roleOf.get(to) ?? `nobody: ${to}`;
        const source = FROM_LABEL[label];
        if (source === undefined) return `nobody: ${to}`;
        // Otherwise the fallback would get a second mail.
        expect(labels[source.label], `${name} without ${label}`).toMatch(/.+/);
        return source.role;
      }),
    );
  }

  it.each(withTitles(ROUTE_CASES))('%s: those of its label get one mail each', (_title, one) => {
    const { labels } = one;
    const meant = (labels['recipients'] ?? '').split(',').filter((role) => role !== '');
    expect(rolesReached(one).toSorted()).toEqual(meant.toSorted());
  });

  it.each(withTitles(MISSPELT_CASES))('misspelt: %s: reaches a person', (_title, one) => {
    expect(rolesReached(one)).not.toEqual([]);
  });

  const SLACK = [
    'CoordinationPlanner,Chairman,OnCall',
    'CoordinationPlanner,Chairman',
    'Chairman,PortfolioOptimizationAdvisor',
    'OnCall',
  ];
  it.each(withTitles(ROUTE_CASES))('%s: Slack as the table of alerts has it', (_title, one) => {
    const bySlack = one.receivers.some((name) => receivers.get(name)?.slack_configs !== undefined);
    expect(bySlack).toBe(SLACK.includes(one.labels['recipients'] ?? ''));
  });

  it('of every message also hear of its end, and no name calls people in Slack', () => {
    for (const { email_configs: mails = [], slack_configs: slack = [] } of config.receivers) {
      for (const entry of [...mails, ...slack]) expect(entry.send_resolved).toBe(true);
      for (const entry of slack) expect(entry.link_names).toBe(false);
    }
  });
});

describe('the route tree', () => {
  const all = (route: Route): Route[] => [route, ...(route.routes ?? []).flatMap(all)];

  it('groups by the label that holds the address, wherever a receiver reads one', () => {
    const reads = ({ receiver = '' }: Route): string[] =>
      (receivers.get(receiver)?.email_configs ?? []).flatMap(({ to }) => /GroupLabels\.(\w+)/.exec(to)?.[1] ?? []);
    const readers = all(config.route).flatMap((route) => reads(route).map((label) => [label, route] as const));
    expect(readers.map(([label]) => label)).toEqual(['owner_email']);
    for (const [label, { group_by: groupBy, matchers }] of readers) {
      expect(groupBy).toContain(label);
      expect(matchers?.join(', ')).toContain(`addressee="${FROM_LABEL[label]?.role ?? ''}"`);
    }
  });

  it('has on-call as the receiver of the root and of every class', () => {
    expect(config.route.receiver).toBe('on-call');
    const [actions, ...others] = config.route.routes ?? [];
    expect(actions).toMatchObject({ receiver: 'actions', continue: true });
    const classes = others.filter(({ matchers }) => matchers?.[0]?.startsWith('class=') === true);
    expect(classes.map(({ matchers, receiver }) => [matchers, receiver])).toEqual([
      [['class="kpi"'], 'on-call'],
      [['class="sla"'], 'on-call'],
      [['class="exporter"'], 'on-call'],
    ]);
  });

  it('repeats nothing later than Alertmanager remembers it (--data.retention=9600h)', () => {
    const hours = all(config.route).map(({ repeat_interval: text }) => Number(/^(\d+)h$/.exec(text ?? '')?.[1] ?? 0));
    expect(Math.max(...hours)).toBe(8760);
  });

  it('leaves no receiver without a route', () => {
    const used = new Set(all(config.route).map(({ receiver }) => receiver));
    expect(config.receivers.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
  });
});
