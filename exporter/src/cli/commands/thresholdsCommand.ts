import { Option } from 'commander';
import { positiveInteger } from '../optionValues.js';
import type { CommandContext } from './commandContext.js';

export function thresholdsCommand({ command, io, program }: CommandContext): void {
  const thresholds = program.command('thresholds').description('show the thresholds in force, or how they changed');
  command<{ format: 'table' | 'json' }>(
    'list',
    'every threshold with its value, default, range and reader',
    async (options, { paths }) =>
      (await import('../thresholds.js')).listThresholds({ paths, format: options.format }, io),
    thresholds,
  ).addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'));
  command<{ format: 'table' | 'json'; name?: string; limit: number }>(
    'history',
    'the changes recorded in the database, newest first',
    async (options, { paths }) =>
      (await import('../thresholds.js')).thresholdHistory(
        { paths, format: options.format, name: options.name ?? null, limit: options.limit },
        io,
      ),
    thresholds,
  )
    .argument('[name]', 'only this threshold')
    .option('--limit <n>', 'at most this many changes', positiveInteger, 50)
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'));
}
