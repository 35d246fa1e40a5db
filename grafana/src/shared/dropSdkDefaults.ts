import type { Dashboard, DashboardLink, Panel, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';

/** What the builders of the SDK put in by themselves and the pages do without, by panel type. */
const UNKNOWN_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  // Grafana 12 does not know it: moved to the fields' configuration.
  table: ['footer'],
  // A page size, and with it a pager under lanes that all fit.
  'state-timeline': ['perPage'],
};

/** A dashboard without the defaults of the SDK that this Grafana would drop, or would take for something else. */
export function dropSdkDefaults(dashboard: Dashboard): Dashboard {
  const { links = [], panels = [], templating } = dashboard;
  return {
    ...dashboard,
    // In a menu nobody looks for the other pages.
    links: links.map((link) => without(link, ['placement'])),
    panels: panels.map((panel) => cleanPanel(panel as Panel)),
    templating: { ...templating, list: (templating.list ?? []).map(cleanVariable) },
  };
}

/** These are the interval variable's. */
function cleanVariable(variable: VariableModel): VariableModel {
  return without(variable, ['auto', 'auto_min', 'auto_count']);
}

function cleanPanel(panel: Panel): Panel {
  const { defaults, overrides } = panel.fieldConfig ?? { defaults: {}, overrides: [] };
  const { links } = defaults;
  return {
    ...panel,
    ...(panel.options === undefined
      ? {}
      : { options: without(panel.options as object, UNKNOWN_OPTIONS[panel.type] ?? []) }),
    fieldConfig: {
      defaults: { ...defaults, ...(links === undefined ? {} : { links: links.map(cleanLink) }) },
      overrides: overrides.map((override) => ({
        ...override,
        properties: override.properties.map(({ id, value }) => ({
          id,
          value: id === 'links' ? (value as DashboardLink[]).map(cleanLink) : (value as unknown),
        })),
      })),
    },
  };
}

/** A data link has a title and an address; the builder makes a link of a dashboard. */
function cleanLink({ title, url, targetBlank }: DashboardLink): DashboardLink {
  const link: Pick<DashboardLink, 'title' | 'url' | 'targetBlank'> = {
    title,
    targetBlank,
    ...(url === undefined ? {} : { url }),
  };
  return link as DashboardLink;
}

function without<T extends object>(value: T, keys: readonly string[]): T {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key))) as T;
}
