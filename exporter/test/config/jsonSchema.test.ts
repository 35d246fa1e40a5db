import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fillTables, generatedDocuments } from '../../scripts/documentTables.js';
import { schemaFiles } from '../../scripts/schemaFiles.js';
import { kpiReaders } from '../../scripts/kpiReaders.js';
import { thresholdReaders } from '../../scripts/thresholdReaders.js';
import { THRESHOLD_CATALOGUE, THRESHOLD_NAMES } from '../../src/config/thresholdCatalogue.js';
import type { ThresholdName } from '../../src/config/thresholdCatalogue.js';

interface Entry {
  readonly default: unknown;
  readonly description: string;
}
interface ThresholdsSchema {
  readonly properties: Readonly<
    Record<string, { readonly properties: Readonly<Record<ThresholdName, Entry>> } | undefined>
  >;
}

const CONFIG = new URL('../../config/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, CONFIG), 'utf8');
const validator = (name: string) =>
  new Ajv({ strict: true, allowUnionTypes: true, allErrors: true, strictRequired: false }).compile(
    JSON.parse(read(`${name}.schema.json`)) as object,
  );

it('the schema files are the ones that the code makes (npm run schemas)', async () => {
  for (const { file, text } of await schemaFiles()) {
    expect(readFileSync(file, 'utf8')).toBe(text);
  }
});

it.each([thresholdReaders, kpiReaders])(
  '%o are what rules, units and dashboards say (npm run schemas)',
  async (readers) => {
    const { file, text } = await readers();
    expect(readFileSync(file, 'utf8')).toBe(text);
  },
);

it('the tables in the documents are the ones that the code makes (npm run schemas)', async () => {
  const documents = await generatedDocuments();
  expect(documents).toHaveLength(3);
  for (const { file, tables } of documents) {
    const text = readFileSync(file, 'utf8');
    expect(fillTables(text, tables), file.pathname).toBe(text);
  }
});

describe('the thresholds schema', () => {
  const validate = validator('thresholds');

  it('accepts the shipped file', () => {
    expect(validate(parse(read('thresholds.yaml'))), JSON.stringify(validate.errors)).toBe(true);
  });

  it('carries default, description and range of every threshold', () => {
    const schema = JSON.parse(read('thresholds.schema.json')) as ThresholdsSchema;
    for (const name of THRESHOLD_NAMES) {
      const { category, description, rangeText, defaultText } = THRESHOLD_CATALOGUE[name];
      const entry = schema.properties[category]?.properties[name];
      expect(entry?.description).toContain(description);
      expect(entry?.description).toContain(`Range: ${rangeText}.`);
      expect(entry?.description).toContain(`Default: ${defaultText}.`);
      expect([defaultText, Number(defaultText)]).toContain(entry?.default);
      expect(validate({ [category]: { [name]: entry?.default } })).toBe(true);
    }
  });

  it.each<[string, object]>([
    ['an unknown group', { target: {} }],
    ['an unknown key', { targets: { user_groth_target: '15%' } }],
    ['a key in the wrong group', { gates: { user_growth_target: '15%' } }],
    ['a bare percentage', { targets: { user_growth_target: 15 } }],
    ['a ratio beyond its range', { targets: { portfolio_revenue_improvement_target: 0.04 } }],
    ['a duration without unit', { alerts: { delayed_milestone_alert: 3 } }],
    ['a duration with a wrong unit', { alerts: { delayed_milestone_alert: '3 days' } }],
    ['an amount with K', { gates: { synergies_captured_min_value: '$10K' } }],
    ['an amount out of range', { venture_assessment: { hourly_rate: 1001 } }],
    ['half a month', { alerts: { synergy_capture_rate_alert_months: 1.5 } }],
    ['a thirteenth month', { alerts: { synergy_capture_rate_alert_months: 13 } }],
    ['a percentage as a count', { alerts: { urgent_conflict_threshold: '3%' } }],
    ['a score out of range', { venture_assessment: { excellent_score: 3.9 } }],
    ['true', { targets: { user_growth_target: true } }],
    ['a list', { targets: [] }],
    ['a number as reason', { reason: 5 }],
  ])('refuses %s', (_what, content) => {
    expect(validate(content)).toBe(false);
  });

  it.each<[string, object]>([
    ['a percentage', { targets: { user_growth_target: '16.5%' } }],
    ['a ratio', { targets: { user_growth_target: 0.165 } }],
    ['an amount', { venture_assessment: { hourly_rate: '$1,000' } }],
    ['a bare amount', { venture_assessment: { hourly_rate: 80 } }],
    ['a duration', { alerts: { delayed_milestone_alert: '72h' } }],
    ['a header', { reason: 'review', changed_by: 'ops' }],
  ])('accepts %s', (_what, content) => {
    expect(validate(content)).toBe(true);
  });
});

describe('the exporter schema', () => {
  const validate = validator('exporter');

  it('accepts the shipped file', () => {
    expect(validate(parse(read('exporter.yaml'))), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each<[string, object]>([
    ['an unknown key', { timezone: 'UTC' }],
    ['an unknown key of a KPI', { kpis: { a: { shedule: { every: '30s' } } } }],
    ['both kinds of schedule', { kpis: { a: { schedule: { every: '30s', cron: '* * * * *' } } } }],
    ['no kind of schedule', { kpis: { a: { schedule: {} } } }],
    ['a badly written duration', { jitter: '1 second' }],
    ['a bare duration', { jitter: 1 }],
    ['too many attempts', { retry: { attempts: 11 } }],
    ['a KPI that cannot exist', { kpis: { 'A b': {} } }],
    ['an address without scheme', { grafana_url: 'grafana.example.test' }],
  ])('refuses %s', (_what, content) => {
    expect(validate(content)).toBe(false);
  });
});

describe('the KPI schema', () => {
  const validate = validator('kpi');
  const unit = {
    title: 'T',
    description: 'D',
    owner: 'O',
    schedule: { every: '30s' },
    timeout: '5s',
    acceptable_lag: '1h',
    alert_when_late: true,
    as_of: 'exact',
    metrics: { portfolio_x: { help: 'H', type: 'gauge', unit: 'count' } },
  };

  it('accepts a unit and refuses what is wrong with it', () => {
    expect(validate(unit)).toBe(true);
    expect(validate({ ...unit, colour: 'red' })).toBe(false);
    expect(validate({ ...unit, timeout: 5 })).toBe(false);
    expect(validate({ ...unit, as_of: 'today' })).toBe(false);
    expect(validate({ ...unit, freshness: { day: 'a.b', heartbeats: ['c'] } })).toBe(false);
    expect(validate({ ...unit, metrics: { 'Portfolio-x': unit.metrics.portfolio_x } })).toBe(false);
    expect(validate({ ...unit, metrics: { portfolio_x: { help: 'H', type: 'counter', unit: 'count' } } })).toBe(false);
    const target = { threshold: 'no_such_threshold', direction: 'at_least' };
    expect(validate({ ...unit, metrics: { portfolio_x: { ...unit.metrics.portfolio_x, target } } })).toBe(false);
  });
});
