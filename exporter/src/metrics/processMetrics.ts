import { readdirSync, readFileSync, statSync } from 'node:fs';
import { performance, PerformanceObserver } from 'node:perf_hooks';
import type { NodeGCPerformanceDetail, PerformanceEntry } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { metricFamily } from './metricFamily.js';

const FDS = '/proc/self/fd';
/** As Node.js numbers them (`perf_hooks.constants`), by the names that prom-client gave them. */
const GC_KINDS: ReadonlyMap<number, string> = new Map([
  [1, 'minor'],
  [2, 'minor_mark_sweep'],
  [4, 'major'],
  [8, 'incremental'],
  [16, 'weakcb'],
]);

/** The typings leave out what Node.js has had since version 16. */
type GcEntry = PerformanceEntry & { readonly detail: NodeGCPerformanceDetail };

/** The process and Node.js in Prometheus text format, read anew with each call. */
export interface ProcessMetrics {
  text(): string;
}

/**
 * What is asked for at every scrape, in a few microseconds. Not prom-client's defaults: their event loop monitor alone takes
 * half a millisecond of each scrape and wakes the process a hundred times a second, and forgets what it saw as soon as one
 * of two Prometheus servers has read it.
 */
export function createProcessMetrics(): ProcessMetrics {
  const startedAt = performance.timeOrigin / 1000;
  const countFds = fileDescriptorCounter();
  const maxFds = readMaxFds();
  const collections = new Map<string, { seconds: number; count: number }>();
  new PerformanceObserver((list) => {
    for (const { duration, detail } of list.getEntries() as GcEntry[]) {
      const kind = GC_KINDS.get(detail.kind) ?? 'other';
      const before = collections.get(kind) ?? { seconds: 0, count: 0 };
      collections.set(kind, { seconds: before.seconds + duration / 1000, count: before.count + 1 });
    }
  }).observe({ entryTypes: ['gc'] });
  const [major = '', minor = '', patch = ''] = process.versions.node.split('.');
  const version = `{version="${process.version}",major="${major}",minor="${minor}",patch="${patch}"}`;

  return {
    text() {
      const { user, system } = process.cpuUsage();
      const heap = getHeapStatistics();
      const loop = performance.eventLoopUtilization();
      const fds = countFds();
      return (
        family('process_cpu_user_seconds_total', 'counter', 'CPU time of the process in user mode.', [
          ['', user / 1e6],
        ]) +
        family('process_cpu_system_seconds_total', 'counter', 'CPU time of the process in the system.', [
          ['', system / 1e6],
        ]) +
        family('process_cpu_seconds_total', 'counter', 'CPU time of the process.', [['', (user + system) / 1e6]]) +
        family('process_start_time_seconds', 'gauge', 'When the process started, in Unix seconds.', [['', startedAt]]) +
        family('process_resident_memory_bytes', 'gauge', 'Resident memory.', [['', process.memoryUsage.rss()]]) +
        (fds === null ? '' : family('process_open_fds', 'gauge', 'Open file descriptors.', [['', fds]])) +
        (maxFds === null
          ? ''
          : family('process_max_fds', 'gauge', 'Most file descriptors it may open.', [['', maxFds]])) +
        family('nodejs_eventloop_time_seconds_total', 'counter', 'Time of the event loop by what it did.', [
          ['{state="active"}', loop.active / 1000],
          ['{state="idle"}', loop.idle / 1000],
        ]) +
        family('nodejs_active_resources', 'gauge', 'What keeps the event loop alive, by type.', activeResources()) +
        family('nodejs_heap_size_total_bytes', 'gauge', 'Heap of V8.', [['', heap.total_heap_size]]) +
        family('nodejs_heap_size_used_bytes', 'gauge', 'Used part of it.', [['', heap.used_heap_size]]) +
        family('nodejs_external_memory_bytes', 'gauge', 'Memory outside of it that belongs to its objects.', [
          ['', heap.external_memory],
        ]) +
        family(
          'nodejs_gc_duration_seconds',
          'summary',
          'Garbage collections by kind.',
          [...collections].flatMap(([kind, { seconds, count }]): (readonly [string, number])[] => [
            [`_sum{kind="${kind}"}`, seconds],
            [`_count{kind="${kind}"}`, count],
          ]),
        ) +
        family('nodejs_version_info', 'gauge', 'Version of Node.js; always 1.', [[version, 1]])
      );
    },
  };
}

/** Each sample is what follows the name, and its value. */
function family(
  name: string,
  type: Parameters<typeof metricFamily>[1],
  help: string,
  samples: readonly (readonly [string, number])[],
): string {
  return metricFamily(name, type, help, samples.map(([rest, value]) => `${name}${rest} ${value}\n`).join(''));
}

function activeResources(): (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => [`{type="${type}"}`, count]);
}

/** null: not on this system. */
function fileDescriptorCounter(): () => number | null {
  try {
    // From Linux 6.2 on the size of the directory is the number of its entries; before, it is 0.
    if (statSync(FDS).size > 0) return () => statSync(FDS).size;
    // The one by which they are read is among them.
    readdirSync(FDS);
    return () => readdirSync(FDS).length - 1;
  } catch {
    return () => null;
  }
}

function readMaxFds(): number | null {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? null : Number(limit);
  } catch {
    return null;
  }
}
