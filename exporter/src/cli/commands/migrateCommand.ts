import type { CommandContext } from './commandContext.js';

export function migrateCommand({ command, io }: CommandContext): void {
  command<{ dryRun?: boolean }>('migrate', 'bring the database schema up to date', async (options, { paths, log }) =>
    (await import('../migrate.js')).migrateDatabase({ paths, dryRun: options.dryRun === true }, io, log),
  ).option('--dry-run', 'print what would be applied and change nothing');
}
