import { basename } from 'node:path';
import type { ClientBase } from 'pg';
import { inTransaction } from '../../database/transaction.js';
import { findImpure } from './findImpure.js';
import { impureSource } from '../run/freshness.js';
import { KpiResultError } from '../unit/unit.js';
import { onChangeProblems } from './onChangeProblems.js';
import { placeInFile } from '../unit/placeInFile.js';
import type { KpiUnit } from '../unit/unit.js';

/** A function, a view or a trigger that somebody replaces is noticed after this time, on a connection that lives as long. */
const RECHECK_MS = 5 * 60_000;

interface Checked {
  readonly atMs: number;
  readonly warnings: readonly string[];
}

const checked = new WeakMap<ClientBase, WeakMap<KpiUnit, Checked>>();

/**
 * What of a unit only the server can tell, asked once for each connection and again every few minutes: that its SQL calls
 * nothing volatile, nor does the source of its freshness, and that somebody tells of its `on_change` tables. Gives warnings about the tables; throws
 * {@link KpiResultError} where a number would not be what it says.
 */
export async function checkOnServer(client: ClientBase, unit: KpiUnit): Promise<readonly string[]> {
  const ofClient = checked.get(client) ?? new WeakMap<KpiUnit, Checked>();
  checked.set(client, ofClient);
  const before = ofClient.get(unit);
  if (before !== undefined && performance.now() - before.atMs < RECHECK_MS) return before.warnings;
  const { impure, impureFreshness, unheard } = await inTransaction(client, { access: 'READ ONLY' }, async () => ({
    impure: await impureCalls(client, unit),
    impureFreshness: await impureSource(client, unit),
    unheard: await onChangeProblems(client, unit.onChange),
  }));
  const place = basename(unit.sqlFile);
  const refused = [
    ...impure.map(({ line, column, message }) => `${place}:${line}:${column}: ${message}`),
    ...impureFreshness.map((message) => `freshness: ${message}`),
  ];
  if (refused.length > 0) throw new KpiResultError(refused.join('; '));
  // Of changes that are told in part `check` tells: whoever made such a trigger may have meant it.
  const warnings = unheard.filter(({ isPartial }) => !isPartial).map(({ message }) => `on_change: ${message}`);
  ofClient.set(unit, { atMs: performance.now(), warnings });
  return warnings;
}

/** What findImpure finds, each at its place of the unit's SQL file. */
export async function impureCalls(
  client: ClientBase,
  unit: KpiUnit,
): Promise<{ line: number; column: number; message: string }[]> {
  const bytes = Buffer.from(unit.sql, 'utf8');
  const findings = await findImpure(client, unit.sql);
  return findings.map(({ offset, message }) => ({
    ...placeInFile(unit, bytes.toString('utf8', 0, offset)),
    message,
  }));
}
