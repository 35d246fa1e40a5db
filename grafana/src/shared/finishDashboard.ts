import type { Dashboard, DashboardBuilder, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { dropSdkDefaults } from './dropSdkDefaults.js';

/**
 * The Grafana that the dashboards were seen on, and that docker-compose.yml pins. Every panel bears it: without a version
 * Grafana takes a panel for an old one and migrates it; xychart then loses its options and shows the word "Err".
 */
export const GRAFANA_VERSION = '12.3.3';

/** The dashboard as Grafana's provisioning reads it, with what the builders cannot say. */
export function finishDashboard(builder: DashboardBuilder): Dashboard {
  const dashboard = dropSdkDefaults(builder.build());
  return {
    ...dashboard,
    panels: (dashboard.panels ?? []).map((panel) => ({ ...(panel as Panel), pluginVersion: GRAFANA_VERSION })),
  };
}
