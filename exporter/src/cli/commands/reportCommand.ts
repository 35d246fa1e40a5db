import { Option } from 'commander';
import { REPORT_FORMATS } from '../formats.js';
import type { ReportFormat } from '../formats.js';
import { month } from '../optionValues.js';
import type { CommandContext } from './commandContext.js';

export function reportCommand({ command, io }: CommandContext): void {
  command<{ month?: string; format?: ReportFormat; output?: string }>(
    'report',
    'write the portfolio report of a month: summary, KPIs, ventures, initiatives, gates, recommendations',
    async ({ month: of, format, output }, { paths }) =>
      (await import('../report.js')).report(
        { paths, month: of ?? null, format: format ?? null, file: output ?? null },
        io,
      ),
  )
    .option('--month <month>', 'YYYY-MM (default: the last complete month)', month)
    .addOption(
      new Option('--format <format>', 'how to write it (default: by the extension of the file)').choices([
        ...REPORT_FORMATS,
      ]),
    )
    .option('-o, --output <file>', 'where to write it (default: stdout, as text)');
}
