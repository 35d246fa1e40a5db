import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beatHeartbeats } from '../../demo/beatHeartbeats.js';
import { generatePortfolio } from '../../demo/generatePortfolio.js';
import { loadPortfolio } from '../../demo/loadPortfolio.js';
import { keptSamples, writeHistory } from '../../src/kpi/history/history.js';
import { momentOf, presentMoment } from '../../src/kpi/unit/moment.js';
import type { KpiResult } from '../../src/kpi/unit/unit.js';
import { alertNames } from '../prometheus/ruleFiles.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { loadDemoKpis, valueOf, type DemoKpis } from './demoKpis.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const HOUR = 3600;
const DAY = 24 * HOUR;

interface Provocation {
  readonly kpi: string;
  /** The number that the alert compares. */
  readonly read: (result: KpiResult) => number;
  /** Whether the alert's condition holds, with the thresholds and lags at their defaults. */
  readonly fires: (value: number) => boolean;
}

const dataAge = (result: KpiResult): number => Date.now() / 1000 - (result.dataTimestampSeconds ?? Number.NaN);

const PROVOCATIONS: Readonly<Record<string, Provocation>> = {
  PortfolioPerformanceDegradation: {
    kpi: 'portfolio_performance',
    read: (result) => valueOf(result, 'portfolio_revenue_month_change_ratio'),
    fires: (change) => change < -0.1,
  },
  SynergyInitiativeDelayed: {
    kpi: 'initiative_status',
    read: ({ samples }) =>
      samples.find(({ labels }) => labels['milestone'] === 'Dashboards for three ventures')?.value ?? 0,
    fires: (overdue) => overdue > 3 * DAY,
  },
  ResourceConflictDetected: {
    kpi: 'resource_allocation',
    read: (result) => valueOf(result, 'portfolio_resource_allocation_ratio', { resource: 'Design studio' }),
    fires: (ratio) => ratio > 1,
  },
  SynergyInitiativeEscalated: {
    kpi: 'initiative_status',
    // Nothing unanswered has no sample.
    read: ({ samples }) =>
      samples.find(({ metric }) => metric === 'portfolio_initiative_unanswered_seconds')?.value ?? 0,
    fires: (unanswered) => unanswered > 48 * HOUR,
  },
  ResourceConflictsUrgent: {
    kpi: 'resource_allocation',
    read: ({ samples }) => samples.filter(({ value }) => value > 1).length,
    fires: (resources) => resources >= 3,
  },
  ResourceConflictEscalated: {
    kpi: 'resource_conflicts',
    read: ({ samples }) =>
      samples.filter(
        ({ metric, labels, value }) =>
          metric === 'portfolio_conflict_open_seconds' && labels['status'] !== 'ESCALATED' && value > 48 * HOUR,
      ).length,
    fires: (conflicts) => conflicts > 0,
  },
  SynergyCaptureRateBelowTarget: {
    kpi: 'kpi_breaches',
    read: (result) => valueOf(result, 'portfolio_kpi_breach_months', { kpi: 'synergy_capture_rate' }),
    fires: (months) => months >= 2,
  },
  CoordinationOverheadExceedsThreshold: {
    kpi: 'kpi_breaches',
    read: (result) => valueOf(result, 'portfolio_kpi_breach_months', { kpi: 'coordination_overhead' }),
    fires: (months) => months >= 1,
  },
  PortfolioRollbackCondition: {
    kpi: 'rollback',
    read: ({ samples }) =>
      samples.filter(({ metric, value }) => metric === 'portfolio_rollback_condition' && value > 0).length,
    fires: (conditions) => conditions > 0,
  },
  PortfolioPerformanceDataStale: { kpi: 'portfolio_performance', read: dataAge, fires: (age) => age > 24 * HOUR },
  SynergyValueLoggingFailure: { kpi: 'synergy_value', read: dataAge, fires: (age) => age > HOUR },
  InitiativeDashboardUnavailable: { kpi: 'initiative_status', read: dataAge, fires: (age) => age > 4 * HOUR },
  ConflictDetectionDown: { kpi: 'resource_conflicts', read: dataAge, fires: (age) => age > 5 * 60 },
  PortfolioDataQuality: {
    kpi: 'data_quality',
    read: ({ samples }) => samples.reduce((sum, { value }) => sum + value, 0),
    fires: (violations) => violations > 0,
  },
};

function statement(direction: 'provoke' | 'undo', alert: string): string {
  return readFileSync(`${ROOT}sql/demo/${direction}/${alert}.sql`, 'utf8');
}

