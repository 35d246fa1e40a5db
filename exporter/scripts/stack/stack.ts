// npm run stack: see startStack.ts and docs/deployment.md.
import { Command } from 'commander';
import { portNumber } from '../../src/cli/optionValues.js';
import { explainError } from '../../src/cli/explainError.js';
import { createLogger } from '../../src/app/logger.js';
import { aborted } from '../../src/app/io.js';
import { greeting } from './greeting.js';
import { StackError } from './stackOptions.js';
import { startStack } from './startStack.js';
import { ProgramError } from './untilAnswering.js';

/** npm and the terminal both pass Ctrl-C on: two signals within this time are one wish. */
const SAME_WISH_MS = 1_000;

interface Flags {
  readonly port: number;
  readonly prometheusPort: number;
  readonly alertmanagerPort: number;
  readonly grafanaPort: number;
  readonly actionsPort: number;
  readonly mailPort: number;
  readonly grafana: boolean;
}

const flags = new Command('npm run stack --')
  .description(
    'Starts PostgreSQL with the demo portfolio, the exporter, what follows alerts, Prometheus, Alertmanager and Grafana on this machine.',
  )
  .option('--port <port>', 'of the exporter; 0 takes a free one, here and below', portNumber, 10039)
  .option('--prometheus-port <port>', 'of Prometheus', portNumber, 9090)
  .option('--alertmanager-port <port>', 'of Alertmanager', portNumber, 9093)
  .option('--grafana-port <port>', 'of Grafana', portNumber, 3000)
  .option('--actions-port <port>', 'of what happens after alerts', portNumber, 10040)
  .option('--mail-port <port>', 'of the pages with the mails that it sends', portNumber, 10041)
  .option('--no-grafana', 'leave Grafana out')
  .parse()
  .opts<Flags>();

const shutdown = new AbortController();
let askedAt = Number.POSITIVE_INFINITY;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // The first asks, a later one insists; what is left then ends by itself.
    if (shutdown.signal.aborted && performance.now() - askedAt > SAME_WISH_MS) process.exit(1);
    askedAt = Math.min(askedAt, performance.now());
    shutdown.abort();
  });
}

const say = (text: string): void => void process.stdout.write(text);
// The terminal it speaks to is gone: the signal that comes with it ends the stack.
process.stdout.on('error', () => undefined);
const undo: (() => Promise<unknown>)[] = [];
let exitCode = 0;
try {
  const stack = await startStack(
    {
      exporterPort: flags.port,
      prometheusPort: flags.prometheusPort,
      alertmanagerPort: flags.alertmanagerPort,
      grafanaPort: flags.grafanaPort,
      actionsPort: flags.actionsPort,
      mailPort: flags.mailPort,
      grafana: flags.grafana,
    },
    {
      signal: shutdown.signal,
      log: createLogger({ level: 'warn', format: 'logfmt' }),
      onMessage: (line) => say(`${line}\n`),
    },
    undo,
  );
  if (stack !== null && !shutdown.signal.aborted) {
    say(greeting(stack));
    await Promise.race([stack.failed, aborted(shutdown.signal)]);
  }
} catch (error) {
  exitCode = 1;
  const isExplained = error instanceof StackError || error instanceof ProgramError;
  process.stderr.write(`${isExplained ? error.message : explainError(error)}\n`);
}
for (const one of undo.toReversed()) {
  await one().catch((error: unknown) => {
    exitCode = 1;
    process.stderr.write(`${explainError(error)}\n`);
  });
}
process.exit(exitCode);
