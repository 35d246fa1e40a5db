import { z } from 'zod';
import type { QuantityUnit } from './quantity.js';
import { EXPECTED_QUANTITY, formatQuantity, parseQuantity, QUANTITY_PATTERN, QuantityError } from './quantity.js';

export interface QuantityLimits {
  readonly unit: QuantityUnit;
  /** Inclusive, in base units. */
  readonly min: number;
  /** Inclusive, in base units; null: no upper limit. */
  readonly max: number | null;
  readonly integer?: boolean;
  /** The range as errors and editors show it; made from min and max when left out. */
  readonly rangeText?: string;
}

/**
 * The zod schema of one quantity as people write it; its output is the number in base units. In the JSON Schema a bare
 * number is checked by range and a text by pattern; the range of a text stands in the description, because a pattern
 * cannot compare.
 */
export function quantitySchema(limits: QuantityLimits, description: string) {
  const rangeText = limits.rangeText ?? describeRange(limits);
  return z
    .unknown()
    .transform((raw, context) => {
      const result = readQuantity(raw, limits, rangeText);
      if (typeof result === 'number') {
        return result;
      }
      context.issues.push({ code: 'custom', message: result.problem, input: raw });
      return z.NEVER;
    })
    .meta({ description: `${description}. Range: ${rangeText}.`, anyOf: jsonSchemas(limits) });
}

function readQuantity(raw: unknown, limits: QuantityLimits, rangeText: string): number | { problem: string } {
  if (typeof raw !== 'string' && typeof raw !== 'number') {
    return { problem: `${raw === undefined ? 'is missing; ' : ''}expected ${EXPECTED_QUANTITY[limits.unit]}` };
  }
  let value: number;
  try {
    value = parseQuantity(raw, limits.unit);
  } catch (error) {
    if (error instanceof QuantityError) {
      return { problem: error.message };
    }
    throw error;
  }
  if (limits.integer === true && !Number.isInteger(value)) {
    return { problem: `${raw} is not a whole number` };
  }
  if (value < limits.min || (limits.max !== null && value > limits.max)) {
    return { problem: `${raw} is out of range: ${rangeText}` };
  }
  return value;
}

function describeRange({ unit, min, max }: QuantityLimits): string {
  if (max === null) {
    return min === 0 ? 'not negative' : `at least ${formatQuantity(min, unit)}`;
  }
  return `${formatQuantity(min, unit)} - ${formatQuantity(max, unit)}`;
}

function jsonSchemas({ unit, min, max, integer }: QuantityLimits): object[] {
  const text = { type: 'string', pattern: `^${QUANTITY_PATTERN[unit]}$` };
  if (unit === 'seconds') {
    return [text];
  }
  const greatest = unit === 'ratio' ? Math.min(1, max ?? 1) : max;
  const number = {
    type: integer === true ? 'integer' : 'number',
    minimum: min,
    ...(greatest === null ? {} : { maximum: greatest }),
  };
  return [text, number];
}

export interface DurationLimits {
  /** As written, `1s`. */
  readonly min: string;
  /** As written, `24d`. */
  readonly max: string;
}

/** A duration such as `30s` or `24h`; its output is in seconds. */
export function durationSeconds({ min, max }: DurationLimits, description: string) {
  const limits = {
    unit: 'seconds',
    min: parseQuantity(min, 'seconds'),
    max: parseQuantity(max, 'seconds'),
    rangeText: `${min} - ${max}`,
  } as const;
  return quantitySchema(limits, description);
}

/** A duration such as `500ms` or `10s`; its output is in milliseconds. */
export function durationMs(limits: DurationLimits, description: string) {
  return durationSeconds(limits, description).transform((value) => Math.round(value * 1_000));
}
