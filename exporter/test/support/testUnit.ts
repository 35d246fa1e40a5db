export interface TestUnit {
  /** Unit (ratio, count, ...) by metric name. */
  readonly metrics: Readonly<Record<string, string>>;
  /** Of every metric. */
  readonly labels?: readonly string[];
  readonly onChange?: readonly string[];
  readonly every?: string;
  readonly timeout?: string;
  /** Whether the metrics are kept in kpi_history. */
  readonly history?: boolean;
}

/** The `<kpi>.yaml` of a unit that a test makes up; the SQL beside it is the test's own. */
export function testUnit(unit: TestUnit): string {
  const metrics = Object.entries(unit.metrics).map(
    ([name, kind]) =>
      `  ${name}:\n    help: A number of a test.\n    type: gauge\n    unit: ${kind}\n    history: ${String(unit.history ?? false)}\n`,
  );
  return `title: Test
description: A unit of a test.
owner: nobody
schedule:
  every: ${unit.every ?? '60s'}
on_change: [${(unit.onChange ?? []).join(', ')}]
timeout: ${unit.timeout ?? '5s'}
acceptable_lag: 5m
alert_when_late: false
as_of: exact
labels: [${(unit.labels ?? []).join(', ')}]
metrics:
${metrics.join('')}`;
}
