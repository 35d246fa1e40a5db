import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Argument, Command, CommanderError, Option } from 'commander';
import type { Logger } from 'pino';
import type { ListenAddress } from '../server/listenAddress.js';
import type { ConfigPaths } from '../app/loadConfiguration.js';
import { SHIPPED_ALERTMANAGER, SHIPPED_CONFIG, withCommonOptions } from './commonOptions.js';
import type { CommonOptions } from './commonOptions.js';
import { explainError } from './explainError.js';
import { EXPLAIN_FORMATS, OUTPUT_FORMATS, REPORT_FORMATS } from './formats.js';
import type { ExplainFormat, OutputFormat, ReportFormat } from './formats.js';
import { OUTCOMES, TRIGGER_IDS } from '../actions/recursion/recursionTriggers.js';
import type { Outcome, TriggerId } from '../actions/recursion/recursionTriggers.js';
import { aborted, CommandError, EXIT_FAILURE, EXIT_OK, EXIT_USAGE } from '../app/io.js';
import type { Io } from '../app/io.js';
import { createLogger } from '../app/logger.js';
import { ALL_KPIS } from '../kpi/unit/kpiShare.js';
import type { KpiShare, Shard } from '../kpi/unit/kpiShare.js';
import {
  columnValues,
  day,
  kpiNames,
  labelValues,
  listenAddress,
  month,
  portNumber,
  positiveInteger,
  shard,
} from './optionValues.js';
import { readVersion } from '../app/version.js';

const DEFAULT_LISTEN_ADDRESS = ':10039';
const ACTIONS_LISTEN_ADDRESS = ':10040';

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

