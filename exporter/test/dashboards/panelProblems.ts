import { z } from 'zod';
import type { PanelModel } from './dashboardModel.js';
import { PANEL_CONTRACT } from './panelContract.js';

/** Drawn without a query. */
export const WITHOUT_QUERIES: readonly string[] = ['text', 'alertlist', 'dashlist', 'row'];

/** They show an error in place of `noValue` when a query has no rows: their SQL always has one. */
const ALWAYS_ROWS = ['trend', 'state-timeline', 'xychart', 'bargauge'];

/** Each of their numbers has the same unit; tables have columns of many kinds, timelines have states. */
const NUMBERS = ['timeseries', 'barchart', 'bargauge', 'stat', 'gauge', 'piechart', 'trend', 'xychart'];

/** The unit of each axis is that of a field. */
const HAVE_TWO_AXES = ['trend', 'xychart'];

/** What a reader would miss on a panel: what it is, its unit, what it says when it is empty, its colours in order. */
export function panelProblems(panel: PanelModel, path: string): string[] {
  const { type, title, pluginVersion } = panel;
  if (type === 'row') return rowProblems(panel, path);
  return [
    ...(title.trim() !== '' || type === 'text' ? [] : [`${path}.title: is missing`]),
    ...(isSentence(panel.description) ? [] : [`${path}.description: is not a sentence`]),
    // Grafana migrates a panel of an unknown version, and some types lose their options.
    ...(pluginVersion === PANEL_CONTRACT.grafana
      ? []
      : [`${path}.pluginVersion: ${pluginVersion ?? 'absent'} is not ${PANEL_CONTRACT.grafana}`]),
    ...unitProblems(panel, path),
    ...emptyProblems(panel, path),
    ...thresholdProblems(panel, path),
  ];
}

/** The panels of a collapsed row stand inside it, where nothing here looks. */
function rowProblems({ title, panels }: PanelModel, path: string): string[] {
  return [
    ...(title.trim() === '' ? [`${path}.title: is missing`] : []),
    ...(panels.length > 0 ? [`${path}.panels: a row holds no panels of its own here`] : []),
  ];
}

const isSentence = (text: string): boolean => /^\S+ \S+ .*[.!?](?=\s|$)/s.test(text.trim());

function unitProblems({ type, fieldConfig }: PanelModel, path: string): string[] {
  const { defaults, overrides } = fieldConfig;
  const inOverrides = overrides.some(({ properties }) => properties.some(({ id }) => id === 'unit'));
  return !NUMBERS.includes(type) || 'unit' in defaults || (HAVE_TWO_AXES.includes(type) && inOverrides)
    ? []
    : [`${path}.fieldConfig.defaults.unit: is missing; "none" is a number without one`];
}

function emptyProblems({ type, fieldConfig }: PanelModel, path: string): string[] {
  const { noValue = '' } = fieldConfig.defaults;
  return WITHOUT_QUERIES.includes(type) || ALWAYS_ROWS.includes(type) || String(noValue).trim() !== ''
    ? []
    : [`${path}.fieldConfig.defaults.noValue: is missing, the text of the empty panel`];
}

function thresholdProblems({ fieldConfig }: PanelModel, path: string): string[] {
  const { defaults, overrides } = fieldConfig;
  return [
    ...stepProblems(defaults['thresholds'], `${path}.fieldConfig.defaults.thresholds`),
    ...overrides.flatMap(({ properties }, index) =>
      properties.flatMap(({ value }) => stepProblems(value, `${path}.fieldConfig.overrides[${index}].thresholds`)),
    ),
  ];
}

const thresholds = z.object({ steps: z.array(z.object({ value: z.number().nullish() })) });

function stepProblems(value: unknown, path: string): string[] {
  const { data } = thresholds.safeParse(value);
  if (data === undefined) return [];
  const [first, ...rest] = data.steps.map((step) => step.value ?? null);
  const ascends = rest.every((step, index) => step !== null && step > (rest[index - 1] ?? -Infinity));
  return [
    // Whatever stands first, Grafana takes for the colour from minus infinity on.
    ...(first === null ? [] : [`${path}: the first step has no value: null`]),
    ...(ascends ? [] : [`${path}: the steps do not ascend`]),
  ];
}
