import type { Logger } from 'pino';
import { createFileReloader } from '../config/fileReloader.js';
import type { ReloadResult } from '../config/fileReloader.js';
import { moved } from '../database/clockStep.js';
import type { ClockStep } from '../database/clockStep.js';
import { loadConfiguration } from './loadConfiguration.js';
import type { ConfigPaths } from './loadConfiguration.js';
import type { Configuration } from './loadConfiguration.js';
import type { KpiShare } from '../kpi/unit/kpiShare.js';
import type { SelfMetrics } from '../metrics/selfMetrics.js';

export interface ReloadState {
  readonly lastReloadSuccessful: boolean;
  readonly lastReloadAt: Date;
  /** When what is in force was taken over. */
  readonly takenOverAt: Date;
  readonly problems: readonly string[];
}

export interface ConfigReloaderDeps {
  readonly paths: ConfigPaths;
  readonly share: KpiShare;
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

/** Loads the configuration and watches its files and the directories of its KPIs. Throws ConfigError where the first load finds anything wrong. */
export async function createConfigReloader({ paths, share, clock, log }: ConfigReloaderDeps): Promise<ConfigReloader> {
  const files = await createFileReloader({
    files: [paths.configFile, paths.thresholdsFile],
    load: (watch) => loadConfiguration(paths, share, watch),
    atStart: ({ exporter: { database, sampleLimit } }) => ({ database, sampleLimit }),
    log,
  });
  let target: ReloadTarget | null = null;
  const loadedAt = clock();
  let state: ReloadState = {
    lastReloadSuccessful: true,
    lastReloadAt: loadedAt,
    takenOverAt: loadedAt,
    problems: [],
  };
  const show = (): void => target?.self.setReload(state.lastReloadSuccessful, state.takenOverAt);
  return {
    initial: files.initial,
    start(to) {
      target = to;
      show();
      files.start({
        apply: to.apply,
        onResult(problems) {
          const ok = problems.length === 0;
          const now = clock();
          state = { lastReloadSuccessful: ok, lastReloadAt: now, takenOverAt: ok ? now : state.takenOverAt, problems };
          show();
        },
      });
    },
    reload: (cause) => files.reload(cause),
    state: () => state,
    clockSet(step) {
      state = { ...state, lastReloadAt: moved(state.lastReloadAt, step), takenOverAt: moved(state.takenOverAt, step) };
      show();
    },
    stop: () => files.stop(),
  };
}
