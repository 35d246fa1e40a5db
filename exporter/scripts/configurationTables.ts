import { z } from 'zod';
import { actionsSchema } from '../src/config/actionsConfig.js';
import { exporterSchema } from '../src/config/exporterConfig.js';
import { THRESHOLD_CATALOGUE, THRESHOLD_CATEGORIES, THRESHOLD_NAMES } from '../src/config/thresholdCatalogue.js';

interface KeySchema {
  readonly description?: string;
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, KeySchema>>;
  readonly additionalProperties?: KeySchema | boolean;
}

/** The tables of docs/configuration.md by the names of their markers. */
export function configurationTables(): Readonly<Record<string, string>> {
  return {
    'exporter keys': keyTable(exporterSchema),
    'actions keys': keyTable(actionsSchema),
    thresholds: thresholdTables(),
  };
}

function keyTable(keys: z.ZodType): string {
  const schema = z.toJSONSchema(keys, { io: 'input', target: 'draft-7' }) as KeySchema;
  return ['| key | default | meaning |', '| --- | --- | --- |', ...keyRows(schema, '')].join('\n');
}

function keyRows(schema: KeySchema, parent: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const path = `${parent}${name}`;
    const default_ = parent.includes('<')
      ? "the KPI's own"
      : schema.required?.includes(name) === true && child.default === undefined && child.properties === undefined
        ? 'required'
        : code(child.default);
    const row = `| \`${path}\` | ${default_} | ${escape(child.description ?? '')} |`;
    if (typeof child.additionalProperties === 'object') {
      return [row, ...keyRows(child.additionalProperties, `${path}.<kpi>.`)];
    }
    const isSchedule = name === 'schedule';
    return child.properties === undefined || isSchedule ? [row] : keyRows(child, `${path}.`);
  });
}

function code(value: unknown): string {
  return typeof value === 'object' && value !== null ? '' : `\`${String(value)}\``;
}

function escape(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll('<', String.raw`\<`);
}

function thresholdTables(): string {
  return THRESHOLD_CATEGORIES.map((category) => {
    const rows = THRESHOLD_NAMES.filter((name) => THRESHOLD_CATALOGUE[name].category === category).map((name) => {
      const { defaultText, rangeText, description, readBy } = THRESHOLD_CATALOGUE[name];
      return `| \`${name}\` | ${defaultText} | ${rangeText} | ${description} | ${escape(readBy.join('; '))} |`;
    });
    const head = ['| name | default | range | meaning | read by |', '| --- | --- | --- | --- | --- |'];
    return [`### ${category}`, '', ...head, ...rows].join('\n');
  }).join('\n\n');
}
