import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ROUTE_CASES } from './routeCases.js';
import { ALERTMANAGER, startShippedAlertmanager } from './shippedAlertmanager.js';
import type { ShippedAlertmanager } from './shippedAlertmanager.js';

type Labels = Readonly<Record<string, string>>;
interface ApiAlert {
  readonly labels: Labels;
  readonly status: { readonly inhibitedBy: readonly string[] };
}

const PATIENCE_MS = 20_000;
/** A pair of which the first silences the second: once it does, what was sent before it has been looked at too. */
const SENTINELS: readonly Labels[] = [
  { alertname: 'SentinelSource', class: 'sla', severity: 'high', kpi: 'sentinel' },
  { alertname: 'SentinelTarget', class: 'kpi', severity: 'high', kpi: 'sentinel' },
];

/** One alert of each case of the routes, without the variants that differ only in whom they reach. */
const ALL: readonly Labels[] = ROUTE_CASES.filter(({ variant }) => !/address$|without leads/.test(variant)).map(
  ({ alertname, labels }) => ({ alertname, ...labels }),
);
const ofClass = (name: string): Labels[] => ALL.filter((labels) => labels['class'] === name);
const called = (...names: readonly string[]): Labels[] => ALL.filter(({ alertname = '' }) => names.includes(alertname));
const KPI = [...ofClass('kpi'), ...called('SynergyInitiativeDelayed')];
const SLA = ofClass('sla');
const OLD_DATA = SLA.filter(({ kpi }) => kpi !== undefined);
const GRAFANA = SLA.filter(({ kpi }) => kpi === undefined);
const SOURCES = ['PortfolioExporterDown', 'PortfolioDatabaseDown'];
const MISSING = 'PortfolioThresholdMissing';
const SHARD_MISSING = 'PortfolioShardMissing';
const ACTIONS_DOWN = 'PortfolioActionsDown';
const REFUSED_TWICE = 'PortfolioActionsConfigReloadFailed';
const EXPORTER = ofClass('exporter').filter(
  ({ alertname = '' }) => ![...SOURCES, MISSING, SHARD_MISSING, ACTIONS_DOWN, REFUSED_TWICE].includes(alertname),
);
const NEEDS_DATABASE = called(
  'PortfolioKpiFailing',
  'PortfolioHistoryNotWritten',
  'PortfolioConfigNotRecorded',
  'PortfolioDataQuality',
);
const OF_ACTIONS = called('PortfolioActionsJobsFailing', 'PortfolioActionsQueueLate', 'PortfolioMailUndelivered');
const ON_THE_PAGE = called('PortfolioConfigReloadFailed');
const notOld = (labels: Labels): boolean => !OLD_DATA.includes(labels);
const nameOf = ({ alertname = '', kpi = '', measure = '' }: Labels): string => `${alertname} ${kpi} ${measure}`.trim();

