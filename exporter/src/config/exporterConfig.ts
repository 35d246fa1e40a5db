import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { durationMs, durationSeconds } from './quantitySchema.js';
import type { Schedule } from './scheduleSchema.js';
import { scheduleSchema } from './scheduleSchema.js';
import { timeZoneSchema } from './timeZone.js';
import type { YamlInspection } from '../yaml/yamlDocument.js';
import { readYamlDocument } from '../yaml/yamlDocument.js';

export type { Schedule } from './scheduleSchema.js';

/** What exporter.yaml may change of a KPI; a key left out keeps what the KPI's own file says. */
export interface KpiOverride {
  readonly enabled?: boolean;
  readonly schedule?: Schedule;
  /** Tables whose changes start a run. */
  readonly onChange?: readonly string[];
  readonly timeoutMs?: number;
  readonly acceptableLagSeconds?: number;
  readonly alertWhenLate?: boolean;
  readonly maxSeries?: number;
  readonly position?: number;
}

/** How transient errors are tried again. */
export interface RetryConfig {
  /** In all; 1 means no retry. */
  readonly attempts: number;
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
}

export interface DatabaseConfig {
  readonly passwordFile: string | null;
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  readonly probeIntervalMs: number;
  readonly listen: boolean;
}

/** exporter.yaml as checked; file paths are absolute. */
export interface ExporterConfig {
  /** IANA name. */
  readonly timeZone: string;
  readonly carryForwardDays: number;
  /** The most series of one KPI that names no limit of its own. */
  readonly maxSeries: number;
  /** In bytes of UTF-8. */
  readonly labelValueLengthLimit: number;
  /** The most samples of one scrape. */
  readonly sampleLimit: number;
  readonly jitterMs: number;
  readonly retry: RetryConfig;
  readonly onChange: { readonly delayMs: number; readonly minIntervalMs: number };
  readonly database: DatabaseConfig;
  /** Without a slash at the end. */
  readonly grafanaUrl: string | null;
  /** Where docs/runbook.md is published. */
  readonly runbookUrl: string | null;
  /** Whether the units that come with the program are among them. */
  readonly shippedKpis: boolean;
  /** Directories of units of one's own; one of a name that was there before replaces it. */
  readonly kpiDirectories: readonly string[];
  readonly kpis: Readonly<Record<string, KpiOverride>>;
}

const tableName = z.string().regex(/^[a-z_][a-z0-9_]*$/, 'is not a table name: lower-case letters, digits and _');

/** Tables whose changes start a run, each once. */
export const onChangeTables = z
  .array(tableName)
  .refine((tables) => new Set(tables).size === tables.length, 'names a table twice')
  .meta({ description: 'Tables whose committed changes start a run.' });

export const maxSeriesSchema = z.int().min(1).max(100_000).meta({
  description: 'The most series of one run (rows times metrics with a value); more fail it. Range: 1 - 100000.',
});
export const timeoutSchema = durationMs({ min: '100ms', max: '10m' }, 'The longest one run may take on the server');
export const acceptableLagSchema = durationSeconds(
  { min: '1s', max: '366d' },
  'How old the last success and the data may be',
);
export const alertWhenLateSchema = z.boolean().meta({ description: 'Whether exceeding the acceptable lag alerts.' });
export const positionSchema = z.int().min(1).max(1_000).meta({
  description: 'Place on the status page, the lowest first; KPIs without one follow by name. Range: 1 - 1000.',
});

