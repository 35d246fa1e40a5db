import { z } from 'zod';
import type { Problem } from '../yaml/problem.js';
import { ConfigError } from '../yaml/problem.js';
import { quantitySchema } from './quantitySchema.js';
import type { ThresholdCategory, ThresholdName, Thresholds } from './thresholdCatalogue.js';
import { THRESHOLD_CATALOGUE, THRESHOLD_NAMES } from './thresholdCatalogue.js';
import { findContradictions } from './thresholdRules.js';
import { inspectYamlOnce, sortProblems } from '../yaml/yamlDocument.js';

/** thresholds.yaml as checked: every threshold has a value, its own or the default. */
export interface ThresholdsFile {
  readonly values: Thresholds;
  /** Why the numbers were changed; goes into the history of changes. */
  readonly reason: string | null;
  /** Who changed them; goes into the history of changes. */
  readonly changedBy: string | null;
}

/** What each group of the file is about. */
export const GROUP_DESCRIPTION: Readonly<Record<ThresholdCategory, string>> = {
  targets: 'What the KPIs should reach.',
  alerts: 'Where alerts begin.',
  venture_assessment: 'How ventures are scored, and the value of an hour.',
  gates: 'Entry and exit criteria of the coordination stage.',
  recursion: 'When reviews and plans are triggered: procedures PORTFOLIO-001, -003 and -004.',
};

function entrySchema(name: ThresholdName) {
  const entry = THRESHOLD_CATALOGUE[name];
  // As the file writes it, so that an editor completes to it; what has no sign or unit is a bare number.
  const written = /^[\d.]+$/.test(entry.defaultText) ? entry.default : entry.defaultText;
  const description = `${entry.description}. Default: ${entry.defaultText}. Read by: ${entry.readBy.join('; ') || 'nothing in this version'}`;
  return quantitySchema(entry, description).prefault(written);
}

const ENTRIES = Object.fromEntries(THRESHOLD_NAMES.map((name) => [name, entrySchema(name)])) as Record<
  ThresholdName,
  ReturnType<typeof entrySchema>
>;

function groupSchema(category: ThresholdCategory) {
  const names = THRESHOLD_NAMES.filter((name) => THRESHOLD_CATALOGUE[name].category === category);
  const shape = Object.fromEntries(names.map((name) => [name, ENTRIES[name]]));
  return z.strictObject(shape).meta({ description: GROUP_DESCRIPTION[category] }).prefault({});
}

const note = (limit: number, description: string) =>
  z.string().trim().min(1, 'is empty; leave the key out').max(limit).meta({ description }).optional();

/** The form of thresholds.yaml; its JSON Schema is generated from this. */
export const thresholdsSchema = z
  .strictObject({
    reason: note(500, 'Why the numbers were changed last; recorded with each change.'),
    changed_by: note(200, 'Who changed the numbers last; recorded with each change.'),
    targets: groupSchema('targets'),
    alerts: groupSchema('alerts'),
    venture_assessment: groupSchema('venture_assessment'),
    gates: groupSchema('gates'),
    recursion: groupSchema('recursion'),
  })
  .meta({ title: 'Thresholds', description: 'Every number that a query, rule, panel, gate or action compares with.' });

/**
 * Reads thresholds.yaml; a key left out takes its default.
 * @throws {ConfigError} with every problem at once: syntax, unknown and misplaced keys, badly written and out of range
 *   values, and contradictions between the entries that could be read
 */
export function parseThresholds(text: string, file: string): ThresholdsFile {
  const { raw, value, problems, problemAt } = inspectYamlOnce(text, file, thresholdsSchema);
  const values = raw === undefined ? {} : readEntries(raw);
  const contradictions = findContradictions(values).map(({ names, message }): Problem => {
    const written = names.find((name) => writtenEntry(raw, name) !== undefined);
    return problemAt(written === undefined ? [] : [THRESHOLD_CATALOGUE[written].category, written], message);
  });
  if (value === undefined || contradictions.length > 0) {
    throw new ConfigError(sortProblems([...problems, ...contradictions]));
  }
  return {
    values: values as Thresholds,
    reason: value.reason ?? null,
    changedBy: value.changed_by ?? null,
  };
}

/** The entries that can be read, so that contradictions among them are found although others are wrong. */
function readEntries(raw: unknown): Partial<Thresholds> {
  const values: Partial<Record<ThresholdName, number>> = {};
  for (const name of THRESHOLD_NAMES) {
    const result = ENTRIES[name].safeParse(writtenEntry(raw, name));
    if (result.success) {
      values[name] = result.data;
    }
  }
  return values;
}

function writtenEntry(raw: unknown, name: ThresholdName): unknown {
  return member(member(raw, THRESHOLD_CATALOGUE[name].category), name);
}

function member(parent: unknown, key: string): unknown {
  return typeof parent === 'object' && parent !== null ? (parent as Readonly<Record<string, unknown>>)[key] : undefined;
}
