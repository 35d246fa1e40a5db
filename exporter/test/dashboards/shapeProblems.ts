import { didYouMean } from '../../src/config/didYouMean.js';
import { PANEL_CONTRACT } from './panelContract.js';
import type { Shape } from './panelContract.js';

/** `panels[2].options["two words"]`: the path of a value's child. */
export function childPath(path: string, key: string | number): string {
  const step = /^[a-z_]\w*$/i.test(String(key)) ? `.${key}` : `[${JSON.stringify(key)}]`;
  return path === '' ? step.replace(/^\./, '') : path + step;
}

/** That a name is unknown, and the known one nearest to it. */
export function unknownName(name: string, known: Iterable<string>): string {
  const names = [...known];
  const nearest = didYouMean(name, names) ?? names.find((one) => one.startsWith(`${name} `)) ?? null;
  return `${JSON.stringify(name)} is unknown${nearest === null ? '' : `, did you mean ${JSON.stringify(nearest)}?`}`;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Keys, kinds and names in a value that Grafana would not take as they are meant. */
export function shapeProblems(value: unknown, shape: Shape, path: string): string[] {
  if (typeof shape === 'string') return simpleProblems(value, shape, path);
  if (isChoice(shape)) {
    const known = shape.map(String);
    const isKnown = shape.some((one) => one === value);
    return isKnown ? [] : [`${path}: ${unknownName(String(value), known)}; known: ${known.join(', ')}`];
  }
  if ('[]' in shape) {
    if (!Array.isArray(value)) return [`${path}: ${said(value)} is not a list`];
    const item = shape['[]'];
    return value.flatMap((one, index) => shapeProblems(one, item, childPath(path, index)));
  }
  if (!isObject(value)) return [`${path}: ${said(value)} is not an object`];
  const entries = Object.entries(value);
  if ('{}' in shape) {
    const item = shape['{}'];
    return entries.flatMap(([key, one]) => shapeProblems(one, item, childPath(path, key)));
  }
  return '|' in shape ? variantProblems(value, shape, path) : keyProblems(entries, shape, path);
}

/** One of these values. */
export const isChoice = (shape: Shape): shape is readonly (string | number)[] => Array.isArray(shape);

const said = (value: unknown): string => JSON.stringify(value);

function keyProblems(
  entries: readonly (readonly [string, unknown])[],
  shape: Readonly<Record<string, Shape>>,
  path: string,
): string[] {
  const unknown = entries.filter(([key]) => !(key in shape)).map(([key]) => key);
  const [first] = unknown;
  const what =
    unknown.length > 1
      ? `keys ${unknown.map(said).join(', ')} are unknown`
      : `key ${unknownName(first ?? '', Object.keys(shape))}`;
  const inside = entries.flatMap(([key, value]) => {
    const known = shape[key];
    return known === undefined ? [] : shapeProblems(value, known, childPath(path, key));
  });
  return [...(first === undefined ? [] : [`${path}: ${what}`]), ...inside];
}

/** One of several kinds of object, told by one of its keys: {"|": "type", "regex": {...}}. */
function variantProblems(
  value: Readonly<Record<string, unknown>>,
  shape: Readonly<Record<string, Shape>>,
  path: string,
): string[] {
  const { '|': key, ...variants } = shape;
  if (typeof key !== 'string') throw new Error(`not a shape: ${said(shape)}`);
  const { [key]: kind, ...rest } = value;
  const variant = variants[String(kind)];
  return variant === undefined
    ? [`${childPath(path, key)}: ${unknownName(String(kind), Object.keys(variants))}`]
    : shapeProblems(rest, variant, path);
}

function simpleProblems(value: unknown, shape: string, path: string): string[] {
  if (shape.startsWith('@')) {
    const shared = PANEL_CONTRACT.shapes[shape.slice(1)];
    if (shared === undefined) throw new Error(`no shape ${shape}`);
    return shapeProblems(value, shared, path);
  }
  if (shape.startsWith('~')) {
    const problem = STRINGS[shape.slice(1)];
    if (problem === undefined) throw new Error(`no check ${shape}`);
    const found = typeof value === 'string' ? problem(value) : `${said(value)} is not a string`;
    return found === null ? [] : [`${path}: ${found}`];
  }
  const kinds = shape.split('|');
  const isOne = kinds.some((kind) => kind === 'any' || (kind === 'null' ? value === null : typeof value === kind));
  return isOne ? [] : [`${path}: ${said(value)} is not a ${kinds.join(' or ')}`];
}

const { units, unitPrefixes, colors, reducers } = PANEL_CONTRACT;

/** What is wrong with a string that means something to Grafana; null: nothing. */
const STRINGS: Readonly<Record<string, (text: string) => string | null>> = {
  unit: (text) => {
    const [, prefix = ''] = /^(\w+):./.exec(text) ?? [];
    return unitPrefixes.has(prefix) || units.has(text) ? null : unknownName(text, units);
  },
  // Grafana takes the colour words of CSS, too; only its own follow the theme.
  color: (text) => {
    const isValue = /^#(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i.test(text) || /^rgba?\([\d\s.,%]+\)$/.test(text);
    return isValue || colors.has(text) ? null : unknownName(text, colors);
  },
  reducer: (text) => (/^p[1-9]\d?$/.test(text) || reducers.has(text) ? null : unknownName(text, reducers)),
  pattern: (text) => (toRegExp(text) === null ? `${said(text)} is not a regular expression` : null),
};

/** Grafana reads `/pattern/flags`, or a pattern without slashes for the whole text; null: neither. */
export function toRegExp(text: string): RegExp | null {
  const [, pattern = `^${text}$`, flags] = /^\/(.*)\/([gimsuy]*)$/s.exec(text) ?? [];
  try {
    return new RegExp(pattern, flags);
  } catch {
    return null;
  }
}
