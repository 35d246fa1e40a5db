import { performance } from 'node:perf_hooks';
import type { Client } from 'pg';
import { presentMoment } from '../src/kpi/unit/moment.js';
import { queryKpi } from '../src/kpi/run/queryKpi.js';
import { shippedConfiguration } from '../test/support/shippedConfiguration.js';
import { percentile } from './percentile.js';

export interface KpiFigures {
  readonly kpi: string;
  readonly series: number;
  /** Median of the runs: the whole transaction, from BEGIN to the checked samples. */
  readonly p50: number;
}

/** Runs every shipped KPI as the exporter does, `runs` times after one that warms the caches. */
export async function kpiBench(client: Client, runs: number): Promise<KpiFigures[]> {
  const { units, settings } = await shippedConfiguration();
  const input = { ...(await presentMoment(client, settings.timeZone)), ...settings };
  const figures: KpiFigures[] = [];
  for (const unit of units) {
    const { samples } = await queryKpi(client, unit, input);
    const times: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const started = performance.now();
      await queryKpi(client, unit, input);
      times.push(performance.now() - started);
    }
    figures.push({ kpi: unit.name, series: samples.length, p50: percentile(times, 0.5) });
  }
  return figures;
}
