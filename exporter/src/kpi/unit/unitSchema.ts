import { z } from 'zod';
import {
  acceptableLagSchema,
  alertWhenLateSchema,
  maxSeriesSchema,
  onChangeTables,
  positionSchema,
  timeoutSchema,
} from '../../config/exporterConfig.js';
import { scheduleSchema } from '../../config/scheduleSchema.js';
import { THRESHOLD_NAMES } from '../../config/thresholdCatalogue.js';
import { reservedLabel } from './reservedLabels.js';
import type { MetricUnit } from '../../format/metricUnit.js';
import type { Freshness, MetricDefinition, MetricTarget } from './unit.js';

/** Each unit's suffix of metric names, after Prometheus practice; counts and scores have none of their own. */
const UNIT_SUFFIX = {
  timestamp_seconds: '_timestamp_seconds',
  seconds: '_seconds',
  dollars: '_dollars',
  ratio: '_ratio',
} as const satisfies Partial<Record<MetricUnit, string>>;

const SHOWN_AS_UNIT = { working_time: 'seconds', yes_no: 'count' } as const;

/** Suffixes of the series of histograms and summaries: a gauge of that name would be taken for a part of one. */
const RESERVED_SUFFIX = /_(count|sum|bucket)$/;

const labelName = z
  .string()
  .regex(/^(?!__)[a-z_][a-z0-9_]*$/, 'is not a label name: lower-case letters, digits and _, not beginning with __')
  .max(63);

const labelList = (description: string) =>
  z
    .array(labelName)
    .refine((labels) => new Set(labels).size === labels.length, 'names a label twice')
    .meta({ description });

const sentence = (description: string) => z.string().trim().min(1).max(1_000).meta({ description });

const asOfSchema = z.enum(['exact', 'current_state']);

const metricSchema = z.strictObject({
  help: sentence('What the metric measures: the HELP text of the exposition.'),
  type: z.literal('gauge').meta({ description: 'Queried numbers are gauges.' }),
  unit: z
    .enum(['ratio', 'seconds', 'dollars', 'timestamp_seconds', 'count', 'score'])
    .meta({ description: 'Base unit; the name ends in it (_ratio, _seconds, _dollars, _timestamp_seconds).' }),
  shown_as: z
    .enum(['working_time', 'yes_no'])
    .meta({
      description:
        'How the status page writes it: working_time as hours (unit seconds; else days and hours), yes_no for a count that is 1 or 0.',
    })
    .optional(),
  history: z.boolean().default(false).meta({ description: "Whether each day's last value is kept in kpi_history." }),
  labels: labelList("The metric's label columns, where they differ from the unit's.").optional(),
  target: z
    .strictObject({
      threshold: z.enum(THRESHOLD_NAMES).meta({ description: 'Name of an entry of thresholds.yaml.' }),
      direction: z
        .enum(['at_least', 'at_most'])
        .meta({ description: 'at_least: higher is better; at_most: lower is.' }),
      only_when: z
        .strictObject({
          metric: z.string().meta({ description: 'A metric of this unit, without labels.' }),
          at_least: z.enum(THRESHOLD_NAMES).meta({ description: 'Name of an entry of thresholds.yaml.' }),
        })
        .meta({ description: 'The target holds only while this metric is at least this threshold.' })
        .optional(),
    })
    .meta({ description: 'What the metric should reach.' })
    .optional(),
  as_of: asOfSchema.meta({ description: "The metric's own as_of, where it differs from the unit's." }).optional(),
});

const metricName = z
  .string()
  // A column name: PostgreSQL folds unquoted capitals and cuts at 63 bytes, so the name could not match its metric.
  .regex(/^[a-z_][a-z0-9_]*$/, 'is not a metric name: lower-case letters, digits and _')
  .max(63, 'is longer than the 63 bytes of a PostgreSQL column name')
  .refine((name) => !RESERVED_SUFFIX.test(name), 'ends in _count, _sum or _bucket, which name parts of a histogram')
  .refine((name) => !name.endsWith('_total'), 'ends in _total, which names a counter');

const freshnessSchema = z
  .strictObject({
    day: z
      .string()
      .regex(/^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/, 'is not table.column')
      .meta({ description: 'table.column of a date: the data are as fresh as the end of its newest day.' })
      .optional(),
    venture: z
      .string()
      .regex(/^[a-z_][a-z0-9_]*$/, 'is not the name of a column')
      .meta({
        description:
          "Column of that table that names the row's venture: the newest day of one that reports by week or month stays fresh until its next is due.",
      })
      .optional(),
    heartbeats: z
      .array(z.string().regex(/^[a-z_][a-z0-9_]*$/, 'is not the name of a source'))
      .min(1)
      .meta({ description: 'Sources in source_heartbeats: the data are as fresh as their oldest heartbeat.' })
      .optional(),
  })
  .transform(({ day, venture, heartbeats }, context): Freshness => {
    if (day !== undefined && heartbeats === undefined) {
      const [table = '', column = ''] = day.split('.');
      return { kind: 'day', table, column, ...(venture === undefined ? {} : { venture }) };
    }
    if (heartbeats !== undefined && day === undefined && venture === undefined) {
      return { kind: 'heartbeat', sources: heartbeats };
    }
    context.issues.push({
      code: 'custom',
      message: 'give either day (and venture with it) or heartbeats',
      input: { day },
    });
    return z.NEVER;
  })
  .meta({
    description: 'How fresh the rows behind the KPI are.',
    oneOf: [{ required: ['day'] }, { required: ['heartbeats'] }],
  });

