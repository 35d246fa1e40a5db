import { compileSql } from './compileSql.js';
import type { CompiledSql } from './compileSql.js';
import { readReferences } from './readReferences.js';
import type { SqlReferences } from './sqlReferences.js';

/** What PostgreSQL's grammar is needed for while the exporter runs; as JSON it is all that the answer depends on but the code of this directory. */
export type GrammarTask =
  | { readonly compile: string; readonly types: readonly (readonly [name: string, type: string])[] }
  | { readonly references: string; readonly language: string };

export type GrammarResult<T extends GrammarTask> = T extends { readonly compile: string } ? CompiledSql : SqlReferences;

/** Does it here and now, with the grammar loaded into this thread for good. Throws SqlError for what cannot be compiled. */
export async function runGrammarTask<T extends GrammarTask>(task: T): Promise<GrammarResult<T>>;
export async function runGrammarTask(task: GrammarTask): Promise<CompiledSql | SqlReferences> {
  return 'compile' in task
    ? compileSql(task.compile, new Map(task.types))
    : readReferences(task.language, task.references);
}
