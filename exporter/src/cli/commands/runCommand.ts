import { Option } from 'commander';
import { OUTPUT_FORMATS } from '../formats.js';
import type { OutputFormat } from '../formats.js';
import { day } from '../optionValues.js';
import type { CommandContext } from './commandContext.js';

export function runCommand({ command, io }: CommandContext): void {
  command<{ kpi: string; asOf?: string; format: OutputFormat }>(
    'run',
    'run one KPI once and print its samples',
    async (options, { paths }) =>
      (await import('../run.js')).run(
        { paths, kpi: options.kpi, asOf: options.asOf ?? null, format: options.format },
        io,
      ),
  )
    .argument('<kpi>', 'name of the KPI: the stem of its files')
    .option('--as-of <date>', 'day to compute, YYYY-MM-DD (default: today)', day)
    .addOption(new Option('--format <format>', 'how to print').choices([...OUTPUT_FORMATS]).default('table'));
}
