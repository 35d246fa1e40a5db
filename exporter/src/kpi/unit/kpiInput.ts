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
