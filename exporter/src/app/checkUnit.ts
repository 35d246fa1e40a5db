import { DatabaseError } from 'pg';
import type { ClientBase } from 'pg';
import { readConfigText } from '../config/configSource.js';
import { didYouMean } from '../yaml/didYouMean.js';
import type { Problem } from '../yaml/problem.js';
import { inspectYaml } from '../yaml/yamlDocument.js';
import { inTransaction } from '../database/transaction.js';
import { checkColumns } from '../kpi/check/checkColumns.js';
import type { ColumnProblem } from '../kpi/check/checkColumns.js';
import { impureCalls } from '../kpi/check/checkOnServer.js';
import { explainSqlError } from './explainSqlError.js';
import { freshnessProblems, readFreshness } from '../kpi/run/freshness.js';
import type { KpiInput } from '../kpi/unit/kpiInput.js';
import { KpiResultError } from '../kpi/unit/unit.js';
import { onChangeProblems } from '../kpi/check/onChangeProblems.js';
import { placeInFile } from '../kpi/unit/placeInFile.js';
import { describeKpi } from '../kpi/run/queryKpi.js';
import { resultColumns } from '../kpi/unit/resultColumns.js';
import type { Freshness, KpiUnit } from '../kpi/unit/unit.js';
import { unitSchema } from '../kpi/unit/unitSchema.js';
import { visibleRelations } from '../kpi/check/visibleRelations.js';

const READ_ONLY = { access: 'READ ONLY' } as const;

type ProblemAt = (path: readonly PropertyKey[], message: string) => Problem;

