import type { CommandContext } from './commandContext.js';

export function templateCommand({ command, io }: CommandContext): void {
  command<{ table: string }>(
    'template',
    'print an empty CSV of a table, with what each column holds',
    async ({ table }) => (await import('../import.js')).template(table, io),
  ).argument('<table>', 'such as venture_metrics');
}
