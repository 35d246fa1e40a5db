import type { ClientBase } from 'pg';
import { inTransaction } from '../database/transaction.js';
import { queryKpi } from '../kpi/run/queryKpi.js';
import type { KpiInput, KpiSettings } from '../kpi/unit/kpiInput.js';
import type { Moment } from '../kpi/unit/moment.js';
import type { KpiUnit, MetricDefinition, Sample } from '../kpi/unit/unit.js';
import { suggestion } from '../yaml/didYouMean.js';
import { addUp, groupTotals, shareOut, shareOutChange } from './contributions.js';
import type { ExplainedMetric, ExplainUnit, MetricKind } from './explainUnit.js';
import { ExplanationError } from './explanation.js';
import type { Contribution, MetricExplanation, Part, SeriesExplanation } from './explanation.js';
import { readParts } from './readParts.js';

/** How far apart two ways of adding the same numbers up may be, of their size. */
const TOLERANCE = 1e-9;

/** The days to look at; a Moment comes from `presentMoment` or `momentOf`. */
export interface ExplainedMoments {
  readonly asOf: Moment;
  /** The day to compare with; null: shares of the value itself. */
  readonly against: Moment | null;
}

/** What is explained, and by what: the units in force, those of `loadExplainUnits`, and the settings of the configuration. */
export interface ExplainContext {
  readonly units: readonly KpiUnit[];
  readonly explainUnits: readonly ExplainUnit[];
  readonly settings: KpiSettings;
}

/**
 * What a metric is made of: each series with the parts that add up to the KPI run's own value on a day or, where a day is
 * given to compare with, to its change. Everything is read in one READ ONLY snapshot; inside `inTransaction` it is part of that
 * transaction. Throws {@link ExplanationError} where there is no such metric, where it has no parts (with the reason), and
 * where the parts do not add up; the errors of queryKpi.
 */
export async function explainMetric(
  client: ClientBase,
  name: string,
  { asOf, against }: ExplainedMoments,
  context: ExplainContext,
): Promise<MetricExplanation> {
  const { unit, metric, explainUnit, how } = find(name, context);
  const options = { access: 'READ ONLY', isolation: 'REPEATABLE READ', timeoutMs: unit.timeoutMs } as const;
  const sides = await inTransaction(client, options, async () => {
    const read = (moment: Moment) =>
      readSide(client, { unit, metric, explainUnit }, { ...moment, ...context.settings });
    const now = await read(asOf);
    return { now, then: against === null ? null : await read(against) };
  });
  return {
    metric: metric.name,
    kpi: unit.name,
    help: metric.help,
    unit: metric.unit,
    ...how,
    asOf: asOf.asOf,
    against: against?.asOf ?? null,
    isApproximate: metric.asOf === 'current_state' && (against !== null || isPast(asOf, context.settings.timeZone)),
    series: joinSides(sides.now, sides.then).map((one) => explainSeries(how.kind, one, metric.name)),
  };
}

interface Found {
  readonly unit: KpiUnit;
  readonly metric: MetricDefinition;
  readonly explainUnit: ExplainUnit;
}

function find(name: string, { units, explainUnits }: ExplainContext): Found & { how: ExplainedMetric } {
  const unit = units.find(({ metrics }) => metrics.some((one) => one.name === name));
  const metric = unit?.metrics.find((one) => one.name === name);
  if (unit === undefined || metric === undefined) {
    const names = units.flatMap(({ metrics }) => metrics.map((one) => one.name));
    throw new ExplanationError(`no KPI has a metric named ${name}${suggestion(name, names)}`);
  }
  const explainUnit = explainUnits.find(({ kpi }) => kpi === unit.name);
  const how = explainUnit?.metrics.get(name);
  if (explainUnit === undefined || how === undefined) {
    const reason = explainUnit?.unexplained.get(name) ?? `sql/explain has nothing about it`;
    throw new ExplanationError(`${name} has no parts that add up to it: ${reason}`);
  }
  return { unit, metric, explainUnit, how };
}

/** A metric at one moment: the KPI run's own samples, and the parts that the other query finds. */
interface Side {
  readonly samples: readonly Sample[];
  readonly series: readonly { readonly labels: Sample['labels']; readonly parts: readonly Part[] }[];
}

async function readSide(client: ClientBase, { unit, metric, explainUnit }: Found, input: KpiInput): Promise<Side> {
  const { samples } = await queryKpi(client, unit, input);
  const series = explainUnit.query === null ? [] : await readParts(client, explainUnit.query, unit, metric, input);
  return { samples: samples.filter((sample) => sample.metric === metric.name), series };
}

interface Joined {
  readonly labels: Sample['labels'];
  readonly now: SeriesSide;
  /** null: nothing is compared. */
  readonly then: SeriesSide | null;
}

interface SeriesSide {
  readonly value: number | null;
  readonly parts: readonly Part[];
}

/** By the labels that the query of the parts names: other labels of a series are words about it that may change. */
function joinSides(now: Side, then: Side | null): Joined[] {
  const sides = then === null ? [now] : [now, then];
  const named = sides.flatMap(({ series }) => series)[0];
  const keyOf = (labels: Sample['labels']): string =>
    JSON.stringify(named === undefined ? labels : Object.keys(named.labels).map((label) => labels[label] ?? ''));
  const ofSide = ({ samples, series }: Side, key: string): SeriesSide => ({
    value: samples.find(({ labels }) => keyOf(labels) === key)?.value ?? null,
    parts: series.find(({ labels }) => keyOf(labels) === key)?.parts ?? [],
  });
  const known = new Map(
    sides.toReversed().flatMap(({ samples }) => samples.map(({ labels }) => [keyOf(labels), labels])),
  );
  return [...known].map(([key, labels]) => ({
    labels,
    now: ofSide(now, key),
    then: then === null ? null : ofSide(then, key),
  }));
}

function explainSeries(kind: MetricKind, { labels, now, then }: Joined, name: string): SeriesExplanation {
  const change = then === null || now.value === null || then.value === null ? null : now.value - then.value;
  const known = then === null ? shareOut(kind, now.parts) : shareOutChange(kind, now.parts, then.parts);
  const whole = then === null ? now.value : change;
  const contributions = whole === null ? known.map((one) => ({ ...one, amount: null, share: null })) : known;
  if (whole !== null)
    requireSum(name, contributions, whole, Math.max(Math.abs(now.value ?? 0), Math.abs(then?.value ?? 0)));
  return {
    labels,
    value: now.value,
    then: then?.value ?? null,
    change,
    relativeChange: change === null || then?.value === 0 ? null : change / Math.abs(then?.value ?? Number.NaN),
    contributions: contributions.toSorted((a, b) => Math.abs(b.amount ?? 0) - Math.abs(a.amount ?? 0)),
    groups: groupTotals(contributions),
  };
}

/** @throws {ExplanationError} where somebody's own KPI has replaced the one that is explained here */
function requireSum(name: string, contributions: readonly Contribution[], whole: number, size: number): void {
  const amounts = contributions.map(({ amount }) => amount);
  const sum = addUp(amounts) ?? 0;
  const scale = amounts.reduce<number>((largest, amount) => Math.max(largest, Math.abs(amount ?? 0)), size);
  if (Math.abs(sum - whole) <= TOLERANCE * scale) return;
  throw new ExplanationError(
    `the parts of ${name} add up to ${sum}, and the KPI says ${whole}: its SQL is another than the one that sql/explain takes apart`,
  );
}

function isPast({ asOf, now }: Moment, timeZone: string): boolean {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(now) !== asOf;
}
