import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { moved } from '../database/clockStep.js';
import type { ClockStep } from '../database/clockStep.js';
import { ConfigError, formatProblem } from '../yaml/problem.js';
import { watchFiles } from '../config/watchFiles.js';
import { loadConfiguration, watchedDirectories } from './loadConfiguration.js';
import type { ConfigPaths } from './loadConfiguration.js';
import type { Configuration } from './loadConfiguration.js';
import type { SelfMetrics } from '../metrics/selfMetrics.js';

export type ReloadResult = { readonly ok: true } | { readonly ok: false; readonly problems: readonly string[] };

export interface ReloadState {
  readonly lastReloadSuccessful: boolean;
  readonly lastReloadAt: Date;
  /** When what is in force was taken over. */
  readonly takenOverAt: Date;
  readonly problems: readonly string[];
}

export interface ConfigReloaderDeps {
  readonly paths: ConfigPaths;
  readonly clock: () => Date;
  readonly log: Logger;
}

export interface ReloadTarget {
  readonly self: Pick<SelfMetrics, 'setReload'>;
  /** Puts a checked configuration in force. */
  readonly apply: (configuration: Configuration) => void;
}

/** Takes changed files over as a whole or not at all. */
export interface ConfigReloader {
  /** As loaded at the start. */
  readonly initial: Configuration;
  /** From now on changes of the files are taken over, those since the first load included. */
  start(target: ReloadTarget): void;
  /** Reads the files again; the former configuration stays in force where anything is wrong. Never rejects. */
  reload(cause: string): Promise<ReloadResult>;
  state(): ReloadState;
  /** What has happened keeps its age. */
  clockSet(step: ClockStep): void;
  stop(): void;
}

/** Between two loads: each takes all of the program's attention, and what asks meanwhile is to be answered by one. */
const REST_MS = 250;

/** Loads the configuration and watches its files and the directories of its KPIs. Throws ConfigError where the first load finds anything wrong. */
export async function createConfigReloader(deps: ConfigReloaderDeps): Promise<ConfigReloader> {
  let target: ReloadTarget | null = null;
  let changedEarly = false;
  const files = [deps.paths.configFile, deps.paths.thresholdsFile];
  // The watch begins before the files are read: no change falls between.
  const watcher = watchFiles(files, () => {
    if (target === null) changedEarly = true;
    else void reload('file change');
  });
  const load = (): Promise<Configuration> => {
    const directories = watchedDirectories(deps.paths);
    if (directories !== null) watcher.watch([...files, ...directories]);
    return loadConfiguration(deps.paths);
  };
  let initial: Configuration;
  try {
    initial = await load();
  } catch (error) {
    watcher.stop();
    throw error;
  }
  const loadedAt = deps.clock();
  let state: ReloadState = {
    lastReloadSuccessful: true,
    lastReloadAt: loadedAt,
    takenOverAt: loadedAt,
    problems: [],
  };
  const show = (): void => target?.self.setReload(state.lastReloadSuccessful, state.takenOverAt);
  let underWay: Promise<unknown> = Promise.resolve();
  let next: { readonly causes: Set<string>; readonly result: Promise<ReloadResult> } | null = null;

  const enter = (problems: readonly string[]): ReloadResult => {
    const ok = problems.length === 0;
    const now = deps.clock();
    state = { lastReloadSuccessful: ok, lastReloadAt: now, takenOverAt: ok ? now : state.takenOverAt, problems };
    show();
    return ok ? { ok } : { ok, problems };
  };

  const reloadNow = async (cause: string): Promise<ReloadResult> => {
    try {
      const next = await load();
      const restart = needsRestart(initial, next);
      target?.apply(next);
      deps.log.info({ cause, kpis: next.units.length }, 'configuration taken over');
      if (restart.length > 0) deps.log.warn({ keys: restart }, 'these keys take effect at the next start');
      return enter([]);
    } catch (error) {
      const problems =
        error instanceof ConfigError
          ? error.problems.map(formatProblem)
          : [error instanceof Error ? error.message : String(error)];
      deps.log.error({ cause, problems: problems.length }, 'configuration refused, the previous one stays in force');
      for (const problem of problems) deps.log.error({ problem }, 'configuration problem');
      return enter(problems);
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
      show();
      if (changedEarly) void reload('file change');
    },
    reload,
    state: () => state,
    clockSet(step) {
      state = { ...state, lastReloadAt: moved(state.lastReloadAt, step), takenOverAt: moved(state.takenOverAt, step) };
      show();
    },
    stop: () => watcher.stop(),
  };
}

/** Keys of exporter.yaml that the running program cannot take over. */
function needsRestart(before: Configuration, next: Configuration): string[] {
  const was = Object.entries(before.exporter.database);
  const changed = was.filter(
    ([key, value]) => !Object.is(value, new Map(Object.entries(next.exporter.database)).get(key)),
  );
  return changed.map(
    ([key]) => `database.${key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/_ms$/, '')}`,
  );
}
