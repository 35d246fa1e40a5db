import type { PanelModel } from './dashboardModel.js';
import { PANEL_CONTRACT } from './panelContract.js';
import type { PanelType, Shape } from './panelContract.js';
import { childPath, isObject, shapeProblems, unknownName } from './shapeProblems.js';

type Keys = Readonly<Record<string, Shape>>;

/** Options, field configuration, overrides and transformations that Grafana does not know: it drops them without a word. */
export function optionProblems(panel: PanelModel, path: string): string[] {
  const { type, options, fieldConfig, transformations } = panel;
  if (type === 'row') return [];
  const known = PANEL_CONTRACT.panels[type];
  if (known === undefined) return [`${path}.type: ${unknownName(type, Object.keys(PANEL_CONTRACT.panels))}`];
  return [
    ...shapeProblems(options, known.options, `${path}.options`),
    ...defaultProblems(fieldConfig.defaults, known, type, `${path}.fieldConfig.defaults`),
    ...fieldConfig.overrides.flatMap(({ matcher, properties }, index) => {
      const at = `${path}.fieldConfig.overrides[${index}]`;
      return [
        ...shapeProblems(matcher, '@matcher', `${at}.matcher`),
        ...properties.flatMap(({ id, value }, nth) =>
          propertyProblems(id, value, known, type, `${at}.properties[${nth}]`),
        ),
      ];
    }),
    ...transformations.flatMap(({ id, options: settings }, index) =>
      transformationProblems(id, settings, `${path}.transformations[${index}]`),
    ),
  ];
}

function defaultProblems(
  defaults: Readonly<Record<string, unknown>>,
  known: PanelType,
  type: string,
  path: string,
): string[] {
  const { custom = {}, ...standard } = defaults;
  return [
    ...Object.entries(standard).flatMap(([key, value]) =>
      standardProblems(key, value, known, type, childPath(path, key)),
    ),
    ...customProblems(custom, known.custom, type, `${path}.custom`, ''),
  ];
}

function propertyProblems(id: string, value: unknown, known: PanelType, type: string, path: string): string[] {
  if (!id.startsWith('custom.')) return standardProblems(id, value, known, type, `${path}.value`);
  const key = id.slice('custom.'.length);
  const shape = known.custom[key];
  return shape === undefined
    ? [`${path}.id: ${type} drops it: ${unknownName(key, Object.keys(known.custom))}`]
    : shapeProblems(value, shape, `${path}.value`);
}

function standardProblems(key: string, value: unknown, known: PanelType, type: string, path: string): string[] {
  const shape = known.standard.has(key) ? PANEL_CONTRACT.fieldConfig[key] : undefined;
  return shape === undefined
    ? [`${path}: ${type} drops it: ${unknownName(key, known.standard)}`]
    : shapeProblems(value, shape, path);
}

/** Registered paths may be longer than one key: `pointSize.fixed`. */
function customProblems(value: unknown, custom: Keys, type: string, path: string, prefix: string): string[] {
  if (!isObject(value)) return [`${path}: is not an object`];
  return Object.entries(value).flatMap(([key, one]) => {
    const registered = prefix + key;
    const shape = custom[registered];
    if (shape !== undefined) return shapeProblems(one, shape, childPath(path, key));
    const isParent = Object.keys(custom).some((other) => other.startsWith(`${registered}.`));
    return isParent
      ? customProblems(one, custom, type, childPath(path, key), `${registered}.`)
      : [`${childPath(path, key)}: ${type} drops it: ${unknownName(registered, Object.keys(custom))}`];
  });
}

function transformationProblems(id: string, options: unknown, path: string): string[] {
  const known = PANEL_CONTRACT.transformations;
  const shape = known[id];
  return shape === undefined
    ? [`${path}.id: ${unknownName(id, Object.keys(known))}`]
    : shapeProblems(options, shape, `${path}.options`);
}