/**
 * The form of `<kpi>.yaml`; its output is a KpiUnit without the name and the SQL. `maxSeries` undefined means the
 * default of exporter.yaml.
 */
export const unitSchema = z
  .strictObject({
    title: sentence('Name of the KPI as people say it.'),
    description: sentence('One or two plain sentences.'),
    owner: sentence('Who answers for the KPI.'),
    schedule: scheduleSchema,
    on_change: onChangeTables.default([]),
    timeout: timeoutSchema,
    acceptable_lag: acceptableLagSchema,
    alert_when_late: alertWhenLateSchema,
    as_of: asOfSchema.meta({
      description: 'exact: a past day can be computed again; current_state: some rows keep no history.',
    }),
    freshness: freshnessSchema.optional(),
    labels: labelList('Label columns of every metric that names none of its own.').default([]),
    max_series: maxSeriesSchema.optional(),
    position: positionSchema.optional(),
    metrics: z
      .record(metricName, metricSchema)
      .refine((metrics) => Object.keys(metrics).length > 0, 'names no metric')
      .meta({ description: 'What each numeric column of the SELECT means, by column.' }),
  })
  .check((context) => {
    const { schedule, acceptable_lag: lag, metrics, labels } = context.value;
    if (schedule.kind === 'every' && schedule.intervalMs > lag * 1_000) {
      const message = 'the interval is longer than acceptable_lag: the KPI would always be late';
      context.issues.push({ code: 'custom', message, path: ['schedule', 'every'], input: schedule });
    }
    const refuse = (path: PropertyKey[], label: string, metric: string | null): void => {
      const message = reservedLabel(label, metric);
      if (message !== null) context.issues.push({ code: 'custom', message, path, input: label });
    };
    for (const [index, label] of labels.entries()) refuse(['labels', index], label, null);
    for (const [name, metric] of Object.entries(metrics)) {
      for (const [index, label] of (metric.labels ?? []).entries())
        refuse(['metrics', name, 'labels', index], label, name);
    }
    const labelsOf = (name: string) => (metrics[name] === undefined ? undefined : (metrics[name].labels ?? labels));
    for (const [name, { unit, target, shown_as: shownAs }] of Object.entries(metrics)) {
      const condition = target?.only_when?.metric;
      if (condition !== undefined && labelsOf(condition)?.length !== 0) {
        const message = 'is not a metric of this unit without labels';
        context.issues.push({
          code: 'custom',
          message,
          path: ['metrics', name, 'target', 'only_when', 'metric'],
          input: condition,
        });
      }
      if (shownAs !== undefined && unit !== SHOWN_AS_UNIT[shownAs]) {
        const message = `is for a metric in ${SHOWN_AS_UNIT[shownAs]}`;
        context.issues.push({ code: 'custom', message, path: ['metrics', name, 'shown_as'], input: shownAs });
      }
      const problem = checkSuffix(name, unit);
      if (problem !== null) {
        context.issues.push({ code: 'custom', message: problem, path: ['metrics', name], input: name });
      }
    }
  })
  .transform((unit) => ({
    title: unit.title,
    description: unit.description,
    owner: unit.owner,
    schedule: unit.schedule,
    onChange: unit.on_change,
    timeoutMs: unit.timeout,
    acceptableLagSeconds: unit.acceptable_lag,
    alertWhenLate: unit.alert_when_late,
    maxSeries: unit.max_series,
    position: unit.position ?? null,
    freshness: unit.freshness ?? null,
    metrics: Object.entries(unit.metrics).map(([name, metric]): MetricDefinition => ({
      name,
      help: metric.help,
      unit: metric.unit,
      labels: metric.labels ?? unit.labels,
      history: metric.history,
      shownAs: metric.shown_as ?? null,
      target: targetOf(metric.target),
      asOf: metric.as_of ?? unit.as_of,
    })),
  }))
  .meta({ title: 'KPI', description: 'What the columns of <kpi>.sql mean, and when it runs.' });

function targetOf(target: z.output<typeof metricSchema>['target']): MetricTarget | null {
  if (target === undefined) return null;
  const { threshold, direction, only_when: condition } = target;
  const onlyWhen = condition === undefined ? null : { metric: condition.metric, atLeast: condition.at_least };
  return { threshold, direction, onlyWhen };
}

/** A KPI's YAML as checked, before it is joined with its SQL and the overrides of exporter.yaml. */
export type UnitFile = z.output<typeof unitSchema>;

function checkSuffix(name: string, unit: MetricUnit): string | null {
  const named = Object.entries(UNIT_SUFFIX).find(([, suffix]) => name.endsWith(suffix));
  const expected = Object.entries(UNIT_SUFFIX).find(([other]) => other === unit);
  if (expected !== undefined && named?.[0] !== unit) {
    return `a metric in ${unit} is named with the suffix ${expected[1]}`;
  }
  return expected === undefined && named !== undefined
    ? `the suffix ${named[1]} says ${named[0]}, but the unit is ${unit}`
    : null;
}
