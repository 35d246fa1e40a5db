import type { CommandContext } from './commandContext.js';

export function snapshotCommand({ command, io, program }: CommandContext): void {
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
      (await import('../snapshot.js')).snapshot({ paths, name: name ?? null, by: by ?? null }, io),
    snapshots,
  )
    .option('--name <name>', 'its name (default: the moment)')
    .option('--by <who>', 'who takes it (default: the database role)')
    .showHelpAfterError('(a name is given by --name <name>; run with --help for the flags and commands)');
  command(
    'list',
    'every snapshot, newest first',
    async (_options, { paths }) => (await import('../snapshot.js')).snapshotList({ paths }, io),
    snapshots,
  );
}
