export interface SampleAlert {
  readonly status?: 'firing' | 'resolved';
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt?: string;
  readonly endsAt?: string;
}

export const SAMPLE_RESOURCE = '00000000-0000-4000-8000-000000000007';
export const SAMPLE_BEGIN = '2026-11-02T08:00:00.123456789Z';

/** A body as Alertmanager 0.25 posts it; each alert is a conflict over one resource where nothing else is said. */
export function sampleNotification(alerts: readonly SampleAlert[] = [{}], externalURL = 'http://alertmanager:9093') {
  const labels = {
    alertname: 'ResourceConflictDetected',
    class: 'kpi',
    severity: 'high',
    resource_id: SAMPLE_RESOURCE,
  };
  return {
    receiver: 'actions',
    status: 'firing',
    alerts: alerts.map((alert) => ({
      status: 'firing',
      annotations: { summary: 'Ann over-allocated' },
      startsAt: SAMPLE_BEGIN,
      endsAt: alert.status === 'resolved' ? '2026-11-02T09:00:00Z' : '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus:9090/graph',
      fingerprint: '0123456789abcdef',
      ...alert,
      labels: { ...labels, ...alert.labels },
    })),
    groupLabels: { alertname: 'ResourceConflictDetected' },
    commonLabels: labels,
    commonAnnotations: {},
    externalURL,
    version: '4',
    groupKey: '{}:{alertname="ResourceConflictDetected"}',
    truncatedAlerts: 0,
  };
}