const overrideSchema = z
  .strictObject({
    enabled: z.boolean().meta({ description: 'false: the KPI does not run and has no series.' }).optional(),
    schedule: scheduleSchema.optional(),
    on_change: onChangeTables.optional(),
    timeout: timeoutSchema.optional(),
    acceptable_lag: acceptableLagSchema.optional(),
    alert_when_late: alertWhenLateSchema.optional(),
    max_series: maxSeriesSchema.optional(),
    position: positionSchema.optional(),
  })
  .refine(
    ({ schedule, acceptable_lag: lag }) =>
      schedule?.kind !== 'every' || lag === undefined || schedule.intervalMs <= lag * 1_000,
    {
      error: 'the interval is longer than acceptable_lag: the KPI would always be late',
      path: ['schedule', 'every'],
    },
  )
  .transform(({ on_change, timeout, acceptable_lag, alert_when_late, max_series, ...same }): KpiOverride => ({
    ...given(same),
    ...given({
      onChange: on_change,
      timeoutMs: timeout,
      acceptableLagSeconds: acceptable_lag,
      alertWhenLate: alert_when_late,
      maxSeries: max_series,
    }),
  }));

/** Without the keys that are left out. */
function given<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

const retrySchema = z
  .strictObject({
    attempts: z
      .int()
      .min(1)
      .max(10)
      .default(3)
      .meta({ description: 'Attempts of one run in all; 1: no retry. Range: 1 - 10.' }),
    initial_delay: durationMs(
      { min: '10ms', max: '1m' },
      'Wait before the second attempt; doubles from there',
    ).prefault('500ms'),
    max_delay: durationMs({ min: '10ms', max: '10m' }, 'Longest wait between two attempts').prefault('10s'),
  })
  .refine(({ initial_delay: first, max_delay: longest }) => first <= longest, {
    error: 'is longer than max_delay',
    path: ['initial_delay'],
  })
  .meta({ description: 'Transient errors (connection, serialization, server shutdown) are tried again.' });

const filePath = (description: string) =>
  z.string().min(1, 'is empty; write null for none').nullable().default(null).meta({ description });

/** @param beside what connects besides the pool of `max_connections` */
export const databaseSchema = (beside: string) =>
  z
    .strictObject({
      password_file: filePath(
        'File that holds the database password and nothing else; relative to this file. Needs a restart.',
      ),
      max_connections: z
        .int()
        // One for real-time KPIs, one for what is recorded, one for the others: createDatabase keeps them apart.
        .min(3)
        .max(50)
        .default(4)
        .meta({
          description: `Most connections of the pool; beside it ${beside}. Range: 3 - 50. Needs a restart.`,
        }),
      connect_timeout: durationMs(
        { min: '100ms', max: '5m' },
        'Longest wait for a connection; PGCONNECT_TIMEOUT wins. Needs a restart',
      ).prefault('5s'),
      probe_interval: durationMs(
        { min: '1s', max: '10m' },
        'How often the database is probed. Needs a restart',
      ).prefault('5s'),
      listen: z.boolean().default(true).meta({
        description: 'Whether on_change works by LISTEN; false behind a pooler that forbids it. Needs a restart.',
      }),
    })
    .meta({
      description: 'How the exporter connects; where to is the environment (DATABASE_URL or PGHOST and the like).',
    });

const webAddress = z
  .string()
  .regex(/^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/, 'is not an http or https address such as https://grafana.example.test')
  .transform((url) => url.replace(/\/+$/, ''));

