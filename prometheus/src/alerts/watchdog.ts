import { ownAlert } from '../shared/ownAlert.js';
import { vector } from '../shared/promql.js';

/**
 * Always firing: an external heartbeat service pages when it no longer hears of it. It is the only alert that notices a
 * Prometheus or an Alertmanager that is gone.
 */
export const watchdog = ownAlert({
  name: 'Watchdog',
  severity: 'none',
  when: 'always',
  condition: vector(1),
  for: null,
  keepFiringFor: null,
  // A query cannot read external labels, and the series of this alert is always there: dashboards learn from it where their links lead.
  // Prometheus takes both off before it tells Alertmanager (alert_relabel_configs).
  labels: {
    runbook_url: '{{ $externalLabels.runbook_url }}',
    alertmanager_url: '{{ $externalLabels.alertmanager_url }}',
  },
  texts: () => ({
    summary: 'Alerting works from Prometheus to the receiver',
    description:
      'This alert always fires. Whoever stops hearing of it has lost Prometheus, Alertmanager or the way between them.',
  }),
  dashboard: null,
  notify: { recipients: [], slack: 'never', groupWait: '0s', groupInterval: '1m', repeatInterval: '5m' },
  inhibitedBy: [],
});
