import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { loadAlerts } from '../../prometheus/src/alerts.js';
import { alertTexts, panelTexts, ROOT, rules, sqlObjects } from './readers.js';
import { shippedUnits } from './shippedUnits.js';

const FILE = join(ROOT, 'exporter/src/http/page/kpiReaders.ts');

const HEADER = `// Written by \`npm run schemas\` from prometheus/rules and grafana/dashboards: edit their sources.

export interface MetricReaders {
  readonly alerts: readonly string[];
  readonly panels: readonly { readonly uid: string; readonly title: string }[];
}
`;

/** The file that says which alerts and panels read each metric of a KPI, and which alert says that the KPI is late. */
export async function kpiReaders(): Promise<{ file: string; text: string }> {
  const units = await shippedUnits();
  const alerts = await alertTexts();
  const recorded = await rules();
  const panels = (await panelTexts(await sqlObjects())).map(({ uid, title, text }) => {
    // A panel of a recorded series reads what is recorded.
    const behind = recorded.filter(({ record }) => record !== undefined && text.includes(record));
    return { uid, title, text: [text, ...behind.map(({ expr }) => expr)].join(' ') };
  });
  const metrics = units.flatMap((unit) => unit.metrics.map(({ name }) => name));
  const readers = metrics.flatMap((metric) => {
    const reads = ({ text }: { readonly text: string }): boolean => new RegExp(`\\b${metric}\\b`).test(text);
    const read = {
      alerts: [...new Set(alerts.filter(reads).map(({ name }) => name))].sort(),
      panels: panels.filter(reads).map(({ uid, title }) => ({ uid, title })),
    };
    return read.alerts.length + read.panels.length === 0 ? [] : [[metric, read] as const];
  });
  const late = (await loadAlerts()).flatMap(({ name, late: kpis }) => kpis.map((kpi) => [kpi, name] as const));
  const text = [
    HEADER,
    constant(
      'What reads each metric; nothing reads the others.',
      'METRIC_READERS',
      'MetricReaders',
      Object.fromEntries(readers),
    ),
    constant('KPIs whose lateness has an alert of its own.', 'LATE_ALERTS', 'string', Object.fromEntries(late)),
  ].join('\n');
  return { file: FILE, text: await format(text, { ...(await resolveConfig(FILE)), filepath: FILE }) };
}

function constant(comment: string, name: string, type: string, value: object): string {
  return `/** ${comment} */\nexport const ${name}: Readonly<Record<string, ${type}>> = ${JSON.stringify(value)};\n`;
}