describe.skipIf(ALERTMANAGER === null)('the inhibition rules, in a real Alertmanager', () => {
  let alertmanager: ShippedAlertmanager;
  beforeAll(async () => {
    alertmanager = await startShippedAlertmanager();
  });
  afterAll(() => alertmanager.stop());

  async function send(alerts: readonly Labels[], lastsMs: number): Promise<void> {
    const now = Date.now();
    const body = alerts.map((labels) => ({
      labels,
      startsAt: new Date(now - 60_000).toISOString(),
      endsAt: new Date(now + lastsMs).toISOString(),
    }));
    const response = await fetch(`${alertmanager.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status, await response.text()).toBe(200);
  }

  async function active(): Promise<ApiAlert[]> {
    const response = await fetch(`${alertmanager.url}/api/v2/alerts`);
    return (await response.json()) as ApiAlert[];
  }

  /** The alerts that are silenced when exactly these fire. */
  async function mutedAmong(alerts: readonly Labels[]): Promise<string[]> {
    const deadline = Date.now() + PATIENCE_MS;
    await send(alerts, 300_000);
    await send(SENTINELS, 300_000);
    try {
      for (;;) {
        const found = await active();
        const muted = found.filter(({ status }) => status.inhibitedBy.length > 0).map(({ labels }) => nameOf(labels));
        if (found.length === alerts.length + SENTINELS.length && muted.includes('SentinelTarget sentinel')) {
          return muted.filter((name) => !name.startsWith('Sentinel')).toSorted();
        }
        if (Date.now() > deadline) throw new Error(`not all alerts arrived:\n${alertmanager.output()}`);
        await delay(50);
      }
    } finally {
      await send([...alerts, ...SENTINELS], -1_000);
      while ((await active()).length > 0) await delay(50);
    }
  }

  const expectMuted = async (firing: readonly Labels[], muted: readonly Labels[]): Promise<void> => {
    const distinct = [...new Map(firing.map((labels) => [JSON.stringify(labels), labels])).values()];
    const expected = [...new Map(muted.map((labels) => [JSON.stringify(labels), labels])).values()];
    expect(await mutedAmong(distinct)).toEqual(expected.map(nameOf).toSorted());
  };

  it.each(SOURCES)('%s silences the business, all of it', (name) => expectMuted([...called(name), ...KPI], KPI));

  it.each([
    ['PortfolioExporterDown', [...NEEDS_DATABASE, ...ON_THE_PAGE]],
    ['PortfolioDatabaseDown', [...NEEDS_DATABASE, ...OF_ACTIONS]],
  ] as const)('%s silences old data and what needs them, but neither Grafana nor other trouble', (name, muted) =>
    expectMuted([...called(name), ...SLA, ...EXPORTER], [...OLD_DATA, ...muted]),
  );

  it('PortfolioActionsDown silences what the actions process tells, and is silenced by its database', async () => {
    await expectMuted([...called(ACTIONS_DOWN), ...EXPORTER, ...KPI], OF_ACTIONS);
    await expectMuted(called(ACTIONS_DOWN, REFUSED_TWICE), called(REFUSED_TWICE));
    await expectMuted(called(ACTIONS_DOWN, 'PortfolioDatabaseDown'), called(ACTIONS_DOWN));
  });

  it('files that both processes refuse are told once', () =>
    expectMuted([...called(REFUSED_TWICE), ...ON_THE_PAGE, ...OF_ACTIONS], called(REFUSED_TWICE)));

  it('PortfolioThresholdMissing silences nothing: what compares with it does not begin, and an end is not seen', () =>
    expectMuted([...called(MISSING), ...KPI, ...SLA, ...EXPORTER].filter(notOld), []));

  it('PortfolioExporterDown silences what is read from its page', () =>
    expectMuted(called(...SOURCES, MISSING, SHARD_MISSING), called('PortfolioDatabaseDown', MISSING, SHARD_MISSING)));

  it('PortfolioDatabaseDown and PortfolioThresholdMissing do not silence each other', () =>
    expectMuted(called('PortfolioDatabaseDown', MISSING), []));

  it.each(OLD_DATA.map((labels) => [nameOf(labels), labels] as const))(
    '%s silences its KPI, no other',
    (_name, labels) =>
      expectMuted(
        [labels, ...KPI],
        KPI.filter(({ kpi }) => kpi === labels['kpi']),
      ),
  );

  it('old data quality silences its alert', () => {
    const old = { ...called('PortfolioKpiDataStale')[0], kpi: 'data_quality' };
    return expectMuted([old, ...EXPORTER], called('PortfolioDataQuality'));
  });

  it('Grafana not answering silences nothing, not even an alert without a kpi', () =>
    expectMuted([...GRAFANA, ...KPI, { alertname: 'Handmade', class: 'kpi', severity: 'high' }], []));

  it('other trouble with the monitoring silences nothing', () => expectMuted([...EXPORTER, ...KPI], []));

  it('what is silenced is not told', async () => {
    const told = (name: string): boolean => alertmanager.slackTitles().some((title) => title.includes(name));
    const source = called('PortfolioExporterDown');
    const [silenced, loud] = ['kpi', 'exporter'].map((name) => ({ alertname: `Probe-${name}`, class: name }));
    await send(source, 300_000);
    await vi.waitFor(() => {
      expect(told('PortfolioExporterDown')).toBe(true);
    }, PATIENCE_MS);
    await send([silenced ?? {}, loud ?? {}], 300_000);
    await vi.waitFor(() => {
      expect(told('Probe-exporter')).toBe(true);
    }, PATIENCE_MS);
    // Both had the same wait in front of them.
    await delay(500);
    expect(told('Probe-kpi')).toBe(false);
    await send([...source, silenced ?? {}, loud ?? {}], -1_000);
    while ((await active()).length > 0) await delay(50);
  });

  it('everything at once: what is left is the exporter, Grafana, and what has a cause of its own', async () => {
    const left = [...called('PortfolioExporterDown'), ...GRAFANA, ...EXPORTER].filter(
      (one) => ![...NEEDS_DATABASE, ...ON_THE_PAGE, ...OF_ACTIONS].includes(one),
    );
    await expectMuted(
      ALL,
      ALL.filter((one) => !left.includes(one)),
    );
  });
});
