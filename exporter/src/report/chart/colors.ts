/** Grafana's palette by its names, in the shades of its light theme: a report is printed on white, as its dashboards show them there. */
export const PALETTE = {
  blue: '#3274d9',
  green: '#56a64b',
  orange: '#ff780a',
  red: '#e02f44',
  '#8e8e8e': '#8e8e8e',
} as const;

/** The colours of the panels that the charts are drawn after, by the panel's title and the series' name. */
export const PANEL_COLORS = {
  'Portfolio revenue trend': { 'Baseline revenue': '#8e8e8e', 'Current revenue': 'blue', 'Target revenue': 'orange' },
  'Portfolio profit margin': { Revenue: 'green', 'Burn rate': 'red', Profit: 'blue' },
  'Value capture timeline, complete months': {
    'Cost saved': 'blue',
    'Revenue generated': 'green',
    'Time saved': 'orange',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, keyof typeof PALETTE>>>>;