/** The form of exporter.yaml; its JSON Schema is generated from this. */
export const exporterSchema = z
  .strictObject({
    time_zone: timeZoneSchema
      .default('UTC')
      .meta({ description: 'IANA time zone of days, months and cron schedules.' }),
    carry_forward_days: z.int().min(0).max(366).default(3).meta({
      description:
        'For how many days a venture that reports daily keeps its newest row; weekly 7 more, monthly 45 more. Range: 0 - 366.',
    }),
    max_series: maxSeriesSchema.default(1_000),
    label_value_length_limit: z.int().min(64).max(65_536).default(1_024).meta({
      description:
        'The most bytes of a label value. A longer name is shortened where a label that ends in _id tells the series apart; else the run fails. Range: 64 - 65536.',
    }),
    sample_limit: z.int().min(5_000).max(1_000_000).default(20_000).meta({
      description:
        'The most samples of one scrape, as sample_limit in prometheus.yml; four fifths of them are for the KPIs. A run that has no room any more fails. Needs a restart. Range: 5000 - 1000000.',
    }),
    jitter: durationMs({ min: '0s', max: '5m' }, 'Each scheduled run waits a random part of this').prefault('500ms'),
    retry: retrySchema.prefault({}),
    on_change: z
      .strictObject({
        delay: durationMs({ min: '0s', max: '1m' }, 'Wait after a change, so that a burst makes one run').prefault(
          '50ms',
        ),
        min_interval: durationMs(
          { min: '0s', max: '10m' },
          'Least time between two runs by changes; KPIs that are not real time: at least 1m',
        ).prefault('1s'),
      })
      .meta({ description: 'Runs that changes of tables start.' })
      .prefault({}),
    database: databaseSchema('one listens for changes, one asks whether the database answers').prefault({}),
    grafana_url: webAddress
      .nullable()
      .prefault(null)
      .meta({ description: 'Address of Grafana, for the links of /dashboards/<name>.' }),
    runbook_url: webAddress.nullable().prefault(null).meta({
      description: 'Address under which docs/runbook.md is published, for the links of the status page.',
    }),
    shipped_kpis: z
      .boolean()
      .default(true)
      .meta({ description: 'Whether the KPIs that come with the exporter run; false: only those of kpi_directories.' }),
    kpi_directories: z.array(z.string().min(1, 'is empty')).default([]).meta({
      description:
        'Directories of KPIs of your own, relative to this file, beside those that come with the exporter; one of the same name replaces.',
    }),
    kpis: z
      .record(
        z.string().regex(/^[a-z][a-z0-9_]*$/, 'is not the name of a KPI: lower-case letters, digits and _'),
        overrideSchema,
      )
      .meta({
        description: 'What differs from the KPI files, by KPI; `check` lists each override in force.',
      })
      .prefault({}),
  })
  .meta({ title: 'Exporter', description: 'Schedules, service levels and limits of the exporter.' });

/**
 * Reads exporter.yaml; a key left out takes its default.
 * @throws {ConfigError} with every problem at once
 */
export function parseExporterConfig(text: string, file: string): ExporterConfig {
  return readExporterConfig(text, file).config;
}

/**
 * Like parseExporterConfig, together with `problemAt(path, message)` for what only the KPI units can tell.
 * @throws {ConfigError} with every problem at once
 */
export function readExporterConfig(
  text: string,
  file: string,
): { readonly config: ExporterConfig; readonly problemAt: YamlInspection<unknown>['problemAt'] } {
  const { value, problemAt } = readYamlDocument(text, file, exporterSchema);
  const absolute = (path: string | null): string | null => (path === null ? null : resolve(dirname(file), path));
  const { retry, on_change: onChange, database } = value;
  const config: ExporterConfig = {
    timeZone: value.time_zone,
    carryForwardDays: value.carry_forward_days,
    maxSeries: value.max_series,
    labelValueLengthLimit: value.label_value_length_limit,
    sampleLimit: value.sample_limit,
    jitterMs: value.jitter,
    retry: { attempts: retry.attempts, initialDelayMs: retry.initial_delay, maxDelayMs: retry.max_delay },
    onChange: { delayMs: onChange.delay, minIntervalMs: onChange.min_interval },
    database: {
      passwordFile: absolute(database.password_file),
      maxConnections: database.max_connections,
      connectTimeoutMs: database.connect_timeout,
      probeIntervalMs: database.probe_interval,
      listen: database.listen,
    },
    grafanaUrl: value.grafana_url,
    runbookUrl: value.runbook_url,
    shippedKpis: value.shipped_kpis,
    kpiDirectories: value.kpi_directories.map((path) => resolve(dirname(file), path)),
    kpis: value.kpis,
  };
  return { config, problemAt };
}
