import { Option } from 'commander';
import { EXPLAIN_FORMATS } from '../formats.js';
import type { ExplainFormat } from '../formats.js';
import { day, labelValues } from '../optionValues.js';
import type { CommandContext } from './commandContext.js';

export function explainCommand({ command, io }: CommandContext): void {
  command<{
    metric?: string;
    asOf?: string;
    against?: string | true;
    label: readonly (readonly [string, string])[];
    format: ExplainFormat;
  }>(
    'explain',
    'what a metric, or its change from another day, is made of; without a metric: which ones can be explained',
    async ({ metric = null, asOf = null, against = null, label, format }, { paths }) =>
      (await import('../explain.js')).explain({ paths, metric, asOf, against, labels: label, format }, io),
  )
    .argument('[metric]', 'name of the metric, such as portfolio_revenue_dollars')
    .option('--as-of <date>', 'day to explain, YYYY-MM-DD (default: today)', day)
    .option(
      '--against [date]',
      'explain the change since the end of this day; without a date: since the end of the previous month',
      day,
    )
    .option('--label <name=value>', 'only series with this label; may be repeated', labelValues, [])
    .addOption(new Option('--format <format>', 'how to print').choices([...EXPLAIN_FORMATS]).default('table'));
}
