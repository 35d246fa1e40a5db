import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { createScraper, type Scraper } from './scraper.js';

/** Milliseconds from sending an INSERT to its value on /metrics, one entry for each row. */
export interface LatencyFigures {
  readonly allocation: readonly number[];
  readonly valueEvent: readonly number[];
}

/** Longer than on_change.min_interval (1 s), so that a row never waits for the run that an earlier row caused. */
export const PACE_MS = 1100;
const POLL_MS = 4;
const GIVE_UP_MS = 30_000;

type Insert = () => Promise<number>;

/**
 * Inserts rows of two kinds in turn, one of each every `paceMs` (0: at once after the last was seen). Ends early at
 * `deadline`, with the rows measured so far.
 */
export async function latencyBench(
  client: Client,
  metricsUrl: string,
  { rows, paceMs, deadline }: { rows: number; paceMs: number; deadline: number },
): Promise<LatencyFigures> {
  const scrapers = [createScraper(metricsUrl), createScraper(metricsUrl)] as const;
  try {
    const allocation = await allocationInserts(client, scrapers[0]);
    const valueEvent = await valueInserts(client, scrapers[1]);
    const repeat = async (insert: Insert, offsetMs: number): Promise<number[]> => {
      const times: number[] = [];
      const start = performance.now() + offsetMs;
      for (let row = 0; row < rows && Date.now() < deadline; row += 1) {
        await delay(Math.max(0, start + row * paceMs - performance.now()));
        times.push(await insert());
      }
      return times;
    };
    // Half a pace apart: the two kinds do not measure each other.
    const [first, second] = await Promise.all([repeat(allocation, 0), repeat(valueEvent, paceMs / 2)]);
    return { allocation: first, valueEvent: second };
  } finally {
    for (const scraper of scrapers) scraper.close();
  }
}

/** Each row over-allocates a resource of its own: 120% appears as 1.2. The rows are removed again. */
async function allocationInserts(client: Client, scraper: Scraper): Promise<Insert> {
  const venture = await one(
    client,
    `SELECT id::text AS value FROM ventures WHERE status::text = 'active' ORDER BY id LIMIT 1`,
  );
  let last: string | null = null;
  return async () => {
    // The former resource goes in the same transaction as the new one comes: the number of series stays the same.
    const resource = randomUUID();
    const started = performance.now();
    await client.query(
      `WITH gone AS (DELETE FROM venture_resource_allocations WHERE resource_id = $2::uuid)
       INSERT INTO venture_resource_allocations (resource_id, resource_name, resource_type, venture_id, allocation_percentage)
       VALUES ($1, 'Bench', 'people', $3, 120)`,
      [resource, last, venture],
    );
    last = resource;
    const pattern = new RegExp(
      `^portfolio_resource_allocation_ratio\\{[^}]*resource_id="${resource}"[^}]*\\} 1\\.2$`,
      'm',
    );
    return seen(scraper, pattern, started);
  };
}

/** Each row adds one captured value to an initiative: its number of events grows by 1. */
async function valueInserts(client: Client, scraper: Scraper): Promise<Insert> {
  const initiative = await one(
    client,
    `SELECT initiative_id::text AS value FROM value_capture_log
      WHERE captured_at > now() - interval '20 days' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`,
  );
  const line = `^portfolio_synergy_capture_events\\{[^}]*initiative_id="${initiative}"[^}]*\\} `;
  const before = new RegExp(`${line}(\\d+)$`, 'm').exec((await scraper.scrape()).text())?.[1];
  if (before === undefined) throw new Error('the initiative has no events on /metrics');
  let events = Number(before);
  return async () => {
    const started = performance.now();
    await client.query(
      `INSERT INTO value_capture_log (initiative_id, value_type, value_amount) VALUES ($1, 'COST_SAVED', 1)`,
      [initiative],
    );
    events += 1;
    return seen(scraper, new RegExp(`${line}${events}$`, 'm'), started);
  };
}

async function seen(scraper: Scraper, pattern: RegExp, started: number): Promise<number> {
  for (;;) {
    const text = (await scraper.scrape()).text();
    const elapsed = performance.now() - started;
    if (pattern.test(text)) return elapsed;
    if (elapsed > GIVE_UP_MS) throw new Error(`not on /metrics after ${GIVE_UP_MS / 1000} s: ${pattern.source}`);
    await delay(POLL_MS);
  }
}

async function one(client: Client, sql: string): Promise<string> {
  const { rows } = await client.query<{ value: string }>(sql);
  if (rows[0] === undefined) throw new Error(`no row: ${sql}`);
  return rows[0].value;
}
