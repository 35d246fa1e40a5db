import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { alertmanagerFile } from '../../../alertmanager/src/alertmanagerFile.js';
import { loadAlerts } from '../../../prometheus/src/alerts.js';
import { parseRecipients } from '../../src/config/recipientsFile.js';
import { AMTOOL, amtool } from '../support/amtool.js';
import { ROUTE_CASES } from './routeCases.js';
import { RECIPIENTS_TEXT } from './sampleRecipients.js';

const ODD = String.raw`Bob's "R&D" \ #1, ä`;
const PORTFOLIOS = `portfolios:
  beta:
    Chairman: [chair@beta.test, vice@beta.test]
    SynergyExecutionManager: manager@beta.test
    OnCall: on-call@beta.test
  ${JSON.stringify(ODD)}: {CoordinationPlanner: bob@corp.test}
`;

interface Receiver {
  readonly name: string;
  readonly email_configs?: readonly { readonly to: string }[];
}

const alerts = await loadAlerts();
const text = alertmanagerFile(alerts, parseRecipients(RECIPIENTS_TEXT + PORTFOLIOS, 'recipients.yaml'));
const { receivers } = parse(text) as { receivers: readonly Receiver[] };
const usual = parse(alertmanagerFile(alerts, parseRecipients(RECIPIENTS_TEXT, 'recipients.yaml'))) as {
  receivers: readonly Receiver[];
};

describe.skipIf(AMTOOL === null)('who is told of what in which portfolio, asked by amtool', () => {
  let directory: string;
  let config: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'portfolio-recipients-'));
    config = join(directory, 'alertmanager.yml');
    await writeFile(config, text);
  });
  afterAll(() => rm(directory, { recursive: true }));

  async function told(labels: Readonly<Record<string, string>>): Promise<string[]> {
    const { code, stdout, output } = await amtool(
      ...['config', 'routes', 'test', `--config.file=${config}`],
      ...Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`),
    );
    expect(code, output).toBe(0);
    // The only name with a comma is the last one of a list here.
    const names = receivers.map(({ name }) => name).filter((name) => `,${stdout.trim()},`.includes(`,${name},`));
    expect(names.join(',')).toHaveLength(stdout.trim().length);
    return names.flatMap((name) => receivers.find((one) => one.name === name)?.email_configs ?? []).map(({ to }) => to);
  }

  const OWN: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
    beta: {
      'chair@corp.test': ['chair@beta.test', 'vice@beta.test'],
      'manager@corp.test': ['manager@beta.test'],
      'deputy@corp.test': [],
      'first@corp.test': ['on-call@beta.test'],
      'second@corp.test': [],
      '{{ or .GroupLabels.owner_email "manager@corp.test" }}': [
        '{{ or .GroupLabels.owner_email "manager@beta.test" }}',
      ],
    },
    [ODD]: { 'planner@corp.test': ['bob@corp.test'] },
    alpha: {},
    '': {},
  };
  // One of each class and of each way to be told.
  const CASES = [
    'SynergyInitiativeDelayed',
    'ResourceConflictsUrgent',
    'CoordinationOverheadExceedsThreshold',
    'PortfolioKpiDataStale',
    'PortfolioExporterDown',
    'PortfolioDataQuality',
  ];
  const cases = ROUTE_CASES.filter(({ alertname }) => CASES.includes(alertname));

  it('the file is valid', async () => {
    const { code, output } = await amtool('check-config', config);
    expect(code, output).toBe(0);
  });

  it.each(cases.map((one) => [one.alertname, one.variant, one] as const))('%s %s', async (alertname, _what, one) => {
    const addresses = usual.receivers.filter(({ name }) => one.receivers.includes(name));
    const expected = addresses.flatMap((receiver) => receiver.email_configs ?? []).map(({ to }) => to);
    expect(expected).not.toEqual([]);
    for (const [portfolio, own] of Object.entries(OWN)) {
      const to = expected.flatMap((address) => own[address] ?? [address]);
      const labels = { alertname, ...one.labels, ...(portfolio === '' ? {} : { portfolio }) };
      expect((await told(labels)).toSorted(), portfolio).toEqual(to.toSorted());
    }
  });

  it('what matches nothing goes to the on-call of its portfolio', async () => {
    expect(await told({ alertname: 'Misspelt', portfolio: 'beta' })).toEqual(['on-call@beta.test']);
    expect(await told({ alertname: 'Misspelt', class: 'kpi', portfolio: 'beta' })).toEqual(['on-call@beta.test']);
    expect(await told({ alertname: 'Misspelt', portfolio: 'betamax' })).toEqual([
      'first@corp.test',
      'second@corp.test',
    ]);
  });
});

it('has receivers of its own only where somebody else is told', () => {
  const added = receivers.map(({ name }) => name).filter((name) => name.includes('/'));
  expect(added.filter((name) => name.startsWith(ODD))).toEqual([
    `${ODD}/coordination-overhead-exceeds-threshold`,
    `${ODD}/resource-conflicts`,
    `${ODD}/resource-conflict-escalated`,
  ]);
  expect(added).toContain('beta/on-call');
  expect(added).not.toContain('beta/portfolio-data-quality');
});
