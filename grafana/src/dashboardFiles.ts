import { format, resolveConfig } from 'prettier';
import { fileURLToPath } from 'node:url';
import { BUILDERS } from './dashboards.js';

/** Where the dashboards stand that Grafana's provisioning reads. */
export const DASHBOARD_DIRECTORY = fileURLToPath(new URL('../dashboards/', import.meta.url));

export interface DashboardFile {
  /** `<uid>.json` */
  readonly name: string;
  readonly text: string;
}

/** Every dashboard as text: one line a value, so that a change of one option is a change of one line. */
export async function dashboardFiles(): Promise<DashboardFile[]> {
  const options = await resolveConfig(DASHBOARD_DIRECTORY);
  return Promise.all(
    BUILDERS.map(async (build) => {
      const dashboard = build();
      const text = await format(JSON.stringify(dashboard, null, 2), { ...options, parser: 'json' });
      return { name: `${dashboard.uid ?? ''}.json`, text };
    }),
  );
}
