import type { DashboardModel, PanelModel } from './dashboardModel.js';
import { GRAFANA_NAMES, isColor, isUnit } from './grafanaNames.js';

type Names = ReadonlySet<string>;

/** Keys that Grafana drops without a word, among them defaults of the SDK, and names of units, colours and reducers that it does not have. */
export function keyProblems({ uid, panels, templating, links }: DashboardModel): string[] {
  const problems = [
    ...panels.flatMap((panel) => panelProblems(panel).map((problem) => `${panel.title}: ${problem}`)),
    ...templating.list.flatMap((variable) => unknownKeys(variable, GRAFANA_NAMES.variables[variable.type])),
    ...links.flatMap((link) => unknownKeys(link, GRAFANA_NAMES.link)),
  ];
  return problems.map((problem) => `${uid}: ${problem}`);
}

function panelProblems({ type, options, fieldConfig, transformations }: PanelModel): string[] {
  const { defaults, overrides } = fieldConfig;
  const known = GRAFANA_NAMES.panels[type];
  const fields = [
    defaults,
    ...overrides.flatMap(({ properties }) => properties.map(({ id, value }) => ({ [id]: value }))),
  ];
  return [
    ...unknownKeys(options, known?.options),
    ...fields.flatMap((field) => fieldProblems(field, type)),
    ...transformations.flatMap(({ id, options: settings }) => unknownKeys(settings, GRAFANA_NAMES.transformations[id])),
    ...leaves({ options, fields, transformations }).flatMap(nameProblems),
  ];
}

/** `custom.width` of an override is `{custom: {width}}` of the defaults. */
function fieldProblems(field: Readonly<Record<string, unknown>>, type: string): string[] {
  const { standard, custom } = GRAFANA_NAMES.panels[type] ?? {};
  return leaves(field).flatMap(([path]) => {
    if (path === 'custom') return [];
    const own = /^custom\.(.*)/.exec(path)?.[1];
    const isKnown =
      own === undefined
        ? standard?.has(path.split('.')[0] ?? '') === true && isListed(path, GRAFANA_NAMES.standard)
        : custom !== undefined && isListed(own, custom);
    return isKnown ? [] : [`${type} has no ${path}`];
  });
}

function nameProblems([path, value]: Leaf): string[] {
  if (typeof value !== 'string') return [];
  const key = path.split('.').at(-1) ?? '';
  const isKnown =
    key === 'unit'
      ? isUnit(value)
      : key === 'calcs' || key === 'reducers'
        ? GRAFANA_NAMES.reducers.has(value)
        : !/^(?:color|fixedColor)$/.test(key) || isColor(value);
  return isKnown ? [] : [`${path} ${JSON.stringify(value)} is unknown`];
}

function unknownKeys(value: object, known: Names = new Set()): string[] {
  return leaves(value).flatMap(([path]) => (isListed(path, known) ? [] : [`${path} is unknown`]));
}

/** The path itself, one that it stands below, or, of an empty object, one that stands below it. */
function isListed(path: string, known: Names): boolean {
  const steps = path.split('.');
  return (
    steps.some((_, index) => known.has(steps.slice(0, index + 1).join('.'))) ||
    [...known].some((one) => one.startsWith(`${path}.`))
  );
}

type Leaf = readonly [path: string, value: unknown];

/** Everything in a JSON value that is neither an object nor a list, by its keys without the positions in lists. */
function leaves(value: unknown, path = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  const entries = Array.isArray(value) ? value.map((one) => ['', one] as const) : Object.entries(value);
  if (entries.length === 0) return path === '' ? [] : [[path, value]];
  return entries.flatMap(([key, one]) => leaves(one, [path, key].filter((step) => step !== '').join('.')));
}
