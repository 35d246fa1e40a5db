/** A venture's share of the resource, as the allocation says. */
export interface ResourceShare {
  readonly ventureId: string;
  /** From a row: hostile until it is escaped for where it goes. */
  readonly venture: string;
  /** Of the resource: 1 is all of it. Not negative. */
  readonly share: number;
  /** Hours per 30 days that the share stands for; null: not measured in hours. */
  readonly hours: number | null;
  /** Weighted score of the newest assessment, 0 to 5; null: not assessed. */
  readonly score: number | null;
  /** What that assessment says: Continue, Pivot or Sunset; null: nothing. */
  readonly recommendation: string | null;
}

/** One resource and who has how much of it. */
export interface ResourceAllocation {
  readonly resourceId: string;
  /** From a row, as `venture`. */
  readonly resource: string;
  /** people, budget, infrastructure. */
  readonly resourceType: string;
  /** Each venture once. */
  readonly shares: readonly ResourceShare[];
}

/** What a proposal goes by. */
export interface ProposalRules {
  /** conflict_over_allocation_threshold + over_allocation_tolerance: 1 is all of the resource. */
  readonly limit: number;
  /** Dollars an hour. */
  readonly hourlyRate: number;
  /** min_viable_score: a venture under it may be merged or sunset. */
  readonly minViableScore: number;
}

/** Per 30 days; null: not known, because a share that it is about has no hours. */
export interface Cost {
  readonly hours: number | null;
  /** Hours at the hourly rate. */
  readonly dollars: number | null;
}

/** What a venture has and would have. */
export interface ProposedShare {
  readonly ventureId: string;
  readonly venture: string;
  readonly score: number | null;
  readonly share: number;
  /** Not negative; of a priority in whole hundredths of a percent, as allocations are. */
  readonly proposed: number;
  /** share - proposed. */
  readonly cut: number;
  /** What the venture does without. */
  readonly cost: Cost;
}

/** Cuts by the ranking of the ventures: the lowest score gives first, the highest last; equal scores give alike. */
export interface PriorityOption {
  /** The highest score first, those without one last. */
  readonly shares: readonly ProposedShare[];
  /** At or under the limit. */
  readonly total: number;
  readonly cost: Cost;
}

/** Turns: in each week the shares are at or under the limit; who has the highest score keeps its own every week where it fits. */
export interface TimeSharingOption {
  /** Ventures that keep their share in every week. */
  readonly kept: readonly string[];
  /** One entry a week: share by venture id; then the first week comes again. */
  readonly weeks: readonly Readonly<Record<string, number>>[];
  /** Mean of the weeks, in the order of PriorityOption.shares. */
  readonly shares: readonly ProposedShare[];
  readonly cost: Cost;
}

/** More of the resource, so that nobody gives anything. */
export interface ExpansionOption {
  /** How much more of the resource is needed, in what it is today: 0.05 is 5% more. */
  readonly more: number;
  readonly cost: Cost;
}

/** Ventures that could be merged or sunset; a decision about the venture, not about the resource. */
export interface SunsetOption {
  /** Under min_viable_score, or with the recommendation Sunset; the lowest score first. */
  readonly candidates: readonly {
    readonly ventureId: string;
    readonly venture: string;
    readonly score: number | null;
    readonly share: number;
  }[];
  /** What is given away when all of them are gone. */
  readonly total: number;
  readonly reachesLimit: boolean;
}

/** How the over-allocation of a resource could end; shares are of the resource, 1 is all of it. */
export interface Proposal {
  readonly resourceId: string;
  readonly resource: string;
  readonly resourceType: string;
  readonly total: number;
  readonly limit: number;
  /** total - limit; 0 at or under it, and then there are no options. */
  readonly excess: number;
  /** Ventures without a score: they rank last and give first. Assess them before the proposal is accepted. */
  readonly unscored: readonly string[];
  /** null: nothing is over the limit. */
  readonly priority: PriorityOption | null;
  readonly timeSharing: TimeSharingOption | null;
  readonly expansion: ExpansionOption | null;
  /** null also where no venture could be. */
  readonly sunset: SunsetOption | null;
}
