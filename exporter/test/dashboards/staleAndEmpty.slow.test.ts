import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { escapeIdentifier } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { findAlertingBinaries } from '../support/alerting/binaries.js';
import { startPrometheus } from '../support/alerting/startPrometheus.js';
import type { Prometheus } from '../support/alerting/startPrometheus.js';
import { until } from '../support/alerting/until.js';
import { createConfigDirectory } from '../support/configDirectory.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createExporterLogin } from '../support/exporterLogin.js';
import { shippedConfiguration } from '../support/shippedConfiguration.js';
import { startServe } from '../support/startServe.js';
import { DASHBOARDS } from './dashboardModel.js';
import type { PanelModel } from './dashboardModel.js';
import { expandPromql } from './promqlNames.js';
import { runPanelSql } from './runPanelSql.js';
import { shownBy } from './shownBy.js';
import type { Rows, Shown } from './shownBy.js';

const binaries = findAlertingBinaries();

/** Of the portfolio whose exporter loses its database: a service level that is soon missed. */
const SOON_LATE = { schedule: { every: '10s' }, acceptable_lag: '30s' };

/** Green there is about what is so at this moment, not about the numbers of a KPI. */
const ABOUT_NOW = [
  'Alerts firing',
  'Firing alerts',
  'Exporters',
  'Database',
  'Configuration',
  // Their rows are read when the page is drawn and say themselves since when nothing was updated.
  'Active initiatives',
  'Stalled initiatives',
];

const PANELS = DASHBOARDS.flatMap(({ uid, panels }) =>
  panels.map((panel) => ({ name: `${uid} / ${panel.title}`, panel })),
);

/** The colours there are of kinds of values, and of two assessments that are of the past both. */
const NOT_JUDGED = ['Revenue generated', 'Value type', 'Trend'];

/** Their colours are those of series, whatever these say. */
const CHARTS = ['timeseries', 'trend', 'xychart'];
const isChart = ({ type }: PanelModel): boolean => [...CHARTS, 'state-timeline'].includes(type);

/** Figures and ages change from day to day, and with them words about them. */
const timeless = (text: string): string =>
  text
    .replaceAll(/\d[\d,.]*/g, 'N')
    .replaceAll(/N (s|min|h|d)\b/g, 'AGE')
    .replaceAll(/\b(N|no) (resource|milestone|initiative)s? (is|are)/g, 'N $2s are')
    .replaceAll(/, (above|below) the target/g, ', beside the target')
    .replaceAll(/N%, (but|and) /g, 'N%, and ');

const words = ({ name, text, color }: Shown): string =>
  timeless([name, text].filter((part) => part !== '').join(': ')) + (color === null ? '' : ` (${color})`);

/** What fires depends on how long the databases have been as they are: firingAlerts.test.ts. */
const ALERTS = ['Alerts firing', 'Firing alerts'];

/** Has the days of the weeks around today. */
const CALENDAR = 'initiative-tracking / Upcoming milestones, next 30 days';

const DECISIONS = 'portfolio-overview / What needs a decision';
const TABLES = [
  'portfolio-overview / Where the portfolio stands',
  'portfolio-operations / Data quality',
  'portfolio-operations / Targets achieved',
];

/** A panel a paragraph, in the order of their names. */
const listed = (all: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(all)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, texts]) => [name, ...texts.map((text) => `  ${text}`), ''].join('\n'))
    .join('');

