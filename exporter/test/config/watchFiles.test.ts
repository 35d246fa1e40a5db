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
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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

const INTERVAL_MS = 20;
/** Longer than any test: what is gone is on its way back. */
const NEVER_MS = 600_000;

/** Watches at short intervals; `next` waits for one call and gives its files, `looks` for some looks at them. */
function watch(files: readonly string[], { missingAfterMs = NEVER_MS } = {}) {
  const calls: (readonly string[])[] = [];
  let seen = 0;
  const watcher = watchFiles(files, (changed) => calls.push(changed), { intervalMs: INTERVAL_MS, missingAfterMs });
  stop = watcher.stop;
  return {
    calls,
    watch: (...others: string[]) => watcher.watch(others),
    during: watcher.during,
    async next(): Promise<readonly string[]> {
      seen += 1;
      await vi.waitFor(() => expect(calls.length).toBeGreaterThanOrEqual(seen), { timeout: 60_000, interval: 10 });
      return calls[seen - 1] ?? [];
    },
  };
}

/** A timer that is set after the watcher's, for as long, fires after it: as many looks at least, however long they take. */
async function looks(): Promise<void> {
  for (let look = 0; look < 6; look += 1) await sleep(INTERVAL_MS);
}

const path = (name: string): string => join(directory, name);

