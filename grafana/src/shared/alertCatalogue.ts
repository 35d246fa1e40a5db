import { loadAlerts } from '../../../prometheus/src/alerts.js';
import { DASHBOARDS } from '../../../exporter/src/config/dashboards.js';

const alerts = await loadAlerts();

export const ALERT_NAMES: readonly string[] = alerts.map(({ name }) => name);

/** The alerts whose numbers stand on each page, from the links of their messages. */
export const ALERTS_OF_PAGES = DASHBOARDS.map(({ uid, title }) => ({
  uid,
  title,
  names: alerts
    .filter((alert) => alert.rules(alerts)[0]?.annotations['dashboard_url']?.includes(`/d/${uid}{`))
    .map(({ name }) => name),
}));
