import type {
  Cost,
  ExpansionOption,
  PriorityOption,
  Proposal,
  ProposalRules,
  ProposedShare,
  ResourceAllocation,
  ResourceShare,
  SunsetOption,
  TimeSharingOption,
} from './proposal.js';
import { timeShares } from './timeShares.js';

// Shares are counted in hundredths of a percent, which is what an allocation holds: whole numbers add up exactly.
const UNITS = 10_000;

interface Ranked {
  readonly share: ResourceShare;
  /** In hundredths of a percent. */
  readonly units: number;
}

/**
 * How an over-allocated resource could be brought to its limit (operating procedure, step 3): priority ranking by venture score,
 * time-sharing, expansion, merge or sunset, each with what it costs. A pure function; whatever the shares are, the priority and
 * every week of the time-sharing end at or under the limit and nobody is below 0.
 */
export function proposeResolution({ shares, ...resource }: ResourceAllocation, rules: ProposalRules): Proposal {
  const ranked = shares
    .map((share): Ranked => ({ share, units: Math.round(share.share * UNITS) }))
    .toSorted(
      (a, b) =>
        compareScores(b.share, a.share) || b.units - a.units || (a.share.ventureId < b.share.ventureId ? -1 : 1),
    );
  // A limit between two hundredths is reached by the lower one.
  const limit = Math.floor(rules.limit * UNITS + 1e-6);
  const total = sum(ranked.map(({ units }) => units));
  const isOver = total > limit;
  return {
    ...resource,
    total: total / UNITS,
    limit: rules.limit,
    excess: isOver ? (total - limit) / UNITS : 0,
    unscored: ranked.filter(({ share }) => share.score === null).map(({ share }) => share.ventureId),
    priority: isOver ? byPriority(ranked, total - limit, rules) : null,
    timeSharing: isOver ? byTurns(ranked, limit, rules) : null,
    expansion: isOver ? expand(ranked, total, limit, rules) : null,
    sunset: isOver ? sunset(ranked, total, limit, rules) : null,
  };
}

function byPriority(ranked: readonly Ranked[], excess: number, rules: ProposalRules): PriorityOption {
  const cuts = new Map<Ranked, number>();
  let rest = excess;
  for (const tied of tiers(ranked).toReversed()) {
    const held = sum(tied.map(({ units }) => units));
    for (const [index, cut] of inProportion(
      Math.min(rest, held),
      tied.map(({ units }) => units),
    ).entries()) {
      const one = tied[index];
      if (one !== undefined) cuts.set(one, cut);
    }
    rest -= Math.min(rest, held);
  }
  const proposed = ranked.map((one) => propose(one, one.units - (cuts.get(one) ?? 0), rules));
  return {
    shares: proposed,
    total: sum(ranked.map((one) => one.units - (cuts.get(one) ?? 0))) / UNITS,
    cost: addCosts(proposed, rules),
  };
}

function byTurns(ranked: readonly Ranked[], limit: number, rules: ProposalRules): TimeSharingOption {
  const [top = []] = tiers(ranked);
  const topUnits = sum(top.map(({ units }) => units));
  // Where the highest alone fill the limit, nobody could take turns but they.
  const kept = topUnits < limit ? top : [];
  const turning = ranked.filter((one) => !kept.includes(one));
  const weeks = timeShares(
    turning.map(({ units }) => units),
    limit - sum(kept.map(({ units }) => units)),
  );
  const unitsIn = (week: readonly number[], one: Ranked): number =>
    kept.includes(one) ? one.units : (week[turning.indexOf(one)] ?? 0);
  const shares = ranked.map((one) => propose(one, sum(weeks.map((week) => unitsIn(week, one))) / weeks.length, rules));
  return {
    kept: kept.map(({ share }) => share.ventureId),
    weeks: weeks.map((week) =>
      Object.fromEntries(ranked.map((one) => [one.share.ventureId, unitsIn(week, one) / UNITS])),
    ),
    shares,
    cost: addCosts(shares, rules),
  };
}

function expand(ranked: readonly Ranked[], total: number, limit: number, rules: ProposalRules): ExpansionOption | null {
  // Of nothing no multiple is enough.
  if (limit <= 0) return null;
  const more = Math.ceil((total / limit - 1) * UNITS - 1e-6) / UNITS;
  const hours = ranked.map(({ share }) => share.hours);
  const known = hours.every((one) => one !== null);
  // Hours stand for shares: the whole resource has as many as they say of their part of it.
  const whole = known ? (sum(hours) * UNITS) / total : null;
  return { more, cost: costOf(whole === null ? null : whole * more, rules) };
}

function sunset(ranked: readonly Ranked[], total: number, limit: number, rules: ProposalRules): SunsetOption | null {
  const candidates = ranked
    .filter(
      ({ share: { score, recommendation } }) =>
        recommendation === 'Sunset' || (score !== null && score < rules.minViableScore),
    )
    .toReversed();
  if (candidates.length === 0) return null;
  const left = total - sum(candidates.map(({ units }) => units));
  return {
    candidates: candidates.map(({ share: { ventureId, venture, score, share } }) => ({
      ventureId,
      venture,
      score,
      share,
    })),
    total: left / UNITS,
    reachesLimit: left <= limit,
  };
}

/** Without a score a venture ranks below every score: nothing is known that would speak for it. */
function compareScores(a: ResourceShare, b: ResourceShare): number {
  return (a.score ?? Number.NEGATIVE_INFINITY) === (b.score ?? Number.NEGATIVE_INFINITY)
    ? 0
    : (a.score ?? Number.NEGATIVE_INFINITY) - (b.score ?? Number.NEGATIVE_INFINITY);
}

/** Those of equal score together, the highest first. */
function tiers(ranked: readonly Ranked[]): Ranked[][] {
  const found: Ranked[][] = [];
  for (const one of ranked) {
    const last = found.at(-1);
    if (last?.[0] !== undefined && compareScores(last[0].share, one.share) === 0) last.push(one);
    else found.push([one]);
  }
  return found;
}

/** Whole parts of a whole, in proportion to the weights and never more than one; what rounding leaves goes to the largest remainders. */
function inProportion(whole: number, weights: readonly number[]): number[] {
  const total = sum(weights);
  if (total === 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (whole * weight) / total);
  const parts = exact.map(Math.floor);
  const byRemainder = exact
    .map((part, index) => ({ index, remainder: part - Math.floor(part) }))
    .toSorted((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, whole - sum(parts))) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}

function propose({ share, units }: Ranked, proposed: number, rules: ProposalRules): ProposedShare {
  const { ventureId, venture, score, hours } = share;
  const cut = units - proposed;
  // Nothing less costs nothing, also where nobody knows the hours.
  const lost = cut === 0 ? 0 : hours === null ? null : (hours * cut) / units;
  return {
    ventureId,
    venture,
    score,
    share: units / UNITS,
    proposed: proposed / UNITS,
    cut: cut / UNITS,
    cost: costOf(lost, rules),
  };
}

function addCosts(shares: readonly ProposedShare[], rules: ProposalRules): Cost {
  const hours = shares.map(({ cost }) => cost.hours);
  return costOf(hours.every((one) => one !== null) ? sum(hours) : null, rules);
}

function costOf(hours: number | null, { hourlyRate }: ProposalRules): Cost {
  return { hours, dollars: hours === null ? null : hours * hourlyRate };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