describe('the lines that provoke the alerts on the demo portfolio', () => {
  let database: TestDatabase;
  let kpis: DemoKpis;
  const now = async (kpi: string): Promise<KpiResult> =>
    kpis.run(database.client, kpi, await presentMoment(database.client, 'UTC'));

  beforeAll(async () => {
    kpis = await loadDemoKpis();
    database = await createDatabase();
    const { client } = database;
    const moment = await presentMoment(client, 'UTC');
    await loadPortfolio(client, generatePortfolio({ today: moment.asOf, now: moment.now }));
    for (const months of [1, 2, 3]) {
      const [year = 0, month = 0] = moment.asOf.split('-').map(Number);
      const day = new Date(Date.UTC(year, month - months, 0)).toISOString().slice(0, 10);
      for (const unit of kpis.units.filter(({ name }) => /^(synergy_capture_rate|coordination_overhead)$/.test(name))) {
        const { samples } = await kpis.run(client, unit.name, await momentOf(client, day, 'UTC'));
        await writeHistory(client, unit.name, day, keptSamples(unit, samples));
      }
    }
  });

  afterAll(async () => {
    await database.drop();
  });

  it.each(Object.entries(PROVOCATIONS))('%s: provoked, then undone', async (alert, { kpi, read, fires }) => {
    const before = read(await now(kpi));
    expect([before, fires(before)]).toEqual([before, false]);
    const provoked = await database.client.query(statement('provoke', alert));
    expect(provoked.rowCount).toBeGreaterThan(0);
    const during = read(await now(kpi));
    expect([during, fires(during)]).toEqual([during, true]);
    // The demo's stand-in for the writers leaves a silent one silent.
    await beatHeartbeats(database.client, new Date());
    const later = read(await now(kpi));
    expect([later, fires(later)]).toEqual([later, true]);
    await database.client.query(statement('undo', alert));
    const after = read(await now(kpi));
    // Ages go on while the test runs, and an undone heartbeat is newer than the first one was.
    if (read === dataAge) expect([after, fires(after)]).toEqual([after, false]);
    else expect(after).toBe(before);
  });

  it('PortfolioKpiFailing: the unit fails, then runs again', async () => {
    const before = await now('venture_scores');
    await database.client.query(statement('provoke', 'PortfolioKpiFailing'));
    await expect(now('venture_scores')).rejects.toMatchObject({ code: '42703' });
    await database.client.query(statement('undo', 'PortfolioKpiFailing'));
    expect((await now('venture_scores')).samples).toEqual(before.samples);
  });

  it('leave every other number as it was', async () => {
    const all = async (): Promise<string[]> => {
      const found: string[] = [];
      for (const unit of kpis.units) {
        const { samples } = await now(unit.name);
        // Ages move on by themselves.
        const still = samples.filter(({ metric }) => !/(overdue|idle|unanswered|open)_seconds$/.test(metric));
        found.push(...still.map((sample) => JSON.stringify(sample)));
      }
      return found.toSorted();
    };
    const before = await all();
    const alerts = readdirSync(`${ROOT}sql/demo/provoke`).map((file) => file.replace(/\.sql$/, ''));
    for (const alert of alerts) await database.client.query(statement('provoke', alert));
    for (const alert of alerts) await database.client.query(statement('undo', alert));
    expect(await all()).toEqual(before);
  });

  it('keep living heartbeats alive', async () => {
    const { client } = database;
    await client.query("UPDATE source_heartbeats SET seen_at = now() - interval '10 minutes'");
    await beatHeartbeats(client, new Date());
    const late = await client.query("SELECT FROM source_heartbeats WHERE seen_at < now() - interval '1 minute'");
    expect(late.rowCount).toBe(0);
  });
});

describe('docs/demo-alerts.md', () => {
  const text = readFileSync(`${ROOT}docs/demo-alerts.md`, 'utf8');
  const provoke = readdirSync(`${ROOT}sql/demo/provoke`);

  it('has every line, as it stands in its file', () => {
    expect(readdirSync(`${ROOT}sql/demo/undo`)).toEqual(provoke);
    expect(provoke).toHaveLength(Object.keys(PROVOCATIONS).length + 1);
    for (const file of provoke) {
      const alert = file.replace(/\.sql$/, '');
      for (const direction of ['provoke', 'undo'] as const) {
        const [comment, line, ...rest] = statement(direction, alert).trimEnd().split('\n');
        expect([file, comment?.startsWith('-- '), rest]).toEqual([file, true, []]);
        expect(text).toContain(`\n${line ?? ''}\n`);
      }
      expect(text).toContain(`### ${alert}\n`);
    }
  });

  it('says of every alert of the rules what provokes it', () => {
    const alerts = alertNames();
    expect(alerts.length).toBeGreaterThan(20);
    const rest = text.slice(text.indexOf('\n## What no SQL line provokes\n'));
    const said = (alert: string): boolean => provoke.includes(`${alert}.sql`) || rest.includes(`\n| \`${alert}\``);
    expect(alerts.filter((alert) => !said(alert))).toEqual([]);
  });
});
