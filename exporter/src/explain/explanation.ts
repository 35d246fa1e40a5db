import { ExplainedError } from '../yaml/explainedError.js';
import type { MetricUnit } from '../format/metricUnit.js';
import type { ExplainedMetric } from './explainUnit.js';

/**
 * How a part stands in a comparison: on both sides, only now, only then, or on one of them unknown: active and without a
 * number now (silent), or then (returned). Where nothing is compared a part has stayed, or is silent.
 */
export const PART_GROUPS = ['stayed', 'joined', 'returned', 'left', 'silent'] as const;
export type PartGroup = (typeof PART_GROUPS)[number];

/** One part of a metric at one moment, as `sql/explain/<kpi>.sql` yields it. */
export interface Part {
  readonly id: string;
  /** As people call it; from a row, so hostile until it is escaped for where it goes. */
  readonly name: string;
  /** What of the part: `revenue` and `burn` of a profit; null where it is the part as a whole. */
  readonly component: string | null;
  /** How it stands in a comparison that the metric itself makes (an improvement); null where it makes none. */
  readonly group: PartGroup | null;
  /** null: not known, because who is asked is silent. */
  readonly numerator: number | null;
  /** null or 0: the part adds nothing to the denominator of a ratio. */
  readonly denominator: number | null;
}

/** Numerator and denominator of a part at one moment; null where it is not there. In what the SQL counts: dollars, hours, seconds, rows. */
export type Terms = Pick<Part, 'numerator' | 'denominator'>;

/** What a part adds to a value, or to its change. */
export interface Contribution {
  readonly id: string;
  readonly name: string;
  readonly component: string | null;
  readonly group: PartGroup;
  readonly now: Terms | null;
  /** Always null where nothing is compared. */
  readonly then: Terms | null;
  /** In the unit of the metric; all of them add up to the value or the change. null: there is nothing to add up to. */
  readonly amount: number | null;
  /** Of the whole, 1 is all of it; below 0 where it works against the whole. null where the whole is 0. */
  readonly share: number | null;
}

/** What all parts of a group add. */
export interface GroupTotal {
  readonly group: PartGroup;
  readonly parts: number;
  readonly amount: number | null;
  readonly share: number | null;
}

/** One series of the metric (one label set) and what it is made of. */
export interface SeriesExplanation {
  readonly labels: Readonly<Record<string, string>>;
  /** The KPI run's own value; null where it has no sample. */
  readonly value: number | null;
  /** The same on the day compared with; null also where nothing is compared. */
  readonly then: number | null;
  /** value - then. */
  readonly change: number | null;
  /** change / |then|; null where that is 0. */
  readonly relativeChange: number | null;
  /** The largest first, by size. */
  readonly contributions: readonly Contribution[];
  /** Those that have a part, in the order of PART_GROUPS. */
  readonly groups: readonly GroupTotal[];
}

/** What a metric is made of on a day, or what its change from another day is made of. */
export interface MetricExplanation extends ExplainedMetric {
  readonly metric: string;
  readonly kpi: string;
  readonly help: string;
  readonly unit: MetricUnit;
  /** `YYYY-MM-DD`. */
  readonly asOf: string;
  /** The day compared with; null where nothing is. */
  readonly against: string | null;
  /** Whether one of the days is past and the rows keep no earlier state of something that the metric reads. */
  readonly isApproximate: boolean;
  readonly series: readonly SeriesExplanation[];
}

/** A metric that cannot be explained: there is none of that name, it has no parts, or the parts do not add up to it. */
export class ExplanationError extends ExplainedError {
  override readonly name = 'ExplanationError';
}
