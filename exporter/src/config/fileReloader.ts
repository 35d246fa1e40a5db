import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { ConfigError, formatProblem } from '../yaml/problem.js';
import { watchFiles } from './watchFiles.js';

export type ReloadResult = { readonly ok: true } | { readonly ok: false; readonly problems: readonly string[] };

/** Any configuration that KPIs are part of. */
interface WithUnits {
  readonly units: readonly unknown[];
}

export interface FileReloaderOptions<C extends WithUnits> {
  /** Watched whatever they say. */
  readonly files: readonly string[];
  /** Reads and checks everything; `watch` is told what the files name, files and directories, before that is read. Rejects with ConfigError. */
  readonly load: (watch: (named: readonly string[]) => void) => Promise<C>;
  /** What the running program cannot take over, with the names of its fields in camel case. */
  readonly atStart: (configuration: C) => object;
  readonly log: Logger;
}

export interface FileReloadTarget<C> {
  /** Puts a checked configuration in force. */
  readonly apply: (configuration: C) => void;
  /** How each reload ended; no problem: it is in force. */
  readonly onResult: (problems: readonly string[]) => void;
}

/** Takes changed files over as a whole or not at all. */
export interface FileReloader<C> {
  /** As loaded at the start. */
  readonly initial: C;
  /** From now on changes of the files are taken over, those since the first load included. */
  start(target: FileReloadTarget<C>): void;
  /** Reads the files again; the former configuration stays in force where anything is wrong. Never rejects. */
  reload(cause: string): Promise<ReloadResult>;
  stop(): void;
}

/** Between two loads: each takes all of the program's attention, and what asks meanwhile is to be answered by one. */
const REST_MS = 250;

/** Loads a configuration and watches what it is made of. Throws ConfigError where the first load finds anything wrong. */
export async function createFileReloader<C extends WithUnits>({
  files,
  load: read,
  atStart,
  log,
}: FileReloaderOptions<C>): Promise<FileReloader<C>> {
  let target: FileReloadTarget<C> | null = null;
  let changedEarly = false;
  // The watch begins before the files are read: no change falls between.
  const watcher = watchFiles(files, () => {
    if (target === null) changedEarly = true;
    else void reload('file change');
  });
  const load = (): Promise<C> =>
    watcher.during(() => read((named) => watcher.watch([...new Set([...files, ...named])])));
  let initial: C;
  try {
    initial = await load();
  } catch (error) {
    watcher.stop();
    throw error;
  }
  let underWay: Promise<unknown> = Promise.resolve();
  let next: { readonly causes: Set<string>; readonly result: Promise<ReloadResult> } | null = null;

  const reloadNow = async (cause: string): Promise<ReloadResult> => {
    try {
      const configuration = await load();
      const restart = changedKeys(atStart(initial), atStart(configuration));
      target?.apply(configuration);
      log.info({ cause, kpis: configuration.units.length }, 'configuration taken over');
      if (restart.length > 0) log.warn({ keys: restart }, 'these keys take effect at the next start');
      target?.onResult([]);
      return { ok: true };
    } catch (error) {
      const problems =
        error instanceof ConfigError
          ? error.problems.map(formatProblem)
          : [error instanceof Error ? error.message : String(error)];
      log.error({ cause, problems: problems.length }, 'configuration refused, the previous one stays in force');
      for (const problem of problems) log.error({ problem }, 'configuration problem');
      target?.onResult(problems);
      return { ok: false, problems };
    }
  };

  const reload = (cause: string): Promise<ReloadResult> => {
    // A load under way may have read the files before this request: the next one answers it, and all that come meanwhile.
    if (next === null) {
      const causes = new Set<string>();
      const result = underWay.then(() => {
        next = null;
        return reloadNow([...causes].join(', '));
      });
      underWay = result.then(() => delay(REST_MS, undefined, { ref: false }));
      next = { causes, result };
    }
    next.causes.add(cause);
    return next.result;
  };

  return {
    initial,
    start(to) {
      target = to;
      if (changedEarly) void reload('file change');
    },
    reload,
    stop: () => watcher.stop(),
  };
}

/** As the YAML files write them: `database.connect_timeout`. */
function changedKeys(before: object, next: object): string[] {
  const now = new Map(entriesOf(next));
  return entriesOf(before).flatMap(([key, value]) => (Object.is(value, now.get(key)) ? [] : [key]));
}

function entriesOf(values: object, within = ''): [string, unknown][] {
  return Object.entries(values).flatMap(([name, value]: [string, unknown]): [string, unknown][] => {
    const key = within + name.replace(/Ms$/, '').replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return typeof value === 'object' && value !== null ? entriesOf(value, `${key}.`) : [[key, value]];
  });
}
