import { format, resolveConfig } from 'prettier';
import { fileURLToPath } from 'node:url';
import { VariableHide } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { BUILDERS } from './dashboards.js';

/** Where the dashboards stand that Grafana's provisioning reads. */
export const DASHBOARD_DIRECTORY = fileURLToPath(new URL('../dashboards/', import.meta.url));

export interface DashboardFile {
  /** `<uid>.json` */
  readonly name: string;
  readonly text: string;
}

/**
 * Every dashboard as text: one line a value, so that a change of one option is a change of one line.
 * @param several whether there is more than one portfolio to choose
 */
export async function dashboardFiles(several: boolean): Promise<DashboardFile[]> {
  const options = await resolveConfig(DASHBOARD_DIRECTORY);
  return Promise.all(
    BUILDERS.map(async (build) => {
      const dashboard = several ? withChooser(build()) : build();
      const text = await format(JSON.stringify(dashboard, null, 2), { ...options, parser: 'json' });
      return { name: `${dashboard.uid ?? ''}.json`, text };
    }),
  );
}

function withChooser(dashboard: Dashboard): Dashboard {
  const list = (dashboard.templating.list ?? []).map((variable) =>
    variable.name === 'portfolio' ? { ...variable, hide: VariableHide.DontHide } : variable,
  );
  return { ...dashboard, templating: { ...dashboard.templating, list } };
}