/** Two portfolios in one Prometheus: one whose exporter has lost its database, and one whose database has no row. */
describe.skipIf(binaries === null)('every panel', () => {
  let prometheus: Prometheus;
  const databases = new Map<string, TestDatabase>();
  const undo: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    if (binaries === null) return;
    const directory = await mkdtemp(join(tmpdir(), 'portfolio-stale-'));
    undo.push(() => rm(directory, { recursive: true, force: true }));
    const { units } = await shippedConfiguration();
    const kpis = Object.fromEntries(units.map(({ name }) => [name, SOON_LATE]));
    const lose = await serve('old', await createDatabase({ template: 'demo' }), stringify({ kpis }));
    await serve('empty', await createDatabase(), stringify({}));
    prometheus = await startPrometheus({
      binary: binaries.prometheus,
      directory,
      targets: { 'portfolio-exporter': [], alertmanager: [], grafana: [] },
      alertmanagers: [],
      portfolios: Object.fromEntries(addresses),
    });
    undo.push(() => prometheus.stop());
    const fresh = async (portfolio: string, bool: 0 | 1): Promise<number> =>
      (await prometheus.query(`kpi:portfolio_kpi_fresh:bool{portfolio="${portfolio}"} == ${String(bool)}`)).length;
    await until(async () => (await fresh('empty', 1)) === units.length, 240_000);
    await until(async () => (await prometheus.query('ALERTS{alertname="Watchdog"}')).length > 0, 240_000);
    const known = 'instance_kpi:portfolio_kpi_newest:bool{portfolio="old"} == 1';
    await until(async () => (await prometheus.query(known)).length === units.length, 240_000);
    await lose();
    await until(async () => (await fresh('old', 0)) === units.length, 240_000);
    // Recorded once a minute.
    const judged = 'portfolio:kpi_target_achieved:ratio{portfolio="old"}';
    await until(async () => (await prometheus.query(judged)).length === 0, 240_000);
  }, 600_000);

  const addresses = new Map<string, string>();

  /** @returns takes the database away from the exporter */
  const serve = async (name: string, database: TestDatabase, config: string): Promise<() => Promise<void>> => {
    undo.push(() => database.drop());
    databases.set(name, database);
    const login = await createExporterLogin(database);
    undo.push(() => login.drop());
    const directory = await createConfigDirectory({ 'exporter.yaml': config });
    undo.push(() => directory.remove());
    const served = await startServe({ env: { DATABASE_URL: login.url }, args: directory.args });
    undo.push(() => served.stop());
    await served.ready(120_000);
    addresses.set(new URL(served.url).host, name);
    return async () => {
      await database.client.query(`ALTER ROLE ${escapeIdentifier(login.role)} NOLOGIN`);
      await database.client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [
        login.role,
      ]);
    };
  };

  afterAll(async () => {
    for (const one of undo.toReversed()) await one();
  });

  const shown = async (portfolio: string, panel: PanelModel): Promise<Shown[]> => {
    const database = databases.get(portfolio);
    if (database === undefined) throw new Error(`no ${portfolio}`);
    const answers = new Map<string, Rows>();
    for (const { refId, rawSql, expr } of panel.targets)
      answers.set(
        refId,
        rawSql === undefined
          ? (await prometheus.query(expandPromql(expr ?? '', portfolio))).map(({ labels, value }) => ({
              ...labels,
              Value: value,
            }))
          : (await runPanelSql(database.client, rawSql)).rows,
      );
    return shownBy(panel, answers);
  };
  const allShown = async (portfolio: string, types: readonly string[]): Promise<Record<string, string[]>> => {
    const all: Record<string, string[]> = {};
    for (const { name, panel } of PANELS)
      if (types.includes(panel.type) && !ALERTS.includes(panel.title)) {
        const texts = [...new Set((await shown(portfolio, panel)).map(words))].toSorted();
        all[name] = CHARTS.includes(panel.type) && texts.length > 1 ? ['drawn'] : texts;
      }
    return all;
  };

  it('has no green that rests on a number older than its service level', async () => {
    const green: string[] = [];
    for (const { name, panel } of PANELS)
      if (!ABOUT_NOW.includes(panel.title) && !isChart(panel))
        green.push(
          ...(await shown('old', panel))
            .filter(({ name: column, color }) => color?.includes('green') === true && !NOT_JUDGED.includes(column))
            .map((one) => `${name}: ${words(one)}`),
        );
    expect(green).toEqual([]);
  });

  it('says, where its number is old, how old, and is grey', async () => {
    const tables = await allShown('old', ['table']);
    const { [DECISIONS]: decisions, ...others } = Object.fromEntries(
      [DECISIONS, ...TABLES].map((name) => [name, tables[name] ?? []]),
    );
    // Which there are depends on the day.
    expect(decisions).not.toEqual([]);
    expect(decisions?.filter((text) => !/^Decision: ◷ AGE old: .* \(#8e8e8e\)$/.test(text))).toEqual([]);
    const tiles = await allShown('old', ['stat', 'gauge', 'piechart']);
    await expect(listed({ ...tiles, ...others })).toMatchFileSnapshot('./stale.golden.txt');
  });

  it('has a sentence where the database is empty, and no colour that judges', async () => {
    const { [CALENDAR]: days, ...others } = await allShown('empty', [
      ...new Set(PANELS.map(({ panel }) => panel.type)),
    ]);
    expect(days).not.toEqual([]);
    await expect(listed(others)).toMatchFileSnapshot('./empty.golden.txt');
  });
});
