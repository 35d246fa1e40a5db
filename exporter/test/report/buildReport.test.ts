import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Configuration } from '../../src/app/loadConfiguration.js';
import { explainMetric } from '../../src/explain/explainMetric.js';
import { loadExplainUnits } from '../../src/explain/explainUnit.js';
import { queryKpi } from '../../src/kpi/run/queryKpi.js';
import { momentOf, presentMoment } from '../../src/kpi/unit/moment.js';
import type { KpiResult, KpiUnit } from '../../src/kpi/unit/unit.js';
import { formatChange } from '../../src/format/formatBrief.js';
import { buildReport } from '../../src/report/buildReport.js';
import { changesTable } from '../../src/report/document/changesTable.js';
import { reportHtml } from '../../src/report/html/reportHtml.js';
import type { Figure, PortfolioReport } from '../../src/report/report.js';
import { lastCompleteMonth, lastDayOf } from '../../src/report/reportMonth.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createExporterLogin } from '../support/exporterLogin.js';
import type { ExporterLogin } from '../support/exporterLogin.js';
import { shippedConfiguration } from '../support/shippedConfiguration.js';

let database: TestDatabase;
let login: ExporterLogin;
/** With the rights of the exporter, which reads. */
let client: Client;
let configuration: Configuration;
beforeAll(async () => {
  configuration = await shippedConfiguration();
  database = await createDatabase({ template: 'demo' });
  login = await createExporterLogin(database);
  client = new Client({ connectionString: login.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await login.drop();
  await database.drop();
});

const build = (month: string | null, on = client, units = configuration.units): Promise<PortfolioReport> =>
  buildReport(on, { month, units, settings: configuration.settings, portfolio: '' });

/** Every figure anywhere in the report. */
function figuresOf(value: unknown): Figure[] {
  if (typeof value !== 'object' || value === null) return [];
  return 'metric' in value ? [value as Figure] : Object.values(value).flatMap(figuresOf);
}

const known = new Map<string, Promise<ReadonlyMap<string, number>>>();

/** What `portfolio-exporter run` says on a day of the KPIs with one of these metrics. */
function runs(day: string, metrics: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> {
  const units = configuration.units.filter((unit) => unit.metrics.some(({ name }) => metrics.has(name)));
  const key = `${day} ${units.map(({ name }) => name).join(' ')}`;
  const run = known.get(key) ?? runUnits(day, units);
  known.set(key, run);
  return run;
}

async function runUnits(day: string, units: readonly KpiUnit[]): Promise<ReadonlyMap<string, number>> {
  const input = { ...(await momentOf(client, day, configuration.settings.timeZone)), ...configuration.settings };
  const results: KpiResult[] = [];
  for (const unit of units) results.push(await queryKpi(client, unit, input));
  return new Map(
    results.flatMap(({ samples }) => samples.map((one) => [`${one.metric} ${JSON.stringify(one.labels)}`, one.value])),
  );
}

const sum = (numbers: readonly (number | null)[]): number =>
  numbers.reduce<number>((total, one) => total + (one ?? 0), 0);

describe.each(['last month', 'this month'])('the report of %s', (which) => {
  let report: PortfolioReport;
  beforeAll(async () => {
    const { asOf: today } = await presentMoment(client, configuration.settings.timeZone);
    report = await build(which === 'last month' ? null : today.slice(0, 7));
    expect(report.asOf).toBe(which === 'last month' ? lastDayOf(lastCompleteMonth(today)) : today);
  });

  it('has the number of the KPI run of the day in each of its figures', async () => {
    const figures = figuresOf(report);
    const days = new Map<string, ReadonlyMap<string, number>>();
    for (const day of new Set(figures.map(({ asOf }) => asOf))) {
      const metrics = figures.filter(({ asOf }) => asOf === day).map(({ metric }) => metric);
      days.set(day, await runs(day, new Set(metrics)));
    }
    expect(days.size).toBe(12);
    // Ages of the running day have gone on since.
    const isClock = (metric: string): boolean =>
      which === 'this month' && /_(overdue|idle|open|unanswered)_seconds$/.test(metric);
    const different = figures.filter(
      ({ asOf, metric, labels, value }) =>
        !isClock(metric) && days.get(asOf)?.get(`${metric} ${JSON.stringify(labels)}`) !== value,
    );
    expect(different).toEqual([]);
    expect(figures.length).toBeGreaterThan(100);
    expect(figures.every(({ value }) => Number.isFinite(value))).toBe(true);
  });

  it('adds up rows to the KPIs', () => {
    const current = (metric: string): number | undefined =>
      report.kpis.find((line) => line.current?.metric === metric)?.current?.value;
    const { ventures, resources, valueMonths, initiatives } = report;
    expect(sum(ventures.map((one) => one.revenue))).toBeCloseTo(current('portfolio_revenue_dollars') ?? NaN, 2);
    expect(sum(ventures.map((one) => one.burn))).toBeCloseTo(current('portfolio_burn_dollars') ?? NaN, 2);
    for (const { allocation, shares } of resources)
      expect(sum(shares.map((one) => one.share))).toBeCloseTo(allocation.value, 9);
    const ofYear = valueMonths.filter(({ month }) => month.startsWith(report.asOf.slice(0, 4)));
    const captured = ofYear.flatMap((one) => [one.costSaved, one.revenueGenerated, one.timeSaved]);
    expect(sum(captured)).toBeCloseTo(report.valueThisYear?.value ?? NaN, 2);
    expect(resources.length * ventures.length * initiatives.length).toBeGreaterThan(0);
  });

  it('has the ROI that KPI 2 computes', async () => {
    const ofDay = await runs(report.asOf, new Set(['portfolio_synergy_roi_ratio']));
    const compared = report.initiatives.flatMap(({ id, roi }) => {
      const key = [...ofDay.keys()].find((one) => one.startsWith('portfolio_synergy_roi_ratio ') && one.includes(id));
      return key === undefined ? [] : [{ roi, kpi: ofDay.get(key) }];
    });
    expect(compared.length).toBeGreaterThan(5);
    for (const { roi, kpi } of compared) expect(roi).toBeCloseTo(kpi ?? NaN, 9);
  });

  it('explains the change of the month whole', () => {
    const [table] = changesTable(report);
    if (table?.kind !== 'table') return expect.unreachable('no table');
    const line = report.kpis.find(({ current }) => current?.metric === 'portfolio_revenue_dollars');
    const change = (line?.current?.value ?? NaN) - (line?.before?.value ?? NaN);
    // A few dollars on the first of a month, thousands at its end.
    expect(table.total?.[1]?.text).toBe(formatChange(change, 'dollars'));
    expect(table.rows.length).toBe(5);
  });

  it.each(['revenue', 'burn'] as const)('takes the change of %s apart as explain does', async (which) => {
    const zone = configuration.settings.timeZone;
    const { series } = await explainMetric(
      client,
      `portfolio_${which}_dollars`,
      { asOf: await momentOf(client, report.asOf, zone), against: await momentOf(client, report.asOfBefore, zone) },
      { units: configuration.units, explainUnits: await loadExplainUnits(), settings: configuration.settings },
    );
    const explained = series.flatMap(({ contributions }) => contributions).filter(({ amount }) => amount !== 0);
    const compared = report.ventures.flatMap(
      ({ name, isSilent, [which]: now, [`${which}Before` as const]: before }) => {
        const amount = (now ?? 0) - (before ?? 0);
        return isSilent || amount === 0 ? [] : [[name, amount]];
      },
    );
    expect(compared.length).toBeGreaterThan(3);
    const amounts = new Map(explained.map(({ name, amount }) => [name, amount]));
    for (const [name, amount] of compared) expect(amounts.get(String(name))).toBeCloseTo(Number(amount), 2);
    const silent = report.ventures.filter(({ isSilent }) => isSilent).map(({ name }) => name);
    expect([...amounts.keys()].filter((name) => !silent.includes(name))).toHaveLength(compared.length);
  });
});

describe('a report', () => {
  it('tells a KPI that fails with its reason, and keeps the others', async () => {
    const units = configuration.units.map((unit) =>
      unit.name === 'venture_scores' ? { ...unit, sql: 'SELECT 1/0 AS portfolio_venture_score', parameters: [] } : unit,
    );
    const report = await build(null, client, units);
    expect(report.failures).toEqual([{ kpi: 'Venture scores', message: 'division by zero (SQLSTATE 22012)' }]);
    expect(report.kpis[0]?.current).not.toBeNull();
    expect(report.ventures.every(({ score }) => score === null)).toBe(true);
    expect(reportHtml(report)).toContain('Late or missing data: Venture scores could not be computed.');
  });

  it('is refused for a month ahead, and for what is no month', async () => {
    await expect(build('2999-01')).rejects.toThrow(/^2999-01 lies ahead; today is \d{4}-\d\d-\d\d$/);
    await expect(build('2026-13')).rejects.toThrow('2026-13 is not a month; write it as YYYY-MM, such as 2026-03');
  });

  it('of a silent venture says since when, and never 0', async () => {
    const own = await createDatabase({ template: 'migrated' });
    await own.client.query(`
      INSERT INTO ventures (id, name) VALUES (gen_random_uuid(), 'Talks'), (gen_random_uuid(), 'Silent'), (gen_random_uuid(), 'Never');
      INSERT INTO venture_metrics (venture_id, recorded_at, monthly_revenue, monthly_burn)
      SELECT id, date '2026-03-31', 1000, 3000 FROM ventures WHERE name = 'Talks'
       UNION ALL SELECT id, date '2026-02-10', 5000, 1000 FROM ventures WHERE name = 'Silent'`);
    const report = await build('2026-03', own.client);
    const empty = await build('2025-01', own.client);
    await own.drop();
    expect(
      report.ventures.map(({ name, isSilent, revenue, lastDay }) => ({ name, isSilent, revenue, lastDay })),
    ).toEqual([
      { name: 'Talks', isSilent: false, revenue: 1000, lastDay: '2026-03-31' },
      { name: 'Never', isSilent: true, revenue: null, lastDay: null },
      { name: 'Silent', isSilent: true, revenue: null, lastDay: '2026-02-10' },
    ]);
    expect(report.summary[1]).toBe('The portfolio lost $2,000 a month after $3,000 of burn.');
    expect(report.recommendations[0]).toMatchObject({
      action: 'Get the missing numbers of Never and Silent.',
      because: 'Never never reported and Silent last on 10 Feb.',
    });
    expect(reportHtml(report)).toContain('49 d');
    expect(empty.summary[0]).toBe('No venture reported its revenue up to 31 Jan 2025.');
    expect(empty.months).toEqual([]);
    expect(reportHtml(empty)).not.toMatch(/\$0|NaN|undefined|null/);
  });
});
