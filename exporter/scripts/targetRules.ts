import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { Document, visit } from 'yaml';
import type { KpiUnit, MetricDefinition, MetricTarget } from '../src/kpi/unit.js';
import { shippedUnits } from './shippedUnits.js';

const FILE = fileURLToPath(new URL('../../prometheus/rules/targets.yml', import.meta.url));

const HEADER = ` Each KPI over its target: 1 is on target; direction says which side is the good one. Written by \`npm run schemas\` from the
 targets in sql/kpis/*.yaml: edit those.
 Absent while the KPI is older than its service level, and where the target is 0; the labels of the KPI's entities are kept.`;

/** The file prometheus/rules/targets.yml and its text: a recording rule for each metric that has a target. */
export async function targetRules(): Promise<{ file: string; text: string }> {
  const units = await shippedUnits();
  const rules = units.flatMap((unit) => unit.metrics.flatMap((metric) => ruleOf(unit, metric)));
  const document = new Document({ groups: [{ name: 'portfolio-targets', interval: '1m', rules }] });
  document.commentBefore = HEADER;
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value === 'string' && node.value.includes('\n')) node.type = 'BLOCK_LITERAL';
    },
  });
  const text = document.toString({ lineWidth: 0 });
  return { file: FILE, text: await format(text, { ...(await resolveConfig(FILE)), filepath: FILE }) };
}

function ruleOf(unit: KpiUnit, metric: MetricDefinition): object[] {
  const { target } = metric;
  if (target === null) return [];
  return [
    {
      record: 'portfolio:kpi_target_achieved:ratio',
      labels: { kpi: unit.name, metric: metric.name, direction: target.direction },
      expr: expression(unit.name, metric, target),
    },
  ];
}

function expression(kpi: string, metric: MetricDefinition, target: MetricTarget): string {
  const by = metric.labels.length === 0 ? '' : ` by (${metric.labels.join(', ')}) `;
  const lines = [
    `max${by}(${newest(metric.name, kpi)})`,
    metric.labels.length === 0 ? '/ on ()' : '/ on () group_left ()',
    `(max(${threshold(target.threshold)}) > 0)`,
    `and on () (kpi:portfolio_kpi_fresh:bool{kpi="${kpi}"} == 1)`,
  ];
  if (target.onlyWhen !== null) {
    const { metric: condition, atLeast } = target.onlyWhen;
    lines.push(`and on () (max(${newest(condition, kpi)}) >= on () max(${threshold(atLeast)}))`);
  }
  return lines.join('\n');
}

/** The samples of the exporter that computed the KPI last; another replica may still serve what it saw before an outage. */
function newest(metric: string, kpi: string): string {
  return `${metric} and on (job, instance) (instance_kpi:portfolio_kpi_newest:bool{kpi="${kpi}"} == 1)`;
}

function threshold(name: string): string {
  return `portfolio_threshold{name="${name}"}`;
}
