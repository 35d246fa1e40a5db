import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchFiles } from '../../src/config/watchFiles.js';

let directory = '';
let stop: (() => void) | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'watch-'));
});
afterEach(() => {
  stop?.();
  rmSync(directory, { recursive: true });
});

/** Watches with the production intervals; `next` waits for one call and gives its files and how long it took. */
function watch(...files: string[]) {
  const calls: (readonly string[])[] = [];
  const watcher = watchFiles(files, (changed) => calls.push(changed));
  stop = watcher.stop;
  return {
    calls,
    watch: (...others: string[]) => watcher.watch(others),
    async next(limitMs = 5_000): Promise<{ changed: readonly string[]; elapsedMs: number }> {
      const seen = calls.length;
      const start = performance.now();
      while (performance.now() - start < limitMs) {
        const changed = calls[seen];
        if (changed !== undefined) {
          return { changed, elapsedMs: performance.now() - start };
        }
        await sleep(10);
      }
      throw new Error('no change was reported');
    },
  };
}

const path = (name: string): string => join(directory, name);

describe('watchFiles', () => {
  it('reports a file written in place, in under a second', async () => {
    writeFileSync(path('a'), 'one');
    writeFileSync(path('b'), 'one');
    const watcher = watch(path('a'), path('b'));
    writeFileSync(path('a'), 'two');
    const { changed, elapsedMs } = await watcher.next();
    expect(changed).toEqual([path('a')]);
    expect(elapsedMs).toBeLessThan(1_000);
  });

  it('reports a change of the same length and modification time', async () => {
    writeFileSync(path('a'), 'one');
    utimesSync(path('a'), 1_000, 1_000);
    const watcher = watch(path('a'));
    writeFileSync(path('a'), 'two');
    utimesSync(path('a'), 1_000, 1_000);
    expect((await watcher.next()).changed).toEqual([path('a')]);
  });

  it('reports a file replaced by rename, again and again, as mv and vim do', async () => {
    writeFileSync(path('a'), 'one');
    const watcher = watch(path('a'));
    for (const content of ['two', 'three', 'four']) {
      writeFileSync(path('a.new'), content);
      renameSync(path('a.new'), path('a'));
      expect((await watcher.next()).elapsedMs).toBeLessThan(1_000);
    }
    // vim with backupcopy=no: the old file is moved away, a new one is written in its place.
    renameSync(path('a'), path('a~'));
    writeFileSync(path('a'), 'five');
    expect((await watcher.next()).elapsedMs).toBeLessThan(1_000);
  });

  it('reports a swapped ..data link, as Kubernetes does', async () => {
    for (const [version, content] of [
      ['v1', 'one'],
      ['v2', 'two'],
      ['v3', 'three'],
    ] as const) {
      mkdirSync(path(version));
      writeFileSync(join(path(version), 'thresholds.yaml'), content);
    }
    symlinkSync('v1', path('..data'));
    symlinkSync(join('..data', 'thresholds.yaml'), path('thresholds.yaml'));
    const watcher = watch(path('thresholds.yaml'));
    for (const version of ['v2', 'v3']) {
      symlinkSync(version, path('..data_tmp'));
      renameSync(path('..data_tmp'), path('..data'));
      expect((await watcher.next()).elapsedMs).toBeLessThan(1_000);
    }
  });

  it('stays silent while the content stays the same', async () => {
    writeFileSync(path('a'), 'one');
    const watcher = watch(path('a'));
    writeFileSync(path('a'), 'one');
    utimesSync(path('a'), 1_000, 1_000);
    writeFileSync(path('a.new'), 'one');
    renameSync(path('a.new'), path('a'));
    await sleep(1_200);
    expect(watcher.calls).toEqual([]);
  });

  it('stays silent when a file is gone for a moment and back', async () => {
    writeFileSync(path('a'), 'one');
    const watcher = watch(path('a'));
    unlinkSync(path('a'));
    await sleep(800);
    writeFileSync(path('a'), 'one');
    await sleep(2_000);
    expect(watcher.calls).toEqual([]);
  });

  it('reports the new content once when a file is gone for a moment and comes back changed', async () => {
    writeFileSync(path('a'), 'one');
    const watcher = watch(path('a'));
    unlinkSync(path('a'));
    await sleep(600);
    writeFileSync(path('a'), 'two');
    expect((await watcher.next()).elapsedMs).toBeLessThan(1_000);
    await sleep(2_000);
    expect(watcher.calls).toHaveLength(1);
  });

  it('reports a file that stays away once, and its return with the same content', async () => {
    writeFileSync(path('a'), 'one');
    const watcher = watch(path('a'));
    unlinkSync(path('a'));
    const { elapsedMs } = await watcher.next();
    expect(elapsedMs).toBeGreaterThan(1_000);
    await sleep(2_500);
    expect(watcher.calls).toHaveLength(1);
    writeFileSync(path('a'), 'one');
    expect((await watcher.next()).elapsedMs).toBeLessThan(1_000);
  });

  it('reports a file that was missing at the start', async () => {
    const watcher = watch(path('a'));
    writeFileSync(path('a'), 'one');
    expect((await watcher.next()).changed).toEqual([path('a')]);
  });

  it('does not report a file that is being written', async () => {
    writeFileSync(path('a'), 'one');
    const watcher = watch(path('a'));
    for (let part = 0; part < 10; part += 1) {
      writeFileSync(path('a'), `part ${part}`);
      await sleep(100);
    }
    expect(watcher.calls).toEqual([]);
    expect((await watcher.next()).elapsedMs).toBeLessThan(1_000);
    await sleep(600);
    expect(watcher.calls).toHaveLength(1);
  });

  it('reports a directory when one of its YAML or SQL files is new, changed or gone, and nothing else in it', async () => {
    mkdirSync(path('kpis'));
    writeFileSync(path('kpis/a.sql'), 'one');
    const watcher = watch(path('kpis'));
    writeFileSync(path('kpis/README.md'), 'x');
    writeFileSync(path('kpis/.a.sql.swp'), 'x');
    writeFileSync(path('kpis/a.sql~'), 'x');
    writeFileSync(path('kpis/a.sql'), 'one');
    await sleep(1_200);
    expect(watcher.calls).toEqual([]);
    writeFileSync(path('kpis/a.sql'), 'two');
    expect((await watcher.next()).changed).toEqual([path('kpis')]);
    writeFileSync(path('kpis/b.yaml'), 'new');
    expect((await watcher.next()).elapsedMs).toBeLessThan(1_000);
    unlinkSync(path('kpis/a.sql'));
    expect((await watcher.next()).elapsedMs).toBeLessThan(1_000);
  });

  it('watches other files when it is told to, and does not forget what it saw of the ones before', async () => {
    writeFileSync(path('a'), 'one');
    const watcher = watch(path('a'));
    writeFileSync(path('a'), 'two');
    watcher.watch(path('a'), path('b'));
    expect((await watcher.next()).changed).toEqual([path('a')]);
    writeFileSync(path('b'), 'one');
    expect((await watcher.next()).changed).toEqual([path('b')]);
    watcher.watch(path('b'));
    writeFileSync(path('a'), 'three');
    await sleep(1_200);
    expect(watcher.calls).toHaveLength(2);
  });

  it('is silent and holds nothing after stop', async () => {
    writeFileSync(path('a'), 'one');
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    const watcher = watch(path('a'));
    expect(timers()).toBe(before + 1);
    stop?.();
    expect(timers()).toBe(before);
    writeFileSync(path('a'), 'two');
    await sleep(1_000);
    expect(watcher.calls).toEqual([]);
  });
});
