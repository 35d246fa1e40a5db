import type { Dashboard, DashboardBuilder, DashboardLink, Panel } from '@grafana/grafana-foundation-sdk/dashboard';

/**
 * The Grafana that the dashboards were seen on, and that docker-compose.yml pins. Every panel bears it: without a version
 * Grafana takes a panel for an old one and migrates it; xychart then loses its options and shows the word "Err".
 */
export const GRAFANA_VERSION = '12.3.3';

/** The dashboard as Grafana's provisioning reads it, with what the builders cannot say. */
export function finishDashboard(builder: DashboardBuilder): Dashboard {
  const dashboard = builder.build();
  return {
    ...dashboard,
    links: (dashboard.links ?? []).map(asButton),
    panels: (dashboard.panels ?? []).map((panel) => versioned(panel as Panel)),
  };
}

/** The SDK's default puts links into a menu, where nobody looks for the other pages. */
function asButton(link: DashboardLink): DashboardLink {
  const button = { ...link };
  delete button.placement;
  return button;
}

function versioned(panel: Panel): Panel {
  return { ...panel, pluginVersion: GRAFANA_VERSION };
}
