import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { parseExporterConfig, readExporterConfig } from '../../src/config/exporterConfig.js';
import { shippedFile } from '../../src/config/shippedFile.js';
import { formatProblem } from '../../src/yaml/problem.js';
import { problemsOf } from './problemsOf.js';

const parse = (text: string) => parseExporterConfig(text, '/etc/portfolio/exporter.yaml');
const refused = (text: string): string[] =>
  problemsOf(() => parse(text)).map((problem) => problem.replace('/etc/portfolio/exporter.yaml:', ''));

const DEFAULTS = {
  timeZone: 'UTC',
  carryForwardDays: 3,
  maxSeries: 1000,
  labelValueLengthLimit: 1024,
  sampleLimit: 20_000,
  jitterMs: 500,
  retry: { attempts: 3, initialDelayMs: 500, maxDelayMs: 10_000 },
  onChange: { delayMs: 50, minIntervalMs: 1_000 },
  database: { passwordFile: null, maxConnections: 4, connectTimeoutMs: 5_000, probeIntervalMs: 5_000, listen: true },
  grafanaUrl: null,
  runbookUrl: null,
  shippedKpis: true,
  kpiDirectories: [],
  kpis: {},
};

describe('parseExporterConfig', () => {
  it('gives every default for {}', () => {
    expect(parse('{}')).toEqual(DEFAULTS);
  });

  it('reads the shipped file: every key at its default, and nothing that overrides a KPI', () => {
    const text = readFileSync(new URL('../../config/exporter.yaml', import.meta.url), 'utf8');
    expect(parse(text)).toEqual(DEFAULTS);
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./exporter.schema.json');
  });

  it.each(['exporter', 'actions'])('says in %s.yaml of max_connections what its description says', (name) => {
    const read = (ending: string): string => readFileSync(shippedFile(`exporter/config/${name}.${ending}`), 'utf8');
    const property = z.object({
      properties: z.looseObject({ max_connections: z.object({ description: z.string() }) }),
    });
    const { properties } = z
      .object({ properties: z.looseObject({ database: property }) })
      .parse(JSON.parse(read('schema.json')));
    expect(read('yaml')).toContain(`\n  # ${properties.database.properties.max_connections.description}\n`);
  });

  it('names every key in the shipped file', () => {
    const text = readFileSync(new URL('../../config/exporter.yaml', import.meta.url), 'utf8');
    for (const key of [
      'time_zone',
      'carry_forward_days',
      'max_series',
      'label_value_length_limit',
      'sample_limit',
      'jitter',
      'retry',
      'attempts',
      'initial_delay',
      'max_delay',
      'on_change',
      'delay',
      'min_interval',
      'database',
      'password_file',
      'max_connections',
      'connect_timeout',
      'probe_interval',
      'listen',
      'grafana_url',
      'shipped_kpis',
      'kpi_directories',
      'kpis',
    ]) {
      expect(text).toMatch(new RegExp(`^ *${key}:`, 'm'));
    }
  });

  it('reads a file that sets everything', () => {
    expect(
      parse(`
time_zone: Europe/Berlin
carry_forward_days: 5
max_series: 20
label_value_length_limit: 200
sample_limit: 50000
jitter: 0s
retry: {attempts: 1, initial_delay: 1s, max_delay: 1s}
on_change: {delay: 1s, min_interval: 2s}
database:
  password_file: secrets/password
  max_connections: 3
  connect_timeout: 2s
  probe_interval: 1m
  listen: false
grafana_url: https://grafana.example.test/sub/
shipped_kpis: false
kpi_directories: [/srv/kpis, kpis]
kpis:
  portfolio_performance:
    enabled: false
    schedule: {cron: "*/5 * * * *"}
    on_change: [venture_metrics]
    timeout: 1500ms
    acceptable_lag: 2h
    alert_when_late: false
    max_series: 7
  empty: {}
`),
    ).toEqual({
      timeZone: 'Europe/Berlin',
      carryForwardDays: 5,
      maxSeries: 20,
      labelValueLengthLimit: 200,
      sampleLimit: 50_000,
      jitterMs: 0,
      retry: { attempts: 1, initialDelayMs: 1_000, maxDelayMs: 1_000 },
      onChange: { delayMs: 1_000, minIntervalMs: 2_000 },
      database: {
        passwordFile: '/etc/portfolio/secrets/password',
        maxConnections: 3,
        connectTimeoutMs: 2_000,
        probeIntervalMs: 60_000,
        listen: false,
      },
      grafanaUrl: 'https://grafana.example.test/sub',
      runbookUrl: null,
      shippedKpis: false,
      kpiDirectories: ['/srv/kpis', '/etc/portfolio/kpis'],
      kpis: {
        portfolio_performance: {
          enabled: false,
          schedule: { kind: 'cron', expression: '*/5 * * * *' },
          onChange: ['venture_metrics'],
          timeoutMs: 1_500,
          acceptableLagSeconds: 7_200,
          alertWhenLate: false,
          maxSeries: 7,
        },
        empty: {},
      },
    });
  });

  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata', 'Etc/GMT+5'])(
    'takes the zone %s',
    (zone) => {
      expect(parse(`time_zone: ${zone}`).timeZone).toBe(zone);
    },
  );

  it.each([
    [
      'time_zone: Mars/Olympus',
      '1:12: time_zone: "Mars/Olympus" is not an IANA time zone such as UTC or Europe/Berlin',
    ],
    ['time_zone: "+02:00"', '1:12: time_zone: "+02:00" is not an IANA time zone such as UTC or Europe/Berlin'],
    ['time_zone: ""', '1:12: time_zone: "" is not an IANA time zone such as UTC or Europe/Berlin'],
    ['carry_forward_days: -1', '1:21: carry_forward_days: Too small: expected number to be >=0'],
    ['carry_forward_days: 367', '1:21: carry_forward_days: Too big: expected number to be <=366'],
    ['max_series: 0', '1:13: max_series: Too small: expected number to be >=1'],
    ['label_value_length_limit: 63', '1:27: label_value_length_limit: Too small: expected number to be >=64'],
    ['sample_limit: 4999', '1:15: sample_limit: Too small: expected number to be >=5000'],
    ['max_series: 100001', '1:13: max_series: Too big: expected number to be <=100000'],
    ['jitter: 301s', '1:9: jitter: 301s is out of range: 0s - 5m'],
    ['jitter: 5', '1:9: jitter: 5 has no unit: write 5s, 5h or 5d'],
    ['retry: {attempts: 0}', '1:19: retry.attempts: Too small: expected number to be >=1'],
    ['retry: {attempts: 11}', '1:19: retry.attempts: Too big: expected number to be <=10'],
    ['retry: {initial_delay: 11s}', '1:24: retry.initial_delay: is longer than max_delay'],
    ['retry: {initial_delay: 9ms}', '1:24: retry.initial_delay: 9ms is out of range: 10ms - 1m'],
    ['on_change: {delay: 61s}', '1:20: on_change.delay: 61s is out of range: 0s - 1m'],
    ['database: {max_connections: 2}', '1:29: database.max_connections: Too small: expected number to be >=3'],
    ['database: {password_file: ""}', '1:27: database.password_file: is empty; write null for none'],
    ['database: {connect_timeout: 99ms}', '1:29: database.connect_timeout: 99ms is out of range: 100ms - 5m'],
    [
      'database: {password: secret}',
      '1:22: database.password: unknown key; known here: password_file, max_connections, connect_timeout, probe_interval, listen',
    ],
    [
      'grafana_url: grafana.example.test',
      '1:14: grafana_url: is not an http or https address such as https://grafana.example.test',
    ],
    [
      'grafana_url: https://user:pw@grafana.example.test',
      '1:14: grafana_url: is not an http or https address such as https://grafana.example.test',
    ],
    ['kpis: {a: {timeout: 99ms}}', '1:21: kpis.a.timeout: 99ms is out of range: 100ms - 10m'],
    ['kpis: {a: {timeout: 601s}}', '1:21: kpis.a.timeout: 601s is out of range: 100ms - 10m'],
    ['kpis: {a: {acceptable_lag: 0s}}', '1:28: kpis.a.acceptable_lag: 0s is out of range: 1s - 366d'],
    ['kpis: {a: {on_change: [x, x]}}', '1:12: kpis.a.on_change: names a table twice'],
    [
      'kpis: {a: {on_change: ["x;y"]}}',
      '1:24: kpis.a.on_change[0]: is not a table name: lower-case letters, digits and _',
    ],
    ['kpis: {"A b": {}}', '1:8: kpis.A b: is not the name of a KPI: lower-case letters, digits and _'],
    ['kpis: {a: {shedule: {every: 1s}}}', '1:12: kpis.a.shedule: unknown key; did you mean schedule?'],
    ['password_file: x', '1:16: password_file: unknown key here; it belongs under database:'],
    [
      'kpis: {a: {schedule: {every: 2h}, acceptable_lag: 1h}}',
      '1:30: kpis.a.schedule.every: the interval is longer than acceptable_lag: the KPI would always be late',
    ],
  ])('refuses %s', (text, expected) => {
    expect(refused(text)).toEqual([expected]);
  });

  it('says all problems at once, in the order of the file', () => {
    const problems = refused(
      'time_zone: Nowhere\nretry: {attempts: 99}\nkpis:\n  a:\n    enabled: 1\n    schedule: {cron: "61 * * * *"}\n',
    );
    expect(problems.map((problem) => problem.split(' ').slice(0, 2).join(' '))).toEqual([
      '1:12: time_zone:',
      '2:19: retry.attempts:',
      '5:14: kpis.a.enabled:',
      '6:22: kpis.a.schedule.cron:',
    ]);
  });

  it('gives the place of a KPI for later checks', () => {
    const { problemAt } = readExporterConfig('kpis:\n  no_such_kpi: {enabled: false}\n', 'e.yaml');
    expect(formatProblem(problemAt(['kpis', 'no_such_kpi'], 'there is no such KPI'))).toBe(
      'e.yaml:2:3: kpis.no_such_kpi: there is no such KPI',
    );
  });
});
