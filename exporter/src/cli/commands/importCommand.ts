import { columnValues } from '../optionValues.js';
import type { CommandContext } from './commandContext.js';

export function importCommand({ command, io }: CommandContext): void {
  command<ImportFlags>(
    'import',
    'load CSV, JSON Lines or coordination plans into the tables: adds what is new, updates what differs',
    async ({ files, table, map, set, skipBad, dryRun, heartbeat }, { paths }) =>
      (await import('../import.js')).importFiles(
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
}

interface ImportFlags {
  readonly files: readonly string[];
  readonly table?: string;
  readonly map?: string;
  readonly set: readonly (readonly [column: string, value: string])[];
  readonly skipBad?: string;
  readonly dryRun?: boolean;
  readonly heartbeat?: boolean;
}
