import type { ClientBase } from 'pg';
import { applyRepeatables } from './applyRepeatables.js';
import { applyStatements } from './applyStatements.js';
import { applyJobEngine, pendingJobEngine } from './jobEngine.js';
import { recordApplied } from './migrationRecord.js';
import { type Repeatable, withNeeded } from './repeatables.js';
import { planSchema, type SchemaFiles, type SchemaPlan, stepsOf } from './schemaPlan.js';
import { sqlNames } from './sqlNames.js';

/**
 * Does what the plan says, in the transaction that is open: the migrations, each behind the views and functions that it names
 * and that are not there yet; then those of the job engine; then what is no longer wanted, and every view and function that changed or that a migration
 * dropped. Returns the names of what was done.
 *
 * @throws MigrationError with file and line
 */
export async function applyPlan(
  client: ClientBase,
  plan: SchemaPlan,
  files: SchemaFiles,
  info: (message: string) => void,
): Promise<string[]> {
  const { repeatables } = files;
  const early = new Set<Repeatable>();
  const isThere = new Set(plan.applied.filter(({ exists }) => exists).map(({ name }) => name));
  for (const { file, statements } of plan.migrations) {
    const names = new Set(statements.flatMap(({ tree }) => [...sqlNames(tree)]));
    const first = withNeeded(repeatables, names).filter((one) => !early.has(one) && !isThere.has(one.file.name));
    await applyRepeatables(client, first, { all: first, removed: [] });
    for (const one of first) early.add(one);
    info(`applying ${file.name}`);
    await applyStatements(client, file, statements);
    await recordApplied(client, file, { kind: null, object: null });
  }
  const jobEngine = await pendingJobEngine(client, files.jobEngine);
  if (jobEngine.length > 0) info('applying the migrations of the job engine');
  await applyJobEngine(client, jobEngine);
  const late = plan.migrations.length === 0 ? plan : await planSchema(client, files);
  await applyRepeatables(client, late.repeatables, { all: repeatables, removed: late.removed });
  return stepsOf({ ...plan, jobEngine, removed: late.removed, repeatables: [...early, ...late.repeatables] });
}
