import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readYaml } from '../../src/yaml/yamlDocument.js';
import { unitSchema } from '../../src/kpi/unit/unitSchema.js';
import { problemsOf } from '../config/problemsOf.js';

const HEAD = `title: Title
description: Description.
owner: Owner
schedule: {every: 30s}
timeout: 5s
acceptable_lag: 1h
alert_when_late: true
as_of: exact
`;
const parse = (text: string) => readYaml(text, 'u.yaml', unitSchema);
const withMetrics = (metrics: string): string => `${HEAD}metrics:\n${metrics}\n`;
const refused = (text: string): string[] =>
  problemsOf(() => parse(text)).map((problem) => problem.replace('u.yaml:', ''));
const GAUGE = '{help: H, type: gauge, unit: count}';

describe('unitSchema', () => {
  it('reads a unit with its defaults', () => {
    expect(parse(withMetrics(`  portfolio_x: ${GAUGE}`))).toEqual({
      title: 'Title',
      description: 'Description.',
      owner: 'Owner',
      schedule: { kind: 'every', intervalMs: 30_000 },
      onChange: [],
      position: null,
      timeoutMs: 5_000,
      acceptableLagSeconds: 3_600,
      alertWhenLate: true,
      maxSeries: undefined,
      freshness: null,
      metrics: [
        {
          name: 'portfolio_x',
          help: 'H',
          unit: 'count',
          labels: [],
          history: false,
          shownAs: null,
          target: null,
          asOf: 'exact',
        },
      ],
    });
  });

  it('reads a unit that sets everything; a metric may have labels of its own', () => {
    const unit = parse(`${HEAD}on_change: [value_capture_log]
freshness: {day: venture_metrics.recorded_at}
labels: [initiative_id, initiative]
max_series: 50
metrics:
  portfolio_a_ratio:
    help: A
    type: gauge
    unit: ratio
    history: true
    target:
      threshold: user_growth_target
      direction: at_least
      only_when: {metric: portfolio_b, at_least: min_active_ventures}
    as_of: current_state
  portfolio_b: {help: B, type: gauge, unit: count, labels: []}
`);
    expect(unit).toMatchObject({
      onChange: ['value_capture_log'],
      maxSeries: 50,
      freshness: { kind: 'day', table: 'venture_metrics', column: 'recorded_at' },
      metrics: [
        {
          name: 'portfolio_a_ratio',
          labels: ['initiative_id', 'initiative'],
          history: true,
          target: {
            threshold: 'user_growth_target',
            direction: 'at_least',
            onlyWhen: { metric: 'portfolio_b', atLeast: 'min_active_ventures' },
          },
          asOf: 'current_state',
        },
        { name: 'portfolio_b', labels: [], history: false, shownAs: null, target: null, asOf: 'exact' },
      ],
    });
    expect(parse(`${withMetrics(`  a: ${GAUGE}`)}freshness: {heartbeats: [x, y]}\n`).freshness).toEqual({
      kind: 'heartbeat',
      sources: ['x', 'y'],
    });
  });

  it('accepts every unit of the repository', () => {
    const directory = new URL('../../../sql/kpis/', import.meta.url);
    const files = readdirSync(directory).filter((name) => name.endsWith('.yaml'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      expect(readYaml(readFileSync(new URL(file, directory), 'utf8'), file, unitSchema).metrics.length).toBeGreaterThan(
        0,
      );
    }
  });

  it.each([
    [`  Portfolio: ${GAUGE}`, '10:3: metrics.Portfolio: is not a metric name: lower-case letters, digits and _'],
    [`  a-b: ${GAUGE}`, '10:3: metrics.a-b: is not a metric name: lower-case letters, digits and _'],
    [
      `  ${'x'.repeat(64)}: ${GAUGE}`,
      `10:3: metrics.${'x'.repeat(64)}: is longer than the 63 bytes of a PostgreSQL column name`,
    ],
    [
      `  a_bucket: ${GAUGE}`,
      '10:3: metrics.a_bucket: ends in _count, _sum or _bucket, which name parts of a histogram',
    ],
    [`  a_total: ${GAUGE}`, '10:3: metrics.a_total: ends in _total, which names a counter'],
    [
      '  a: {help: H, type: gauge, unit: count, labels: [le]}',
      '10:51: metrics.a.labels[0]: le is a label of histograms or summaries, not of gauges; call it upper_limit, say',
    ],
    ['  a: {help: H, type: gauge, unit: ratio}', '10:3: metrics.a: a metric in ratio is named with the suffix _ratio'],
    [
      '  a: {help: H, type: gauge, unit: dollars}',
      '10:3: metrics.a: a metric in dollars is named with the suffix _dollars',
    ],
    [
      '  a_seconds: {help: H, type: gauge, unit: timestamp_seconds}',
      '10:3: metrics.a_seconds: a metric in timestamp_seconds is named with the suffix _timestamp_seconds',
    ],
    [
      '  a_timestamp_seconds: {help: H, type: gauge, unit: seconds}',
      '10:3: metrics.a_timestamp_seconds: a metric in seconds is named with the suffix _seconds',
    ],
    [
      '  a_ratio: {help: H, type: gauge, unit: count}',
      '10:3: metrics.a_ratio: the suffix _ratio says ratio, but the unit is count',
    ],
    [
      '  a: {help: H, type: gauge, unit: count, labels: [__x]}',
      '10:51: metrics.a.labels[0]: is not a label name: lower-case letters, digits and _, not beginning with __',
    ],
    ['  a: {help: H, type: gauge, unit: count, labels: [x, x]}', '10:42: metrics.a.labels: names a label twice'],
    ['  a: {type: gauge, unit: count}', '10:3: metrics.a.help: is missing'],
    [
      '  a: {help: H, type: gauge, unit: count, target: {threshold: hourly_rate, direction: at_least, only_when: {metric: b, at_least: hourly_rate}}}',
      '10:116: metrics.a.target.only_when.metric: is not a metric of this unit without labels',
    ],
    [
      '  a: {help: H, type: gauge, unit: count, shown_as: working_time}',
      '10:52: metrics.a.shown_as: is for a metric in seconds',
    ],
    ['  a: {help: H, type: counter, unit: count}', '10:22: metrics.a.type: counter is not known; expected gauge'],
  ])('refuses the metric %s', (metric, expected) => {
    expect(refused(withMetrics(metric))).toEqual([expected]);
  });

  it('refuses what is missing, misspelt or contradictory', () => {
    expect(refused('title: T\nowners: O\n')).toEqual([
      '1:1: description: is missing',
      '1:1: owner: is missing',
      '1:1: schedule: is missing',
      '1:1: timeout: is missing; expected a duration with its unit, such as 30s, 48h or 14d (ms, s, m, h, d, w)',
      '1:1: acceptable_lag: is missing; expected a duration with its unit, such as 30s, 48h or 14d (ms, s, m, h, d, w)',
      '1:1: alert_when_late: is missing',
      '1:1: as_of: is missing; expected exact or current_state',
      '1:1: metrics: is missing',
      '2:9: owners: unknown key; did you mean owner?',
    ]);
    expect(refused(`${HEAD}metrics: {}\n`)).toEqual(['9:1: metrics: names no metric']);
    expect(refused(withMetrics(`  a: ${GAUGE}`).replace('acceptable_lag: 1h', 'acceptable_lag: 20s'))).toEqual([
      '4:19: schedule.every: the interval is longer than acceptable_lag: the KPI would always be late',
    ]);
    expect(refused(`${withMetrics(`  a: ${GAUGE}`)}freshness: {}\n`)).toEqual([
      '11:1: freshness: give either day (and venture with it) or heartbeats',
    ]);
    expect(refused(`${withMetrics(`  a: ${GAUGE}`)}freshness: {day: recorded_at}\n`)).toEqual([
      '11:18: freshness.day: is not table.column',
    ]);
  });
});
