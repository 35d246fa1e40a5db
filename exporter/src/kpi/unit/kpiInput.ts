import { THRESHOLD_NAMES } from '../../config/thresholdCatalogue.js';
import type { Thresholds } from '../../config/thresholdCatalogue.js';
import type { Moment } from './moment.js';

/** What a KPI's parameters are taken from besides the moment; base units. */
export interface KpiSettings {
  /** IANA name. */
  readonly timeZone: string;
  readonly carryForwardDays: number;
  readonly thresholds: Thresholds;
}

/** The moment and the numbers a KPI is computed for. */
export interface KpiInput extends Moment, KpiSettings {}

/** SQL types of the parameters that are not thresholds; every threshold is `numeric` in base units. */
export const BUILT_IN_PARAMETERS: ReadonlyMap<string, string> = new Map([
  ['as_of', 'date'],
  ['now', 'timestamptz'],
  ['time_zone', 'text'],
  ['carry_forward_days', 'integer'],
]);

/** SQL type of every parameter by name. */
export const PARAMETER_TYPES: ReadonlyMap<string, string> = new Map([
  ...BUILT_IN_PARAMETERS,
  ...THRESHOLD_NAMES.map((name) => [name, 'numeric'] as const),
]);

/** What is sent for a parameter. Throws RangeError for a name that is none. */
export function parameterValue(name: string, input: KpiInput): string | number {
  switch (name) {
    case 'as_of':
      return input.asOf;
    case 'now':
      return input.now.toISOString();
    case 'time_zone':
      return input.timeZone;
    case 'carry_forward_days':
      return input.carryForwardDays;
    default: {
      const threshold = THRESHOLD_NAMES.find((one) => one === name);
      if (threshold === undefined) throw new RangeError(`no parameter :${name}`);
      return input.thresholds[threshold];
    }
  }
}
