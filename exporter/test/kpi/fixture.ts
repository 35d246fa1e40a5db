import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { escapeLiteral } from 'pg';
import type { Client, QueryConfig } from 'pg';
import { parse } from 'yaml';
import { z } from 'zod';
import { DEFAULT_THRESHOLDS, THRESHOLD_NAMES } from '../../src/config/thresholdCatalogue.js';
import type { KpiInput } from '../../src/kpi/unit/kpiInput.js';
import { toSamples } from '../../src/kpi/run/toSamples.js';
import type { KpiUnit, Sample } from '../../src/kpi/unit/unit.js';

/** A moment, rows and the complete list of samples that a KPI must yield for them. */
export interface FixtureCase {
  readonly name: string;
  readonly input: KpiInput;
  readonly setup: string;
  /** Value by series, written as in the Prometheus text format, with the labels in the order of the unit's YAML. */
  readonly expected: ReadonlyMap<string, number>;
}

export const KPI_DIRECTORY = fileURLToPath(new URL('../../../sql/kpis', import.meta.url));
const FIXTURE_DIRECTORY = fileURLToPath(new URL('./fixtures', import.meta.url));

const shared = {
  as_of: z.string().optional(),
  now: z.string().optional(),
  time_zone: z.string().optional(),
  carry_forward_days: z.int().optional(),
  setup: z.string().default(''),
};

const fixtureSchema = z.strictObject({
  ...shared,
  series: z.string().default(''),
  cases: z.array(
    z.strictObject({
      ...shared,
      name: z.string(),
      thresholds: z.partialRecord(z.enum(THRESHOLD_NAMES), z.number()).default({}),
      expect: z.string().default(''),
      absent: z.string().default(''),
      rest: z.number().optional(),
    }),
  ),
});

export function fixtureNames(): string[] {
  return readdirSync(FIXTURE_DIRECTORY).map((file) => file.replace(/\.yaml$/, ''));
}

/** Reads `fixtures/<kpi>.yaml`. Throws where the file does not say what it means. */
export function loadFixture(kpi: string): FixtureCase[] {
  const text = readFileSync(`${FIXTURE_DIRECTORY}/${kpi}.yaml`, 'utf8').replace(/<([a-z])(\d{1,2})>/g, fixedId);
  const fixture = fixtureSchema.parse(parse(text));
  const series = lines(fixture.series);
  return fixture.cases.map((one) => {
    const asOf = one.as_of ?? fixture.as_of ?? '';
    const expected = new Map(lines(one.expect).map(parseSample));
    const absent = new Set(lines(one.absent));
    for (const name of absent) {
      if (!series.includes(name)) throw new Error(`${kpi}: ${one.name}: no such series: ${name}`);
    }
    for (const name of series) {
      if (one.rest !== undefined && !expected.has(name) && !absent.has(name)) expected.set(name, one.rest);
    }
    return {
      name: one.name,
      setup: `${fixture.setup}\n;${one.setup}`,
      expected,
      input: {
        asOf,
        now: new Date(one.now ?? fixture.now ?? `${asOf}T12:00:00Z`),
        timeZone: one.time_zone ?? fixture.time_zone ?? 'UTC',
        carryForwardDays: one.carry_forward_days ?? fixture.carry_forward_days ?? 3,
        thresholds: { ...DEFAULT_THRESHOLDS, ...one.thresholds },
      },
    };
  });
}

/** A uuid for a short name such as v1, in the order of letter and number. */
function fixedId(_text: string, letter: string, digits: string): string {
  return `00000000-0000-4000-8000-${letter.charCodeAt(0).toString(16)}${digits.padStart(10, '0')}`;
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function parseSample(line: string): [string, number] {
  const space = line.lastIndexOf(' ');
  const value = Number(line.slice(space + 1));
  if (space < 0 || Number.isNaN(value)) throw new Error(`not a sample: ${line}`);
  return [line.slice(0, space), value];
}

/** Values as PostgreSQL writes them, which is how the exporter reads them. */
const AS_TEXT = { getTypeParser: () => (text: string) => text };

/**
 * Runs a query for a case inside the open transaction, whose rows are there. No part of any answer may come from the
 * session's own time zone, so the session is in one that no case uses (see {@link prepareSession}).
 */
export async function runQuery(client: Client, unit: KpiUnit, query: QueryConfig): Promise<Map<string, number>> {
  const result = await client.query<(string | null)[]>({ ...query, rowMode: 'array', types: AS_TEXT });
  return new Map(toSamples(unit, result).map((sample) => [seriesName(unit, sample), sample.value]));
}

/** The unit's query as the exporter sends it. */
export function boundQuery(unit: KpiUnit, input: KpiInput): QueryConfig {
  return { text: unit.sql, values: unit.parameters.map((name) => parameterValue(name, input)) };
}

/** A variant of the unit's query with its parameters as literals: a variant need not use each of them. */
export function literalQuery(unit: KpiUnit, sql: string, input: KpiInput): QueryConfig {
  const literal = (index: number) => escapeLiteral(String(parameterValue(unit.parameters[index] ?? '', input)));
  return { text: sql.replace(/\$(\d+)/g, (_text, number: string) => literal(Number(number) - 1)) };
}

export async function prepareSession(client: Client): Promise<void> {
  await client.query(`SET TIME ZONE 'Pacific/Kiritimati'; SET DateStyle = 'SQL, DMY'; SET IntervalStyle = 'iso_8601'`);
}

function parameterValue(name: string, input: KpiInput): string | number {
  if (name === 'as_of') return input.asOf;
  if (name === 'now') return input.now.toISOString();
  if (name === 'time_zone') return input.timeZone;
  if (name === 'carry_forward_days') return input.carryForwardDays;
  return z.number().parse(Object.entries(input.thresholds).find(([threshold]) => threshold === name)?.[1]);
}

function seriesName(unit: KpiUnit, sample: Sample): string {
  const labels = unit.metrics.find((metric) => metric.name === sample.metric)?.labels ?? [];
  if (labels.length === 0) return sample.metric;
  const pairs = labels.map((label) => `${label}="${escapeLabel(sample.labels[label] ?? '')}"`);
  return `${sample.metric}{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** What is wrong with the samples, one line each; empty when they are the expected ones, to 1e-9 of their size. */
export function differences(expected: ReadonlyMap<string, number>, actual: ReadonlyMap<string, number>): string[] {
  const problems: string[] = [];
  for (const [series, value] of expected) {
    const got = actual.get(series);
    if (got === undefined) problems.push(`missing: ${series} ${value}`);
    else if (Math.abs(got - value) > 1e-9 * Math.abs(value)) problems.push(`${series} is ${got}, not ${value}`);
  }
  for (const [series, value] of actual) {
    if (!expected.has(series)) problems.push(`not expected: ${series} ${value}`);
  }
  return problems;
}
