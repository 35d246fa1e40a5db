import { isMap, isScalar, isSeq } from 'yaml';
import type { z } from 'zod';
import { didYouMean } from './didYouMean.js';
import type { SchemaKeys } from './schemaKeys.js';
import type { YamlLocator, YamlPath } from './yamlLocator.js';

/** A problem before its place in the file is looked up. */
export interface Explained {
  readonly path: YamlPath;
  readonly message: string;
}

/** Suggestions compare each unknown key with every known one: enough of them for a person. */
const MAX_SUGGESTIONS = 200;

/** What a zod issue says to the person who wrote the file; each unknown key is a problem of its own. */
export function explainIssue(issue: z.core.$ZodIssue, keys: () => SchemaKeys, locator: YamlLocator): Explained[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key, index) => ({
        path: [...issue.path, key],
        message: index < MAX_SUGGESTIONS ? explainUnknownKey(key, issue.path, keys()) : 'unknown key',
      }));
    case 'invalid_key':
      return [{ path: issue.path, message: issue.issues.map((inner) => inner.message).join('; ') }];
    case 'invalid_type':
      return [{ path: issue.path, message: explainType(issue.expected, issue.path, locator) }];
    case 'invalid_value':
      return [{ path: issue.path, message: explainValue(issue.values, issue.path, locator) }];
    default:
      return [{ path: issue.path, message: issue.message }];
  }
}

function explainUnknownKey(key: string, parent: YamlPath, keys: SchemaKeys): string {
  const here = schemaPath(parent, keys);
  const [home, ...others] = [...keys].filter(([at, names]) => at !== here && names.includes(key)).map(([at]) => at);
  if (home !== undefined && others.length === 0 && !home.includes('*')) {
    return `unknown key here; it belongs ${home === '' ? 'at the top level' : `under ${home}:`}`;
  }
  const known = keys.get(here) ?? [];
  const near = didYouMean(key, known);
  if (near !== null) {
    return `unknown key; did you mean ${near}?`;
  }
  return known.length > 0 && known.length <= 12 ? `unknown key; known here: ${known.join(', ')}` : 'unknown key';
}

/** The document's path as SchemaKeys writes it: the names of a record and the indices of a list are `*`. */
function schemaPath(path: YamlPath, keys: SchemaKeys): string {
  return path.reduce<string>((parent, part) => {
    const named = typeof part === 'string' && (keys.get(parent)?.includes(part) ?? false);
    return `${parent}${parent === '' ? '' : '.'}${named ? part : '*'}`;
  }, '');
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  object: 'a map',
  record: 'a map',
  array: 'a list',
  string: 'a text',
  int: 'a whole number',
  boolean: 'true or false',
};

function explainType(expected: string, path: YamlPath, locator: YamlLocator): string {
  const node = locator.valueAt(path);
  const name = TYPE_NAMES[expected] ?? `a ${expected}`;
  if (node === undefined) {
    return 'is missing';
  }
  if (node === null || (isScalar(node) && node.value === null)) {
    return `has no value; give ${name} or leave the key out`;
  }
  if (isScalar(node)) {
    return `expected ${name}, not ${node.source ?? 'this'}`;
  }
  return `expected ${name}, not ${isMap(node) ? 'a map' : isSeq(node) ? 'a list' : 'this'}`;
}

function explainValue(values: readonly unknown[], path: YamlPath, locator: YamlLocator): string {
  const node = locator.valueAt(path);
  const given = isScalar(node) ? String(node.value) : '';
  const near = didYouMean(given, values.map(String));
  const choice = near === null ? `expected ${values.map(String).join(' or ')}` : `did you mean ${near}?`;
  return node === undefined ? `is missing; ${choice}` : `${given} is not known; ${choice}`;
}
