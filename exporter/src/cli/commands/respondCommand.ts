import type { CommandContext } from './commandContext.js';

export function respondCommand({ command, io }: CommandContext): void {
  command<{ initiative: string; by: string; note: string }>(
    'respond',
    'store the status of a delayed initiative and answer what was asked about it',
    async ({ initiative, by, note }, { paths }) =>
      (await import('../respond.js')).respond({ paths, initiative, by, note }, io),
  )
    .argument('<initiative>', 'its code, or the name of one of its open milestones')
    .requiredOption('--by <who>', 'in whose name')
    .requiredOption('--note <text>', 'the status, and what happens next');
}
