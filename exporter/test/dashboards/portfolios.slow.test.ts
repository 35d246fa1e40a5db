import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAlertingBinaries } from '../support/alerting/binaries.js';
import type { Prometheus } from '../support/alerting/startPrometheus.js';
import { PROM_QUERIES } from './panelQueries.js';
import { startPortfolioStack } from './portfolioStack.js';
import type { PortfolioStack } from './portfolioStack.js';
import { expandPromql } from './promqlNames.js';

const binaries = findAlertingBinaries();

/** A Prometheus, and how Grafana writes a query to it. */
interface Side {
  readonly prometheus: Prometheus;
  readonly expand: (expr: string) => string;
}

/** By the labels of each series, without the one that is chosen. */
type Answer = ReadonlyMap<string, number>;
const NONE: Answer = new Map();

async function ask({ prometheus, expand }: Side, expr: string): Promise<Answer> {
  const samples = await prometheus.query(expand(expr));
  return new Map(
    samples
      // Each Prometheus scrapes itself at an address of its own.
      .filter(({ labels }) => labels['job'] !== 'prometheus')
      .map(({ labels, value }) => {
        // `age` is the clock in words; a silence is for the alert's portfolio.
        const own = Object.entries(labels)
          .filter(([label]) => label !== 'portfolio' && label !== 'age')
          // Of several that are equally old any is named.
          .map(([label, text]) => [label, text.replace(/%2Cportfolio%3D%22\w*%22|^.*(?= and others$)/, '')]);
        return [JSON.stringify(own.toSorted()), value];
      }),
  );
}

/**
 * Equal, but for rates and shares of what was evaluated, which no two servers see alike, and for what goes on with the clock:
 * two servers scrape and evaluate at other moments, up to 30 s apart.
 * @param before what was wanted `seconds` ago
 */
function isSame(given: Answer, wanted: Answer, before: Answer, seconds: number, expr: string): boolean {
  if (given.size !== wanted.size) return false;
  return [...wanted].every(([series, value]) => {
    const other = given.get(series);
    if (other === undefined || /\b(?:rate|increase|avg_over_time)\(|:ratio_30d\b/.test(expr))
      return other !== undefined;
    const slope = Math.abs(value - (before.get(series) ?? value)) / seconds;
    return Object.is(other, value) || Math.abs(other - value) <= 30 * slope;
  });
}

describe.skipIf(binaries === null)('on a Prometheus that scrapes two portfolios', () => {
  let stack: PortfolioStack;

  beforeAll(async () => {
    if (binaries === null) return;
    stack = await startPortfolioStack(binaries);
  }, 900_000);

  afterAll(() => stack.stop());

  const joint = (portfolio: string): Side => ({
    prometheus: stack.joint,
    expand: (expr) => expandPromql(expr, portfolio),
  });
  const alone = (portfolio: string): Side => {
    const prometheus = stack.alone.get(portfolio);
    if (prometheus === undefined) throw new Error(`no ${portfolio}`);
    return { prometheus, expand: expandPromql };
  };

  const answersOf = async (side: Side): Promise<Answer[]> => {
    const answers = [];
    for (const { expr } of PROM_QUERIES) answers.push(await ask(side, expr));
    return answers;
  };
  /** Tried again for a while, because a rule has its turn once a minute. */
  const expectSame = async (given: Side, wanted: Side): Promise<void> => {
    const beganAt = performance.now();
    let wrong: Record<string, string>;
    // Compared with the round before: what has begun since the first (an alert that fires by now) goes on with the clock too.
    let [before, askedAt] = [await answersOf(wanted), performance.now()];
    do {
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      wrong = {};
      const [is, was] = [await answersOf(given), await answersOf(wanted)];
      const seconds = (performance.now() - askedAt) / 1_000;
      for (const [index, { name, expr }] of PROM_QUERIES.entries()) {
        const [one = NONE, other = NONE] = [is[index], was[index]];
        if (!isSame(one, other, before[index] ?? NONE, seconds, expr))
          wrong[name] = `${JSON.stringify([...one])}, not ${JSON.stringify([...other])}`;
      }
      [before, askedAt] = [was, performance.now()];
    } while (Object.keys(wrong).length > 0 && performance.now() - beganAt < 100_000);
    expect(wrong).toEqual({});
  };

  it.each(['acme', 'beta'])(
    'every panel shows of %s what a Prometheus shows that knows no other and no label',
    async (portfolio) => {
      await expectSame(joint(portfolio), alone(portfolio));
    },
    240_000,
  );

  it('a portfolio without a label is shown as if there were no variable', async () => {
    const unfiltered = (expr: string): string =>
      expandPromql(expr.replaceAll(/,? ?portfolio=(?:"[^"]*"|~`[^`]*`)/g, ''));
    await expectSame(alone('beta'), { ...alone('beta'), expand: unfiltered });
  }, 240_000);

  it('and the two are not alike', async () => {
    const [one, other] = [await answersOf(joint('acme')), await answersOf(joint('beta'))];
    const alike = one.filter(
      (answer, index) => JSON.stringify([...answer]) === JSON.stringify([...(other[index] ?? [])]),
    );
    // Targets, limits and what is in order are alike.
    expect(alike.length).toBeLessThan((PROM_QUERIES.length * 2) / 3);
  });
});
