import type { Command } from 'commander';
import type { Logger } from 'pino';
import type { Io } from '../../app/io.js';
import type { ConfigPaths } from '../../app/loadConfiguration.js';
import type { CommonOptions } from '../commonOptions.js';

export type Action<O> = (options: O & CommonOptions, context: { paths: ConfigPaths; log: Logger }) => Promise<number>;

/** What a command is added to the program with. */
export interface CommandContext {
  readonly io: Io;
  /** For commands below one that does nothing itself. */
  readonly program: Command;
  /**
   * Adds a command with the common flags; returns it for its own. Its action takes arguments and flags as one object, and loads
   * what it needs when it is called: the libraries of all commands would take a quarter of the start and 7 MB.
   */
  readonly command: <O = object>(name: string, description: string, action: Action<O>, parent?: Command) => Command;
}
