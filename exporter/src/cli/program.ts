import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Command, CommanderError } from 'commander';
import { withCommonOptions } from './commonOptions.js';
import type { CommonOptions } from './commonOptions.js';
import { explainError } from './explainError.js';
import { aborted, CommandError, EXIT_FAILURE, EXIT_OK, EXIT_USAGE } from '../app/io.js';
import type { Io } from '../app/io.js';
import { createLogger } from '../app/logger.js';
import { readVersion } from '../app/version.js';
import { actionsCommand } from './commands/actionsCommand.js';
import { alertmanagerCommand } from './commands/alertmanagerCommand.js';
import { backfillCommand } from './commands/backfillCommand.js';
import { checkCommand } from './commands/checkCommand.js';
import { demoCommand } from './commands/demoCommand.js';
import { explainCommand } from './commands/explainCommand.js';
import { importCommand } from './commands/importCommand.js';
import { migrateCommand } from './commands/migrateCommand.js';
import { reportCommand } from './commands/reportCommand.js';
import { respondCommand } from './commands/respondCommand.js';
import { restoreCommand } from './commands/restoreCommand.js';
import { runCommand } from './commands/runCommand.js';
import { serveCommand } from './commands/serveCommand.js';
import { snapshotCommand } from './commands/snapshotCommand.js';
import { templateCommand } from './commands/templateCommand.js';
import { thresholdsCommand } from './commands/thresholdsCommand.js';
import { triggerCommand } from './commands/triggerCommand.js';
import type { Action } from './commands/commandContext.js';

/**
 * Runs one command line (without the program's own name) and returns its exit code: 0 done, 1 not done or something found,
 * 2 a wrong command line. Results go to stdout, everything else to stderr.
 */
export async function runProgram(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = EXIT_OK;
  const program = buildProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
    if (io.shutdown.aborted) {
      // Whatever failed did so because it was stopped.
      io.stderr('stopped before the end\n');
      return EXIT_FAILURE;
    }
    io.stderr(`${explainError(error, argv[0] ?? '')}\n`);
    return EXIT_FAILURE;
  }
}

function buildProgram(io: Io, done: (code: number) => void): Command {
  const program = new Command('portfolio-exporter');
  program
    .description(
      'Runs the KPI SQL of a venture portfolio on schedule against PostgreSQL and serves the results to Prometheus.',
    )
    .version(readVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help of a command')
    .showHelpAfterError('(run with --help for the flags and commands)')
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr })
    .exitOverride();

  const command = <O = object>(name: string, description: string, action: Action<O>, parent = program): Command =>
    // `thresholds` alone lists them, `snapshot` alone takes one.
    withCommonOptions(
      parent.command(name, { isDefault: DEFAULTS.get(parent.name()) === name }).description(description),
    ).action(async (...args: unknown[]) => {
      const self = args.at(-1);
      if (!(self instanceof Command)) throw new Error('commander calls an action with its command last');
      // Positional arguments join the options under their names, so that an action takes one object.
      const positional = Object.fromEntries(
        self.registeredArguments.map((argument, index) => [argument.name(), args[index]]),
      );
      const options = { ...positional, ...self.optsWithGlobals<O & CommonOptions>() };
      const log = createLogger({ level: options['log.level'], format: options['log.format'] }, io.log);
      const paths = {
        configFile: resolve(options['config.file']),
        thresholdsFile: resolve(options['config.thresholdsFile']),
      };
      done(await untilStopped(action(options, { paths, log }), name, io.shutdown));
    });

  for (const add of COMMANDS) add({ io, program, command });
  return program;
}

/** In the order of the help. */
const COMMANDS = [
  serveCommand,
  actionsCommand,
  checkCommand,
  migrateCommand,
  importCommand,
  templateCommand,
  runCommand,
  explainCommand,
  backfillCommand,
  reportCommand,
  thresholdsCommand,
  snapshotCommand,
  restoreCommand,
  triggerCommand,
  alertmanagerCommand,
  respondCommand,
  demoCommand,
];

/** By command, the one below it that it stands for alone. */
const DEFAULTS: ReadonlyMap<string, string> = new Map([
  ['thresholds', 'list'],
  ['snapshot', 'take'],
]);

/**
 * How long a command may take to end when it is asked to, in ms: the others leave nothing behind that is not whole. The demo ends its
 * jobs, its exporter and then its database.
 */
const STOP_MS: Readonly<Record<string, number>> = { serve: 10_000, actions: 10_000, demo: 30_000 };
const OTHER_STOP_MS = 1_000;

/** The exit code of `work`; rejects where it does not end in time after it was asked to. */
async function untilStopped(work: Promise<number>, name: string, shutdown: AbortSignal): Promise<number> {
  const ended = new AbortController();
  const overdue = async (): Promise<never> => {
    await aborted(AbortSignal.any([shutdown, ended.signal]));
    await delay(STOP_MS[name] ?? OTHER_STOP_MS, undefined, { signal: ended.signal });
    throw new CommandError('stopped before the end');
  };
  try {
    return await Promise.race([work, overdue()]);
  } finally {
    ended.abort();
  }
}
