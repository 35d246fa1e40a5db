/** A quarter: longer than that nobody plans turns. */
const MAX_WEEKS = 12;

/**
 * Turns for demands that are together more than there is: in each week as much as there is, to each at most its demand, one after
 * another around the circle of all demands, so that over the weeks each has about the same part of its demand; exactly the same
 * where a cycle ends within twelve weeks. Whole numbers; one array a week, in the order of the demands.
 */
export function timeShares(demands: readonly number[], available: number): number[][] {
  const circle = demands.reduce((total, demand) => total + demand, 0);
  const room = Math.max(0, Math.min(available, circle));
  const cycle = room === 0 ? 1 : circle / greatestCommonDivisor(room, circle);
  return Array.from({ length: Math.min(cycle, MAX_WEEKS) }, (_, week) => {
    const from = circle === 0 ? 0 : (week * room) % circle;
    let start = 0;
    return demands.map((demand) => {
      const begins = start;
      start += demand;
      // The week's piece of the circle, and what of it has gone around the end.
      return overlap(begins, start, from, from + room) + overlap(begins, start, from - circle, from + room - circle);
    });
  });
}

function overlap(a: number, b: number, from: number, to: number): number {
  return Math.max(0, Math.min(b, to) - Math.max(a, from));
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
