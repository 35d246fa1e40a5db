import { createHash } from 'node:crypto';
import type { Problem } from '../../yaml/problem.js';

/** Which of the configured KPIs one exporter computes; the others are left to other exporters under the same Prometheus. */
export type KpiShare =
  | { readonly kind: 'all' }
  | { readonly kind: 'only' | 'except'; readonly names: readonly string[] }
  | (Shard & { readonly kind: 'shard' });

/** `shard` counts from 1 to `shards`. */
export interface Shard {
  readonly shard: number;
  readonly shards: number;
}

export const ALL_KPIS: KpiShare = { kind: 'all' };

/** Whether the KPI belongs to the share. Each KPI is in exactly one of the shards 1/n to n/n. */
export function isInShare(kpi: string, share: KpiShare): boolean {
  switch (share.kind) {
    case 'all':
      return true;
    case 'only':
      return share.names.includes(kpi);
    case 'except':
      return !share.names.includes(kpi);
    case 'shard':
      return shardOf(kpi, share.shards) === share.shard;
  }
}

/**
 * Rendezvous hashing (Thaler and Ravishankar, 1998): every shard draws a number for the KPI and the highest has it. It depends
 * on names alone, so shards agree without talking, and one shard more takes its part, about 1/n, and moves nothing else.
 */
export function shardOf(kpi: string, shards: number): number {
  let winner = 1;
  let highest = '';
  for (let shard = 1; shard <= shards; shard += 1) {
    const drawn = createHash('sha256').update(`${shard}:${kpi}`).digest('hex');
    if (drawn > highest) [winner, highest] = [shard, drawn];
  }
  return winner;
}

/** `--kpi a` where no such KPI is enabled: one that is misspelt would be missing without a word. */
export function shareProblems(share: KpiShare, kpis: readonly string[]): Problem[] {
  if (share.kind !== 'only' && share.kind !== 'except') return [];
  const flag = share.kind === 'only' ? '--kpi' : '--kpi.exclude';
  return share.names
    .filter((name) => !kpis.includes(name))
    .map((name) => ({
      file: 'command line',
      line: 1,
      column: 1,
      path: flag,
      message: `no KPI ${name} is enabled; there are ${kpis.join(', ') || 'none'}`,
    }));
}

/** What a share says of itself on the status page and in the log: `shard 1/3`; null: it is everything. */
export function describeShare(share: KpiShare): string | null {
  switch (share.kind) {
    case 'all':
      return null;
    case 'only':
      return '--kpi';
    case 'except':
      return '--kpi.exclude';
    case 'shard':
      return `shard ${share.shard}/${share.shards}`;
  }
}
