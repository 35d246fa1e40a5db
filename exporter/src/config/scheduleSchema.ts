import { validateDetailed } from 'node-cron';
import { z } from 'zod';
import { durationMs } from './quantitySchema.js';

/** When a KPI runs: at the times of a cron expression in the configured time zone, or every so many milliseconds. */
export type Schedule =
  { readonly kind: 'cron'; readonly expression: string } | { readonly kind: 'every'; readonly intervalMs: number };

const cron = z
  .string()
  .transform((raw, context) => {
    const expression = raw.trim();
    const { valid, errors } = validateDetailed(expression);
    if (!valid) {
      const reason = [...new Set(errors.map((error) => error.message))].join('; ');
      context.issues.push({ code: 'custom', message: `"${raw}" is not a cron expression: ${reason}`, input: raw });
      return z.NEVER;
    }
    return expression;
  })
  .meta({
    description:
      'Cron expression of five fields, or six with seconds first, in the configured time zone, such as "5 * * * *".',
  });

// Timers count milliseconds in 31 bits: beyond 24.8 days they would fire at once.
const every = durationMs(
  { min: '1s', max: '24d' },
  'Time from one run to the next, such as 30s; longer ones need cron',
);

/** `{cron: "5 * * * *"}` or `{every: 30s}`, exactly one of the two. */
export const scheduleSchema = z
  .strictObject({ cron: cron.optional(), every: every.optional() })
  .transform((raw, context): Schedule => {
    if (raw.cron !== undefined && raw.every === undefined) {
      return { kind: 'cron', expression: raw.cron };
    }
    if (raw.every !== undefined && raw.cron === undefined) {
      return { kind: 'every', intervalMs: raw.every };
    }
    context.issues.push({ code: 'custom', message: 'give either cron or every, one of them', input: raw });
    return z.NEVER;
  })
  .meta({
    description: 'When the KPI runs: cron or every.',
    oneOf: [{ required: ['cron'] }, { required: ['every'] }],
  });
