import type { ClientBase } from 'pg';
import { z } from 'zod';
import { clientTimeout, SERVER_TIMEOUT_MARGIN_MS } from '../database/clientTimeout.js';
import { STATEMENT_TIMEOUT_MS } from '../database/transaction.js';
import { parameterValue } from '../kpi/unit/kpiInput.js';
import type { KpiInput } from '../kpi/unit/kpiInput.js';
import { shippedSql } from '../kpi/unit/shippedSql.js';

/** A parameter that KPIs do not have, with its SQL type. */
export interface ExtraParameter {
  readonly type: 'timestamptz' | 'uuid';
  readonly value: string;
}

/** pg gives numeric and int8 as text. */
export const numeric = z.coerce.number();
/** The same, where it may be unknown. */
export const numericOrNull = z.union([z.null(), numeric]);

/**
 * The rows of `sql/analyses/<name>.sql`, each through the schema. Throws pg errors, and ZodError where file and schema disagree.
 */
export async function analysisRows<S extends z.ZodType>(
  client: ClientBase,
  name: string,
  row: S,
  input: KpiInput,
  extra: Readonly<Record<string, ExtraParameter>> = {},
): Promise<z.output<S>[]> {
  const types = new Map(Object.entries(extra).map(([key, { type }]) => [key, type]));
  const { text, parameters } = await shippedSql(`analyses/${name}`, types);
  const values = parameters.map((parameter) => extra[parameter]?.value ?? parameterValue(parameter, input));
  const limit = STATEMENT_TIMEOUT_MS + SERVER_TIMEOUT_MARGIN_MS;
  const { rows } = await client.query<Record<string, unknown>>(clientTimeout({ text, values }, limit));
  return z.array(row).parse(rows);
}
