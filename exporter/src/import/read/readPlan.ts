import { z } from 'zod';
import { FileReadError, describeFileReadError, readTextFile } from '../../yaml/readTextFile.js';
import { readYamlDocument } from '../../yaml/yamlDocument.js';
import type { YamlPath } from '../../yaml/yamlLocator.js';
import type { Cell } from '../cells/readCell.js';
import { ImportError } from '../importError.js';
import type { ImportTable } from '../tables/importTable.js';
import {
  COORDINATION_PLANS,
  INITIATIVE_MILESTONES,
  INITIATIVE_VENTURES,
  SYNERGY_INITIATIVES,
} from '../tables/synergyTables.js';
import type { Source, SourceRow } from './source.js';

const text = z.string().trim().min(1, { error: 'must not be empty' });
const measure = z.union([z.string(), z.number()], { error: 'expected a text or a number' }).optional();

/** The coordination plan template. Source: procedure, step 4. */
const planSchema = z.strictObject({
  initiative_id: text,
  name: text,
  ventures: z.array(text).min(1, { error: 'a plan needs ventures' }),
  owner: text.optional(),
  owner_email: text.optional(),
  value_proposition: text.optional(),
  implementation: z
    .array(z.strictObject({ milestone: text, owner: text.optional(), owner_email: text.optional(), deadline: text }))
    .default([]),
  success_metrics: z.array(z.strictObject({ metric: text, baseline: measure, target: measure })).default([]),
});

/** The rows of one table that a plan brings. */
export interface PlanPart {
  readonly table: ImportTable;
  readonly source: Source;
}

/**
 * The initiative of a coordination plan, its ventures, its milestones and the plan itself, in the order in which each names the one
 * before.
 * @throws {ConfigError} with every problem of the file at once
 * @throws {ImportError} where it cannot be read
 */
export function readPlan(file: string): PlanPart[] {
  const { value: plan, problemAt } = readYamlDocument(textOf(file), file, planSchema);
  const row = (path: YamlPath, ...cells: Cell[]): SourceRow => ({ line: problemAt(path, '').line, cells });
  const { initiative_id: code, name, owner = null, owner_email: email = null } = plan;
  const mailed = plan.implementation.some(({ owner_email: at }) => at !== undefined);
  return [
    part(
      SYNERGY_INITIATIVES,
      ['code', 'name', ...(owner === null ? [] : ['owner_name']), ...(email === null ? [] : ['owner_email'])],
      [row(['initiative_id'], code, name, ...[owner, email].filter((one) => one !== null))],
    ),
    part(
      INITIATIVE_VENTURES,
      ['initiative', 'venture'],
      plan.ventures.map((venture, index) => row(['ventures', index], code, venture)),
    ),
    part(
      INITIATIVE_MILESTONES,
      ['initiative', 'name', 'deadline', 'owner_name', ...(mailed ? ['owner_email'] : [])],
      plan.implementation.map(({ milestone, deadline, owner: by = null, owner_email: at = null }, index) =>
        row(['implementation', index, 'milestone'], code, milestone, deadline, by, ...(mailed ? [at] : [])),
      ),
    ),
    part(
      COORDINATION_PLANS,
      ['name', 'value_proposition', 'success_metrics', 'owner_name'],
      [row(['name'], name, plan.value_proposition ?? null, JSON.stringify(plan.success_metrics), owner)],
    ),
  ]
    .filter(({ rows }) => rows.length > 0)
    .map(({ table, headers, rows }) => ({ table, source: { headers, headerLine: 1, rows: asynchronous(rows) } }));
}

function part(table: ImportTable, headers: readonly string[], rows: readonly SourceRow[]) {
  return { table, headers, rows };
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* asynchronous(rows: readonly SourceRow[]): AsyncGenerator<SourceRow> {
  yield* rows;
}

function textOf(file: string): string {
  try {
    return readTextFile(file);
  } catch (error) {
    if (error instanceof FileReadError)
      throw new ImportError(`${file}: ${describeFileReadError(error)}`, { cause: error });
    throw error;
  }
}