/** What of a unit only the server can tell; nothing of it is run. */
export interface UnitFindings {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * Compares a unit with the database: its SQL with its YAML, whatever its SQL calls, the source of its freshness, and the
 * tables of its on_change. `onChangeAt` places a problem where exporter.yaml overrides the tables, null where it does not.
 */
export async function checkUnit(
  client: ClientBase,
  unit: KpiUnit,
  input: KpiInput,
  onChangeAt: ((message: string) => Problem) | null,
): Promise<UnitFindings> {
  const yamlFile = unit.sqlFile.replace(/\.sql$/, '.yaml');
  const { problemAt } = inspectYaml(readConfigText(yamlFile), yamlFile, unitSchema);
  const inSql = (found: { line: number; column: number; message: string }): Problem => ({
    file: unit.sqlFile,
    path: '',
    ...found,
  });
  const impure = (await inTransaction(client, READ_ONLY, () => impureCalls(client, unit))).map(inSql);
  const columns = await checkQuery(client, unit, input, problemAt, inSql);
  const freshness = await checkFreshness(client, unit, input, problemAt);
  const unheard = await inTransaction(client, READ_ONLY, () => onChangeProblems(client, unit.onChange));
  const onChange = (isPartial: boolean): Problem[] =>
    unheard
      .filter((one) => one.isPartial === isPartial)
      .map(({ table, message }) =>
        onChangeAt === null ? problemAt(['on_change', unit.onChange.indexOf(table)], message) : onChangeAt(message),
      );
  return {
    problems: [...impure, ...columns, ...freshness.problems, ...onChange(false)],
    warnings: [...freshness.warnings, ...onChange(true)],
  };
}

async function checkQuery(
  client: ClientBase,
  unit: KpiUnit,
  input: KpiInput,
  problemAt: ProblemAt,
  inSql: (found: { line: number; column: number; message: string }) => Problem,
): Promise<Problem[]> {
  let fields: Awaited<ReturnType<typeof describeKpi>>;
  try {
    fields = await describeKpi(client, unit, input);
  } catch (error) {
    if (!isAnswer(error)) throw error;
    return [inSql(await inTransaction(client, READ_ONLY, () => explainSqlError(client, unit, error)))];
  }
  const oids = fields.map((field) => field.dataTypeID);
  const names = await inTransaction(client, READ_ONLY, () => typeNames(client, oids));
  const places = await resultColumns(unit.sql);
  const bytes = Buffer.from(unit.sql, 'utf8');
  const locate = ({ column, isReturned, message }: ColumnProblem): Problem =>
    isReturned
      ? inSql({ ...placeInFile(unit, bytes.toString('utf8', 0, places.get(column) ?? 0)), message })
      : problemAt(
          unit.metrics.some(({ name }) => name === column) ? ['metrics', column] : labelPath(unit, column),
          message,
        );
  return checkColumns(unit, fields, (oid) => names.get(oid) ?? `type ${oid}`).map(locate);
}

/** Labels of one metric stand there, those of all at the top. */
function labelPath(unit: KpiUnit, label: string): readonly string[] {
  const bearers = unit.metrics.filter(({ labels }) => labels.includes(label));
  return bearers.length === unit.metrics.length ? ['labels'] : ['metrics', bearers[0]?.name ?? '', 'labels'];
}

async function typeNames(client: ClientBase, oids: readonly number[]): Promise<Map<number, string>> {
  const { rows } = await client.query<{ oid: number; name: string }>(
    'SELECT oid::int, pg_catalog.format_type(oid, NULL) AS name FROM unnest($1::oid[]) AS t (oid)',
    [oids],
  );
  return new Map(rows.map(({ oid, name }) => [oid, name]));
}

async function checkFreshness(
  client: ClientBase,
  unit: KpiUnit,
  input: KpiInput,
  problemAt: ProblemAt,
): Promise<UnitFindings> {
  const { freshness } = unit;
  if (freshness === null) return { problems: [], warnings: [] };
  const path = ['freshness', freshness.kind === 'day' ? 'day' : 'heartbeats'];
  const unknown = await inTransaction(client, READ_ONLY, () => freshnessProblems(client, unit));
  if (unknown.length > 0) return { problems: unknown.map((message) => problemAt(path, message)), warnings: [] };
  try {
    const { warnings } = await inTransaction(client, { access: 'READ ONLY', timeoutMs: unit.timeoutMs }, () =>
      readFreshness(client, unit, input),
    );
    const isNew = warnings.length > 0 && (await isNewSource(client, freshness));
    const misspelt =
      freshness.kind === 'day' ? new Map<string, string>() : await nearSources(client, freshness.sources);
    return {
      problems: [...misspelt].map(([source, near]) =>
        problemAt(path, `source_heartbeats has no row of ${source}; did you mean ${near}?`),
      ),
      warnings: warnings
        .filter(({ source }) => !isNew && !misspelt.has(source))
        .map(({ message }) => problemAt(path, message)),
    };
  } catch (error) {
    if (error instanceof KpiResultError) return { problems: [problemAt(path, error.message)], warnings: [] };
    if (!isAnswer(error)) throw error;
    const message = `cannot be read: ${error.message} (SQLSTATE ${error.code ?? 'unknown'})`;
    return { problems: [problemAt(path, `${message}${await grantFor(client, freshness, error)}`)], warnings: [] };
  }
}

/** Whether nothing was ever written where the age is read, of a writer that may be a table's: a new installation. */
async function isNewSource(client: ClientBase, freshness: Freshness): Promise<boolean> {
  const table = freshness.kind === 'day' ? freshness.table : 'source_heartbeats';
  const { rows } = await client.query<{ empty: boolean }>(`SELECT NOT EXISTS (SELECT FROM ${table}) AS empty`);
  if (rows[0]?.empty !== true || freshness.kind === 'day') return rows[0]?.empty === true;
  const known = await visibleRelations(client);
  return freshness.sources.every((source) => known.includes(source));
}

/** Sources that never sent a heartbeat, bear no table's name, and are nearly the name of one that did or that does. */
async function nearSources(client: ClientBase, sources: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await client.query<{ source: string }>('SELECT source FROM source_heartbeats');
  const known = [...rows.map((row) => row.source), ...(await visibleRelations(client))];
  return new Map(
    sources.flatMap((source) => {
      const near = known.includes(source) ? null : didYouMean(source, known);
      return near === null ? [] : [[source, near] as const];
    }),
  );
}

async function grantFor(client: ClientBase, freshness: Freshness, error: DatabaseError): Promise<string> {
  if (error.code !== '42501') return '';
  const { rows } = await client.query<{ role: string }>('SELECT quote_ident(current_user) AS role');
  const table = freshness.kind === 'day' ? freshness.table : 'source_heartbeats';
  return `; an administrator has to run: GRANT SELECT ON ${table} TO ${rows[0]?.role ?? 'portfolio_exporter'}`;
}

/** The server's word about a statement, not the loss of the session. */
function isAnswer(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && error.severity !== 'FATAL';
}
