/** What Prometheus is started with wherever it is started: compose, the stack, tests; docs/alerting.md names them. */
export const PROMETHEUS_FLAGS: readonly string[] = [
  // Service levels look back 30 days; the default keeps 15.
  '--storage.tsdb.retention.time=40d',
  // After a restart an alert whose `for` is shorter than this waits for it anew, and meanwhile Alertmanager tells that it is over.
  '--rules.alert.for-grace-period=1m',
];
