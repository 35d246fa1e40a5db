import type { MetricKind } from './explainUnit.js';
import { PART_GROUPS } from './explanation.js';
import type { Contribution, GroupTotal, Part, PartGroup, Terms } from './explanation.js';

/** What each part adds to the value of one moment; the amounts add up to the sum, or to the ratio of the sums. */
export function shareOut(kind: MetricKind, parts: readonly Part[]): Contribution[] {
  const { ratio, over } = totals(kind, parts);
  return parts.map((part): Contribution => {
    const amount = ratio === null || part.numerator === null ? null : part.numerator / over;
    return {
      ...identity(part),
      group: part.group ?? (part.numerator === null ? 'silent' : 'stayed'),
      now: terms(part),
      then: null,
      amount,
      share: shareOf(amount, ratio),
    };
  });
}

/**
 * What each part adds to the change between two moments. Of a sum: now less then. Of a ratio R = N / D:
 * ((n1 - R0 d1) - (n0 - R0 d0)) / D1, by how far the part is above or below the old ratio, now less then, over the new
 * denominator; the n0 - R0 d0 add up to 0, so that the whole is R1 - R0. What is not known counts as nothing, as in the KPI.
 */
export function shareOutChange(
  kind: MetricKind,
  nowParts: readonly Part[],
  thenParts: readonly Part[],
): Contribution[] {
  const now = totals(kind, nowParts);
  const then = totals(kind, thenParts);
  const change = now.ratio === null || then.ratio === null ? null : now.ratio - then.ratio;
  const before = new Map(thenParts.map((part) => [keyOf(part), part]));
  const after = new Map(nowParts.map((part) => [keyOf(part), part]));
  const excess = (part: Part | undefined): number => {
    const { numerator, denominator } = part ?? { numerator: 0, denominator: 0 };
    return (numerator ?? 0) - (kind === 'ratio' ? (then.ratio ?? 0) * (denominator ?? 0) : 0);
  };
  return [...new Map([...before, ...after]).entries()].map(([key, known]): Contribution => {
    const [one, other] = [after.get(key), before.get(key)];
    const amount = change === null ? null : (excess(one) - excess(other)) / now.over;
    return {
      ...identity(known),
      group: groupOf(one, other),
      now: one === undefined ? null : terms(one),
      then: other === undefined ? null : terms(other),
      amount,
      share: shareOf(amount, change),
    };
  });
}

/** What the parts of each group add, in the order of PART_GROUPS; a part with several components counts once. */
export function groupTotals(contributions: readonly Contribution[]): GroupTotal[] {
  return PART_GROUPS.flatMap((group): GroupTotal[] => {
    const members = contributions.filter((one) => one.group === group);
    if (members.length === 0) return [];
    return [
      {
        group,
        parts: new Set(members.map(({ id }) => id)).size,
        amount: addUp(members.map(({ amount }) => amount)),
        share: addUp(members.map(({ share }) => share)),
      },
    ];
  });
}

/** null where none of them is known. */
export function addUp(numbers: readonly (number | null)[]): number | null {
  const known = numbers.filter((number) => number !== null);
  return known.length === 0 ? null : known.reduce((sum, number) => sum + number, 0);
}

/** The value that the parts make, and what a numerator is divided by; a sum is divided by 1. */
function totals(kind: MetricKind, parts: readonly Part[]): { ratio: number | null; over: number } {
  const sum = parts.reduce((total, { numerator }) => total + (numerator ?? 0), 0);
  if (kind === 'sum') return { ratio: sum, over: 1 };
  const over = parts.reduce((total, { denominator }) => total + (denominator ?? 0), 0);
  return over === 0 ? { ratio: null, over } : { ratio: sum / over, over };
}

function groupOf(now: Part | undefined, then: Part | undefined): PartGroup {
  if (now === undefined) return then !== undefined && isSilent(then) ? 'silent' : 'left';
  if (isSilent(now)) return 'silent';
  if (then === undefined) return 'joined';
  return isSilent(then) ? 'returned' : 'stayed';
}

function isSilent({ group, numerator }: Part): boolean {
  return group === 'silent' || numerator === null;
}

function keyOf({ id, component }: Part): string {
  return JSON.stringify([id, component]);
}

function identity({ id, name, component }: Part): Pick<Contribution, 'id' | 'name' | 'component'> {
  return { id, name, component };
}

function terms({ numerator, denominator }: Part): Terms {
  return { numerator, denominator };
}

function shareOf(amount: number | null, whole: number | null): number | null {
  return amount === null || whole === null || whole === 0 ? null : amount / whole;
}
