import type { ClientBase } from 'pg';
import type { z } from 'zod';
import { parameterValue } from '../kpi/unit/kpiInput.js';
import type { KpiInput } from '../kpi/unit/kpiInput.js';
import { shippedSql } from '../kpi/unit/shippedSql.js';

/**
 * The rows of `sql/report/<name>.sql` as of the input's day, each through the schema. Throws pg errors, and ZodError where file and
 * schema disagree.
 */
export async function reportQuery<T>(
  client: ClientBase,
  name: string,
  input: KpiInput,
  row: z.ZodType<T>,
): Promise<T[]> {
  const { text, parameters } = await shippedSql(`report/${name}`);
  const values = parameters.map((parameter) => parameterValue(parameter, input));
  const { rows } = await client.query<Record<string, unknown>>(text, values);
  return rows.map((one) => row.parse(one));
}
