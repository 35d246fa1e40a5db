import type { KpiUnit, MetricDefinition } from '../src/kpi/unit/unit.js';
import { createSelfMetrics } from '../src/metrics/selfMetrics.js';
import { shippedUnits } from './shippedUnits.js';

/** The tables of docs/metrics.md that list every metric, from the units and from the registry of the exporter itself. */
export async function metricTables(): Promise<string> {
  const units = await shippedUnits();
  const own = await ownMetrics();
  return [
    ...units.map(unitTable),
    '## The exporter about itself',
    '',
    '| metric | type | meaning |',
    '| --- | --- | --- |',
    ...own,
  ].join('\n');
}

function unitTable(unit: KpiUnit): string {
  return [
    `## ${unit.title} (\`${unit.name}\`)`,
    '',
    '| metric | labels | meaning | target |',
    '| --- | --- | --- | --- |',
    ...unit.metrics.map(
      (metric) => `| \`${metric.name}\` | ${labels(metric)} | ${cell(metric.help)} | ${target(metric)} |`,
    ),
    '',
  ].join('\n');
}

function labels(metric: MetricDefinition): string {
  return metric.labels.map((label) => `\`${label}\``).join(', ');
}

function target(metric: MetricDefinition): string {
  if (metric.target === null) return '';
  return `${metric.target.direction === 'at_least' ? '≥' : '≤'} \`${metric.target.threshold}\``;
}

async function ownMetrics(): Promise<string[]> {
  const self = createSelfMetrics({ version: '0', nodeVersion: '0', shard: { shard: 1, shards: 1 } });
  // Registered with the first answer of the database.
  self.setDatabaseUp(true);
  const metrics = await self.registry.getMetricsAsJSON();
  const own = metrics.filter((metric) => metric.name.startsWith('portfolio_'));
  const rows = own.map((metric) => `| \`${metric.name}\` | ${String(metric.type)} | ${cell(metric.help)} |`);
  return [...rows.sort(), '| `process_*`, `nodejs_*` | | The defaults of prom-client. |'];
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
