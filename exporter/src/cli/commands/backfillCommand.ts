import { day } from '../optionValues.js';
import type { CommandContext } from './commandContext.js';

export function backfillCommand({ command, io }: CommandContext): void {
  command<{ from: string; to?: string; kpi?: string[]; overwrite?: boolean; approximate?: boolean }>(
    'backfill',
    'fill kpi_history for past days; can be stopped and run again',
    async (options, { paths }) =>
      (await import('../backfill.js')).backfill(
        {
          paths,
          from: options.from,
          to: options.to ?? null,
          kpis: options.kpi ?? [],
          overwrite: options.overwrite === true,
          approximate: options.approximate === true,
        },
        io,
      ),
  )
    .requiredOption('--from <date>', 'first day, YYYY-MM-DD', day)
    .option('--to <date>', 'last day, YYYY-MM-DD (default: yesterday)', day)
    .option('--kpi <name...>', 'only these KPIs (default: every KPI that keeps history)')
    .option('--overwrite', 'compute days again that have a record')
    .option('--approximate', 'also KPIs whose past cannot be computed exactly (as_of: current_state)');
}