describe('watchFiles', () => {
  it('reports a file written in place', async () => {
    writeFileSync(path('a'), 'one');
    writeFileSync(path('b'), 'one');
    const watcher = watch([path('a'), path('b')]);
    writeFileSync(path('a'), 'two');
    expect(await watcher.next()).toEqual([path('a')]);
  });

  describe('reports a file that is again what it was, where somebody read it meanwhile', () => {
    const changes: Record<string, (load: (work: () => Promise<void>) => Promise<void>) => Promise<void>> = {
      'changed before, back after': async (load) => {
        writeFileSync(path('a'), 'two');
        await load(() => Promise.resolve());
        writeFileSync(path('a'), 'one');
      },
      'changed and back within': (load) =>
        load(async () => {
          writeFileSync(path('a'), 'two');
          await Promise.resolve();
          writeFileSync(path('a'), 'one');
        }),
      'changed, back and settled within': (load) =>
        load(async () => {
          writeFileSync(path('a'), 'two');
          writeFileSync(path('a'), 'one');
          await looks();
        }),
    };
    it.each(Object.entries(changes))('%s', async (_when, change) => {
      writeFileSync(path('a'), 'one');
      writeFileSync(path('b'), 'one');
      const watcher = watch([path('a'), path('b')]);
      await change((work) => watcher.during(work));
      expect(await watcher.next()).toEqual([path('a')]);
      await looks();
      expect(watcher.calls).toHaveLength(1);
    });

    it('but not where nobody did, nor once it was told', async () => {
      writeFileSync(path('a'), 'one');
      const watcher = watch([path('a')]);
      await watcher.during(looks);
      writeFileSync(path('a'), 'two');
      writeFileSync(path('a'), 'one');
      await looks();
      expect(watcher.calls).toEqual([]);
    });
  });

  it('reports a change of the same length and modification time', async () => {
    writeFileSync(path('a'), 'one');
    utimesSync(path('a'), 1_000, 1_000);
    const watcher = watch([path('a')]);
    writeFileSync(path('a'), 'two');
    utimesSync(path('a'), 1_000, 1_000);
    expect(await watcher.next()).toEqual([path('a')]);
  });

  it('reports a file replaced by rename, again and again, as mv and vim do', async () => {
    writeFileSync(path('a'), 'one');
    const watcher = watch([path('a')]);
    for (const content of ['two', 'three', 'four']) {
      writeFileSync(path('a.new'), content);
      renameSync(path('a.new'), path('a'));
      await watcher.next();
    }
    // vim with backupcopy=no: the old file is moved away, a new one is written in its place.
    renameSync(path('a'), path('a~'));
    writeFileSync(path('a'), 'five');
    await watcher.next();
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
    const watcher = watch([path('thresholds.yaml')]);
    for (const version of ['v2', 'v3']) {
      symlinkSync(version, path('..data_tmp'));
      renameSync(path('..data_tmp'), path('..data'));
      await watcher.next();
    }
  });

  it('stays silent while the content stays the same', async () => {
    writeFileSync(path('a'), 'one');
    const watcher = watch([path('a')]);
    writeFileSync(path('a'), 'one');
    utimesSync(path('a'), 1_000, 1_000);
    writeFileSync(path('a.new'), 'one');
    renameSync(path('a.new'), path('a'));
    await looks();
    expect(watcher.calls).toEqual([]);
  });

  it('stays silent when a file is gone for a moment and back', async () => {
    writeFileSync(path('a'), 'one');
    const watcher = watch([path('a')]);
    unlinkSync(path('a'));
    await looks();
    writeFileSync(path('a'), 'one');
    await looks();
    expect(watcher.calls).toEqual([]);
  });

  it('reports the new content once when a file is gone for a moment and comes back changed', async () => {
    writeFileSync(path('a'), 'one');
    const watcher = watch([path('a')]);
    unlinkSync(path('a'));
    await looks();
    writeFileSync(path('a'), 'two');
    await watcher.next();
    await looks();
    expect(watcher.calls).toHaveLength(1);
  });

  it('reports a file that stays away once, and its return with the same content', async () => {
    writeFileSync(path('a'), 'one');
    const watcher = watch([path('a')], { missingAfterMs: 300 });
    unlinkSync(path('a'));
    const start = performance.now();
    await watcher.next();
    expect(performance.now() - start).toBeGreaterThan(300);
    await looks();
    expect(watcher.calls).toHaveLength(1);
    writeFileSync(path('a'), 'one');
    await watcher.next();
  });

  it('reports a file that was missing at the start', async () => {
    const watcher = watch([path('a')]);
    writeFileSync(path('a'), 'one');
    expect(await watcher.next()).toEqual([path('a')]);
  });

  it('does not report a file that is being written', async () => {
    writeFileSync(path('a'), 'one');
    const watcher = watch([path('a')]);
    let part = 0;
    // Its timer is due before that of the next look, also where the machine has let both wait.
    const writer = setInterval(() => writeFileSync(path('a'), `part ${(part += 1)}`), INTERVAL_MS / 4);
    await looks();
    clearInterval(writer);
    expect(part).toBeGreaterThan(1);
    expect(watcher.calls).toEqual([]);
    await watcher.next();
    await looks();
    expect(watcher.calls).toHaveLength(1);
  });

  it('reports a directory when one of its YAML or SQL files is new, changed or gone, and nothing else in it', async () => {
    mkdirSync(path('kpis'));
    writeFileSync(path('kpis/a.sql'), 'one');
    const watcher = watch([path('kpis')]);
    writeFileSync(path('kpis/README.md'), 'x');
    writeFileSync(path('kpis/.a.sql.swp'), 'x');
    writeFileSync(path('kpis/a.sql~'), 'x');
    writeFileSync(path('kpis/a.sql'), 'one');
    await looks();
    expect(watcher.calls).toEqual([]);
    writeFileSync(path('kpis/a.sql'), 'two');
    expect(await watcher.next()).toEqual([path('kpis')]);
    writeFileSync(path('kpis/b.yaml'), 'new');
    await watcher.next();
    unlinkSync(path('kpis/a.sql'));
    await watcher.next();
  });

  it('watches other files when it is told to, and does not forget what it saw of the ones before', async () => {
    writeFileSync(path('a'), 'one');
    const watcher = watch([path('a')]);
    writeFileSync(path('a'), 'two');
    watcher.watch(path('a'), path('b'));
    expect(await watcher.next()).toEqual([path('a')]);
    writeFileSync(path('b'), 'one');
    expect(await watcher.next()).toEqual([path('b')]);
    watcher.watch(path('b'));
    writeFileSync(path('a'), 'three');
    await looks();
    expect(watcher.calls).toHaveLength(2);
  });

  it('is silent and holds nothing after stop', async () => {
    writeFileSync(path('a'), 'one');
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    const watcher = watch([path('a')]);
    expect(timers()).toBe(before + 1);
    stop?.();
    expect(timers()).toBe(before);
    writeFileSync(path('a'), 'two');
    await looks();
    expect(watcher.calls).toEqual([]);
  });
});
