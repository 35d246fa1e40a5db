import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Command, CommanderError, Option } from 'commander';
import type { Logger } from 'pino';
import type { ListenAddress } from '../http/listenAddress.js';
import type { ConfigPaths } from '../app/loadConfiguration.js';
import { alertmanager, SHIPPED_ALERTMANAGER } from './alertmanager.js';
import { backfill } from './backfill.js';
import { check } from './check.js';
import { demo, demoDatabase } from './demo.js';
import { withCommonOptions } from './commonOptions.js';
import type { CommonOptions } from './commonOptions.js';
import { explainError } from './explainError.js';
import { aborted, CommandError, EXIT_FAILURE, EXIT_OK, EXIT_USAGE } from '../app/io.js';
import type { Io } from '../app/io.js';
import { createLogger } from '../app/logger.js';
import { migrateDatabase } from './migrate.js';
import { day, listenAddress, portNumber, positiveInteger } from './optionValues.js';
import { OUTPUT_FORMATS, run } from './run.js';
import type { OutputFormat } from './run.js';
import { serve } from './serve.js';
import { listThresholds, thresholdHistory } from './thresholds.js';
import { readVersion } from '../app/version.js';

const DEFAULT_LISTEN_ADDRESS = ':10039';

type Action<O> = (options: O & CommonOptions, context: { paths: ConfigPaths; log: Logger }) => Promise<number>;

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
    // `thresholds` alone lists them.
    withCommonOptions(parent.command(name, { isDefault: name === 'list' }).description(description)).action(
      async (...args: unknown[]) => {
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
      },
    );

  withNote(
    command<NoteOptions & { 'web.listenAddress': ListenAddress }>(
      'serve',
      'collect on schedule and serve /metrics',
      (options, { paths, log }) =>
        serve({ paths, listenAddress: options['web.listenAddress'], note: noteOf(options) }, io, log),
    ).addOption(
      new Option('--web.listen-address <address>', 'address to listen on, such as :10039 or 127.0.0.1:10039')
        .argParser(listenAddress)
        .default(listenAddress(DEFAULT_LISTEN_ADDRESS), DEFAULT_LISTEN_ADDRESS),
    ),
  );

  command<{ offline?: boolean }>(
    'check',
    'validate YAML, SQL and thresholds, and compare them with the database',
    (options, { paths }) => check({ paths, offline: options.offline === true }, io),
  ).option('--offline', 'leave the database out');

  command<{ dryRun?: boolean }>('migrate', 'bring the database schema up to date', (options, { paths, log }) =>
    migrateDatabase({ paths, dryRun: options.dryRun === true }, io, log),
  ).option('--dry-run', 'print what would be applied and change nothing');

  command<{ kpi: string; asOf?: string; format: OutputFormat }>(
    'run',
    'run one KPI once and print its samples',
    (options, { paths }) => run({ paths, kpi: options.kpi, asOf: options.asOf ?? null, format: options.format }, io),
  )
    .argument('<kpi>', 'name of the KPI: the stem of its files')
    .option('--as-of <date>', 'day to compute, YYYY-MM-DD (default: today)', day)
    .addOption(new Option('--format <format>', 'how to print').choices([...OUTPUT_FORMATS]).default('table'));

  command<{ from: string; to?: string; kpi?: string[]; overwrite?: boolean; approximate?: boolean }>(
    'backfill',
    'fill kpi_history for past days; can be stopped and run again',
    (options, { paths }) =>
      backfill(
        {
          paths,
          from: options.from,
          to: options.to ?? null,
          kpis: options.kpi ?? [],
          overwrite: options.overwrite === true,
          approximate: options.approximate === true,
        },
        io,
      ),
  )
    .requiredOption('--from <date>', 'first day, YYYY-MM-DD', day)
    .option('--to <date>', 'last day, YYYY-MM-DD (default: yesterday)', day)
    .option('--kpi <name...>', 'only these KPIs (default: every KPI that keeps history)')
    .option('--overwrite', 'compute days again that have a record')
    .option('--approximate', 'also KPIs whose past cannot be computed exactly (as_of: current_state)');

  const thresholds = program.command('thresholds').description('show the thresholds in force, or how they changed');
  command<{ format: 'table' | 'json' }>(
    'list',
    'every threshold with its value, default, range and reader',
    (options, { paths }) => listThresholds({ paths, format: options.format }, io),
    thresholds,
  ).addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'));
  command<{ format: 'table' | 'json'; name?: string; limit: number }>(
    'history',
    'the changes recorded in the database, newest first',
    (options, { paths }) =>
      thresholdHistory({ paths, format: options.format, name: options.name ?? null, limit: options.limit }, io),
    thresholds,
  )
    .argument('[name]', 'only this threshold')
    .option('--limit <n>', 'at most this many changes', positiveInteger, 50)
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'));

  command<{ recipients: string; config: string; check?: boolean; force?: boolean }>(
    'alertmanager',
    'write alertmanager.yml as the alerts and recipients.yaml say',
    ({ recipients, config, check: checkOnly = false, force = false }) =>
      alertmanager({ recipientsFile: resolve(recipients), configFile: resolve(config), check: checkOnly, force }, io),
  )
    .option('--recipients <path>', 'who is told, and by which servers', `${SHIPPED_ALERTMANAGER}/recipients.yaml`)
    .option('--config <path>', "Alertmanager's configuration", `${SHIPPED_ALERTMANAGER}/alertmanager.yml`)
    .option('--check', 'write nothing; exit code 1 where the file is not what it would be')
    .option('--force', 'replace the file even where somebody edited it');

  command<{ port: number; databaseOnly?: boolean; heartbeatFile?: string }>(
    'demo',
    'run everything on an embedded PostgreSQL with a demo portfolio',
    ({ port, databaseOnly, heartbeatFile = null }, { paths, log }) =>
      databaseOnly === true ? demoDatabase({ paths, heartbeatFile }, io, log) : demo({ paths, port }, io, log),
  )
    .option('--port <port>', 'port of the HTTP server; 0 takes a free one', portNumber, 10039)
    .addOption(
      new Option(
        '--database-only',
        'instead load the portfolio into the migrated, empty database of DATABASE_URL and keep its heartbeats alive',
      ).conflicts('port'),
    )
    .addOption(
      new Option(
        '--heartbeat-file <path>',
        'with --database-only: written at every heartbeat, for a health check',
      ).implies({ databaseOnly: true }),
    );
  return program;
}

interface NoteOptions {
  readonly changedBy?: string;
  readonly reason?: string;
}

function withNote(command: Command): Command {
  return command
    .option('--changed-by <who>', 'who changed the thresholds, for their history (default: the YAML header)')
    .option('--reason <why>', 'why they were changed, for their history (default: the YAML header)');
}

function noteOf(options: NoteOptions) {
  return { changedBy: options.changedBy ?? null, reason: options.reason ?? null };
}

/** How long a command may take to end when it is asked to, in ms: the others leave nothing behind that is not whole. */
const STOP_MS: Readonly<Record<string, number>> = { serve: 10_000, demo: 10_000 };
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
