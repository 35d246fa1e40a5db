import { max, where } from '../shared/promql.js';
import { lateAlert } from '../shared/lateAlert.js';
import { metric } from '../shared/selectors.js';
import { annotations } from '../shared/texts.js';

const NAME = 'InitiativeDashboardUnavailable';

export const initiativeDashboardUnavailable = lateAlert({
  name: NAME,
  severity: 'high',
  kpis: ['initiative_status'],
  orWhen: '; or Grafana has not answered for 5 min',
  texts: () => ({
    subject: 'Initiative status',
    consequence: 'The initiative dashboard shows what was before.',
    nextStep:
      "See whether the writer of synergy_initiatives is alive (source_heartbeats), then look at the error of initiative_status on the exporter's status page.",
  }),
  also: [
    // No kpi label: that Grafana does not answer says nothing about the data, and so silences no alert about them.
    {
      alert: NAME,
      expr: where(max(metric('up', { job: 'grafana' })), '==', 0),
      for: '5m',
      keepFiringFor: '5m',
      labels: { class: 'sla', severity: 'high', component: 'grafana', recipients: 'OnCall' },
      annotations: annotations(
        NAME,
        {
          summary: 'The dashboards are unavailable because Grafana does not answer',
          description: `
            Prometheus cannot scrape Grafana. The dashboards cannot be opened, while data, alerts and messages go on.`,
          value: 'no answer',
          limit: '5 min',
          nextStep: 'See whether the Grafana process runs and its database is reachable; then read its log.',
        },
        'initiative-tracking',
      ),
    },
  ],
});
