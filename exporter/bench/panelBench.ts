import { performance } from 'node:perf_hooks';
import type { Client } from 'pg';
import { SQL_QUERIES } from '../test/dashboards/panelQueries.js';
import { runPanelSql } from '../test/dashboards/runPanelSql.js';
import { recordConfiguration } from '../test/support/recordConfiguration.js';
import { percentile } from './percentile.js';

export interface PanelFigures {
  /** Dashboard, panel and refId. */
  readonly panel: string;
  readonly rows: number;
  /** Median of the runs, with the transaction around the query. */
  readonly p50: number;
}

/** Runs the SQL of every panel as Grafana's role over the dashboard's whole range, `runs` times after one that warms the caches. */
export async function panelBench(client: Client, runs: number): Promise<PanelFigures[]> {
  await recordConfiguration(client);
  const figures: PanelFigures[] = [];
  for (const { name, sql } of SQL_QUERIES) {
    const { rows } = await runPanelSql(client, sql);
    const times: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const started = performance.now();
      await runPanelSql(client, sql);
      times.push(performance.now() - started);
    }
    figures.push({ panel: name, rows: rows.length, p50: percentile(times, 0.5) });
  }
  return figures;
}