/** Each command is loaded when it is asked for: the libraries of all of them would take a quarter of the start and 7 MB. */
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

  withNote(
    command<NoteOptions & ShareOptions & { 'web.listenAddress': ListenAddress }>(
      'serve',
      'collect on schedule and serve /metrics',
      async (options, { paths, log }) =>
        (await import('./serve.js')).serve(
          { paths, listenAddress: options['web.listenAddress'], note: noteOf(options), share: shareOf(options) },
          io,
          log,
        ),
    )
      .addOption(listenOption(DEFAULT_LISTEN_ADDRESS))
      .addOption(
        new Option('--shard <number/shards>', 'compute the KPIs of this shard, and leave the rest to the other shards')
          .argParser(shard)
          .conflicts(['kpi', 'kpi.exclude']),
      )
      .addOption(
        new Option('--kpi <names>', 'compute only these KPIs, with commas between them')
          .argParser(kpiNames)
          .conflicts(['kpi.exclude']),
      )
      .addOption(new Option('--kpi.exclude <names>', 'compute every KPI but these').argParser(kpiNames)),
  );

  command<{ 'config.actionsFile': string; 'web.listenAddress': ListenAddress }>(
    'actions',
    'act on alerts: what Alertmanager tells by its webhook, and what is due by date',
    async (options, { paths, log }) =>
      (await import('./actions.js')).actions(
        {
          paths: { ...paths, actionsFile: resolve(options['config.actionsFile']) },
          listenAddress: options['web.listenAddress'],
        },
        io,
        log,
      ),
  )
    .option('--config.actions-file <path>', 'what happens after an alert', `${SHIPPED_CONFIG}/actions.yaml`)
    .addOption(listenOption(ACTIONS_LISTEN_ADDRESS));

  command<{ offline?: boolean }>(
    'check',
    'validate YAML, SQL and thresholds, and compare them with the database',
    async (options, { paths }) => (await import('./check.js')).check({ paths, offline: options.offline === true }, io),
  ).option('--offline', 'leave the database out');

  command<{ dryRun?: boolean }>('migrate', 'bring the database schema up to date', async (options, { paths, log }) =>
    (await import('./migrate.js')).migrateDatabase({ paths, dryRun: options.dryRun === true }, io, log),
  ).option('--dry-run', 'print what would be applied and change nothing');

  command<ImportFlags>(
    'import',
    'load CSV, JSON Lines or coordination plans into the tables: adds what is new, updates what differs',
    async ({ files, table, map, set, skipBad, dryRun, heartbeat }, { paths }) =>
      (await import('./import.js')).importFiles(
        {
          paths,
          files,
          table: table ?? null,
          map: map ?? null,
          set,
          skipBad: skipBad ?? null,
          dryRun: dryRun === true,
          heartbeat: heartbeat === true,
        },
        io,
      ),
  )
    .argument('<files...>', 'each is loaded whole or not at all')
    .option('--table <name>', 'where the rows go (default: as the mapping or the name of the file says)')
    .option('--map <file>', 'how the file is written: a mapping file, or the name of one that comes with the program')
    .option('--set <column=value>', 'the same value for every row; may be repeated', columnValues, [])
    .option('--skip-bad <file>', 'keep refused rows with the reason in this file, and load the others')
    .option('--dry-run', 'check everything and change nothing')
    .option('--heartbeat', 'also record that what writes the table is alive: for loads on schedule');

  command<{ table: string }>(
    'template',
    'print an empty CSV of a table, with what each column holds',
    async ({ table }) => (await import('./import.js')).template(table, io),
  ).argument('<table>', 'such as venture_metrics');

  command<{ kpi: string; asOf?: string; format: OutputFormat }>(
    'run',
    'run one KPI once and print its samples',
    async (options, { paths }) =>
      (await import('./run.js')).run(
        { paths, kpi: options.kpi, asOf: options.asOf ?? null, format: options.format },
        io,
      ),
  )
    .argument('<kpi>', 'name of the KPI: the stem of its files')
    .option('--as-of <date>', 'day to compute, YYYY-MM-DD (default: today)', day)
    .addOption(new Option('--format <format>', 'how to print').choices([...OUTPUT_FORMATS]).default('table'));

  command<{
    metric?: string;
    asOf?: string;
    against?: string | true;
    label: readonly (readonly [string, string])[];
    format: ExplainFormat;
  }>(
    'explain',
    'what a metric, or its change from another day, is made of; without a metric: which ones can be explained',
    async ({ metric = null, asOf = null, against = null, label, format }, { paths }) =>
      (await import('./explain.js')).explain({ paths, metric, asOf, against, labels: label, format }, io),
  )
    .argument('[metric]', 'name of the metric, such as portfolio_revenue_dollars')
    .option('--as-of <date>', 'day to explain, YYYY-MM-DD (default: today)', day)
    .option(
      '--against [date]',
      'explain the change since the end of this day; without a date: since the end of the previous month',
      day,
    )
    .option('--label <name=value>', 'only series with this label; may be repeated', labelValues, [])
    .addOption(new Option('--format <format>', 'how to print').choices([...EXPLAIN_FORMATS]).default('table'));

  command<{ from: string; to?: string; kpi?: string[]; overwrite?: boolean; approximate?: boolean }>(
    'backfill',
    'fill kpi_history for past days; can be stopped and run again',
    async (options, { paths }) =>
      (await import('./backfill.js')).backfill(
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

  command<{ month?: string; format?: ReportFormat; output?: string }>(
    'report',
    'write the portfolio report of a month: summary, KPIs, ventures, initiatives, gates, recommendations',
    async ({ month: of, format, output }, { paths }) =>
      (await import('./report.js')).report(
        { paths, month: of ?? null, format: format ?? null, file: output ?? null },
        io,
      ),
  )
    .option('--month <month>', 'YYYY-MM (default: the last complete month)', month)
    .addOption(
      new Option('--format <format>', 'how to write it (default: by the extension of the file)').choices([
        ...REPORT_FORMATS,
      ]),
    )
    .option('-o, --output <file>', 'where to write it (default: stdout, as text)');

  const thresholds = program.command('thresholds').description('show the thresholds in force, or how they changed');
  command<{ format: 'table' | 'json' }>(
    'list',
    'every threshold with its value, default, range and reader',
    async (options, { paths }) =>
      (await import('./thresholds.js')).listThresholds({ paths, format: options.format }, io),
    thresholds,
  ).addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'));
  command<{ format: 'table' | 'json'; name?: string; limit: number }>(
    'history',
    'the changes recorded in the database, newest first',
    async (options, { paths }) =>
      (await import('./thresholds.js')).thresholdHistory(
        { paths, format: options.format, name: options.name ?? null, limit: options.limit },
        io,
      ),
    thresholds,
  )
    .argument('[name]', 'only this threshold')
    .option('--limit <n>', 'at most this many changes', positiveInteger, 50)
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'));

  const snapshots = program
    .command('snapshot')
    .description('keep allocations and initiative states under a name, to restore them later')
    .addHelpText(
      'after',
      '\nWithout a command it takes one: `snapshot --name <name> --by <who>`; `snapshot take --help` has its flags.',
    );
  command<{ name?: string; by?: string }>(
    'take',
    'take a snapshot',
    async ({ name, by }, { paths }) =>
      (await import('./snapshot.js')).snapshot({ paths, name: name ?? null, by: by ?? null }, io),
    snapshots,
  )
    .option('--name <name>', 'its name (default: the moment)')
    .option('--by <who>', 'who takes it (default: the database role)')
    .showHelpAfterError('(a name is given by --name <name>; run with --help for the flags and commands)');
  command(
    'list',
    'every snapshot, newest first',
    async (_options, { paths }) => (await import('./snapshot.js')).snapshotList({ paths }, io),
    snapshots,
  );

  command<{ snapshot: string; yes?: boolean; by?: string }>(
    'restore',
    'set allocations and initiative states back to a snapshot; says what would change, and changes it with --yes',
    async ({ snapshot: nameOrMoment, yes, by }, { paths }) =>
      (await import('./snapshot.js')).restore({ paths, nameOrMoment, yes: yes === true, by: by ?? null }, io),
  )
    .argument('<snapshot>', 'its name, or a moment (2026-11-30T20:53Z): the newest one taken until then')
    .option('--dry-run', 'change nothing: what it does without --yes')
    .addOption(new Option('--yes', 'change it').conflicts('dryRun'))
    .option('--by <who>', 'who restores it (default: the database role)');

  command<TriggerFlags>(
    'trigger',
    'list the recursion triggers, run one by hand, switch it, or close an execution',
    async ({ id, dryRun, override, enable, disable, close, outcome, by, reason }, { paths }) =>
      (await import('./trigger.js')).trigger(
        {
          paths,
          trigger: id ?? null,
          dryRun: dryRun === true,
          override: override === true,
          enable: enable === true,
          disable: disable === true,
          close: close ?? null,
          outcome,
          by: by ?? null,
          reason: reason ?? null,
        },
        io,
      ),
  )
    .addArgument(new Argument('[id]', 'the trigger (default: list all)').choices([...TRIGGER_IDS]))
    .option('--list', 'list all: what it does without an id')
    .option('--dry-run', 'print what it would open and change nothing')
    .option('--override', 'also where it is switched off, cooling down, too deep or lacks active ventures')
    .addOption(new Option('--enable', 'switch it on').conflicts(['disable', 'override', 'dryRun', 'close']))
    .addOption(new Option('--disable', 'switch it off').conflicts(['override', 'dryRun', 'close']))
    .addOption(new Option('--close <execution>', 'end this execution').conflicts(['override', 'dryRun']))
    .addOption(
      new Option('--outcome <outcome>', 'with --close: how it ended').choices([...OUTCOMES]).default('RESOLVED'),
    )
    .option('--by <who>', 'who decides; kept')
    .option('--reason <why>', 'why; kept');

  command<{ recipients: string; config: string; check?: boolean; force?: boolean }>(
    'alertmanager',
    'write alertmanager.yml as the alerts and recipients.yaml say',
    async ({ recipients, config, check: checkOnly = false, force = false }) =>
      (await import('./alertmanager.js')).alertmanager(
        { recipientsFile: resolve(recipients), configFile: resolve(config), check: checkOnly, force },
        io,
      ),
  )
    .option('--recipients <path>', 'who is told, and by which servers', `${SHIPPED_ALERTMANAGER}/recipients.yaml`)
    .option('--config <path>', "Alertmanager's configuration", `${SHIPPED_ALERTMANAGER}/alertmanager.yml`)
    .option('--check', 'write nothing; exit code 1 where the file is not what it would be')
    .option('--force', 'replace the file even where somebody edited it');

  command<{ initiative: string; by: string; note: string }>(
    'respond',
    'store the status of a delayed initiative and answer what was asked about it',
    async ({ initiative, by, note }, { paths }) =>
      (await import('./respond.js')).respond({ paths, initiative, by, note }, io),
  )
    .argument('<initiative>', 'its code, or the name of one of its open milestones')
    .requiredOption('--by <who>', 'in whose name')
    .requiredOption('--note <text>', 'the status, and what happens next');

  command<{ port: number; databaseOnly?: boolean; heartbeatFile?: string }>(
    'demo',
    'run everything on an embedded PostgreSQL with a demo portfolio',
    async ({ port, databaseOnly, heartbeatFile = null }, { paths, log }) =>
      databaseOnly === true
        ? (await import('./demo.js')).demoDatabase({ paths, heartbeatFile }, io, log)
        : (await import('./demo.js')).demo({ paths, port }, io, log),
  )
    .option(
      '--port <port>',
      'port of the exporter; what follows alerts and the caught mail have the two after it; 0 takes free ones',
      portNumber,
      10039,
    )
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

function listenOption(address: string): Option {
  return new Option('--web.listen-address <address>', `address to listen on, such as ${address} or 127.0.0.1${address}`)
    .argParser(listenAddress)
    .default(listenAddress(address), address);
}

/** By command, the one below it that it stands for alone. */
const DEFAULTS: ReadonlyMap<string, string> = new Map([
  ['thresholds', 'list'],
  ['snapshot', 'take'],
]);

interface ImportFlags {
  readonly files: readonly string[];
  readonly table?: string;
  readonly map?: string;
  readonly set: readonly (readonly [column: string, value: string])[];
  readonly skipBad?: string;
  readonly dryRun?: boolean;
  readonly heartbeat?: boolean;
}

interface TriggerFlags {
  readonly id?: TriggerId;
  readonly dryRun?: boolean;
  readonly override?: boolean;
  readonly enable?: boolean;
  readonly disable?: boolean;
  readonly close?: string;
  readonly outcome: Outcome;
  readonly by?: string;
  readonly reason?: string;
}

interface ShareOptions {
  readonly shard?: Shard;
  readonly kpi?: readonly string[];
  readonly 'kpi.exclude'?: readonly string[];
}

function shareOf({ shard: part, kpi, 'kpi.exclude': excluded }: ShareOptions): KpiShare {
  if (part !== undefined) return { kind: 'shard', ...part };
  if (kpi !== undefined) return { kind: 'only', names: kpi };
  return excluded === undefined ? ALL_KPIS : { kind: 'except', names: excluded };
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
