import { Option } from 'commander';
import type { CommandContext } from './commandContext.js';

export function restoreCommand({ command, io }: CommandContext): void {
  command<{ snapshot: string; yes?: boolean; by?: string }>(
    'restore',
    'set allocations and initiative states back to a snapshot; says what would change, and changes it with --yes',
    async ({ snapshot: nameOrMoment, yes, by }, { paths }) =>
      (await import('../snapshot.js')).restore({ paths, nameOrMoment, yes: yes === true, by: by ?? null }, io),
  )
    .argument('<snapshot>', 'its name, or a moment (2026-11-30T20:53Z): the newest one taken until then')
    .option('--dry-run', 'change nothing: what it does without --yes')
    .addOption(new Option('--yes', 'change it').conflicts('dryRun'))
    .option('--by <who>', 'who restores it (default: the database role)');
}
