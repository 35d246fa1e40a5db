import { Option } from 'commander';
import { portNumber } from '../optionValues.js';
import type { CommandContext } from './commandContext.js';

export function demoCommand({ command, io }: CommandContext): void {
  command<{ port: number; databaseOnly?: boolean; heartbeatFile?: string }>(
    'demo',
    'run everything on an embedded PostgreSQL with a demo portfolio',
    async ({ port, databaseOnly, heartbeatFile = null }, { paths, log }) =>
      databaseOnly === true
        ? (await import('../demo.js')).demoDatabase({ paths, heartbeatFile }, io, log)
        : (await import('../demo.js')).demo({ paths, port }, io, log),
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
}
