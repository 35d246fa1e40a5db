import { describe, expect, it } from 'vitest';
import { summary } from '../../src/report/summary.js';
import type { ReportFacts } from '../../src/report/summary.js';
import { factsWith, figure, initiative, kpiLine, resource, venture } from './sampleReport.js';

const [REVENUE, PROFIT, TARGETS, SYNERGY, ATTENTION] = [0, 1, 2, 3, 4];

const ratio = (value: number) => figure('portfolio_ratio', value, 'ratio');
const target = (value: number, met: boolean | null, direction: 'at_least' | 'at_most' = 'at_least') => ({
  threshold: 'a_target',
  value,
  direction,
  met,
});

/** Revenue of $8.76M with its change against the baseline and the month before; null: there is none. */
function revenue(change: number | null, month: number | null): Partial<ReportFacts> {
  return {
    baselineDay: '2026-03-02',
    ventures: [venture('Vela')],
    revenueMonthChange: month === null ? null : ratio(month),
    kpis: [
      kpiLine('portfolio_revenue_dollars', 8_760_000, {
        targetOf: 'change',
        change: change === null ? null : ratio(change),
        target: target(0.2, change === null ? null : change >= 0.2),
      }),
    ],
  };
}

function profit(value: number | null, month: number | null, burn: number | null = 60_000): Partial<ReportFacts> {
  return {
    profitMonthChange: month === null ? null : ratio(month),
    kpis: [kpiLine('portfolio_profit_dollars', value), kpiLine('portfolio_burn_dollars', burn)],
  };
}

const line = (name: string, value: number, limit: number, met: boolean) =>
  kpiLine(name, value, { phrase: name, target: target(limit, met) });

describe('the executive summary', () => {
  it.each<[string, number, Partial<ReportFacts>, string]>([
    [
      'a rise',
      REVENUE,
      revenue(0.312, 0.031),
      'Revenue was $8.8M a month on 31 Oct 2026, up 31.2% on the baseline (target +20%: met), and up 3.1% since 30 Sep.',
    ],
    [
      'a fall',
      REVENUE,
      revenue(-0.04, -0.1),
      'Revenue was $8.8M a month on 31 Oct 2026, down 4% against the baseline (target +20%: not met), and down 10% since 30 Sep.',
    ],
    [
      'no change',
      REVENUE,
      revenue(0, 0),
      'Revenue was $8.8M a month on 31 Oct 2026, unchanged against the baseline (target +20%: not met), and unchanged since 30 Sep.',
    ],
    [
      'no baseline',
      REVENUE,
      { ...revenue(null, null), baselineDay: null },
      'Revenue was $8.8M a month on 31 Oct 2026, without a baseline yet, because no venture has entered stage 39.',
    ],
    [
      'a baseline of nothing',
      REVENUE,
      revenue(null, 0.01),
      'Revenue was $8.8M a month on 31 Oct 2026, without a comparison, because the baseline has no revenue, and up 1% since 30 Sep.',
    ],
    ['no revenue', REVENUE, { ventures: [venture('Vela')] }, 'No venture reported its revenue up to 31 Oct 2026.'],
    ['no venture', REVENUE, {}, 'No venture is registered, so there is nothing to report for October 2026.'],

    [
      'a profit',
      PROFIT,
      profit(40_000, 0.07),
      'Profit was $40K a month after $60K of burn, 7% better than at the end of September.',
    ],
    [
      'a loss',
      PROFIT,
      profit(-1_500, -0.5),
      'The portfolio lost $1,500 a month after $60K of burn, 50% worse than at the end of September.',
    ],
    [
      'neither',
      PROFIT,
      profit(0, 0),
      'Revenue and burn were equal, without profit or loss, unchanged against the end of September.',
    ],
    ['only burn', PROFIT, profit(null, null), 'Profit is not known: burn was $60K a month.'],
    [
      'nothing',
      PROFIT,
      profit(null, null, null),
      'Profit is not known, because no venture reported its burn and revenue.',
    ],

    [
      'all',
      TARGETS,
      { kpis: [line('a', 1, 0.5, true), line('b', 1, 0.5, true)] },
      'All 2 targets that could be checked are met.',
    ],
    ['all of one', TARGETS, { kpis: [line('a', 1, 0.5, true)] }, 'The one target that could be checked, a, is met.'],
    [
      'some',
      TARGETS,
      { kpis: [line('a', 1, 0.5, true), line('b', 0.1, 0.2, false), line('c', 0.4, 0.5, false)] },
      '1 of 3 targets is met; furthest off is b, 10% against at least 20%.',
    ],
    [
      'all but one',
      TARGETS,
      { kpis: [line('a', 1, 0.5, true), line('c', 1, 0.5, true), line('b', 0.4999, 0.5, false)] },
      '2 of 3 targets are met; the one missed is b, 49.99% against at least 50%.',
    ],
    [
      'none',
      TARGETS,
      { kpis: [line('a', 0.1, 0.2, false), line('b', 0, 0.2, false)] },
      'None of the 2 targets is met; furthest off is b, 0% against at least 20%.',
    ],
    [
      'none of one',
      TARGETS,
      { kpis: [line('a', 0.1, 0.2, false)] },
      'The one target that could be checked is missed; it is a, 10% against at least 20%.',
    ],
    [
      'no data',
      TARGETS,
      { kpis: [kpiLine('a', null, { target: target(1, null) })] },
      'No target could be checked, because the numbers that they are about are missing.',
    ],

    [
      'value',
      SYNERGY,
      {
        valueThisYear: figure('v', 643_000, 'dollars'),
        activeInitiatives: figure('a', 1, 'count'),
        valueMonths: [{ month: '2026-10', costSaved: 1_000, revenueGenerated: 190_000, timeSaved: 0 }],
        initiatives: [initiative('Low'), initiative('Cloud\u202E', { roi: 7 }), initiative('None', { roi: null })],
      },
      'Coordination captured $643K since 1 January, $191K of it in October, with 1 active initiative; the best return is that of Cloud[U+202E], 700% of its cost.',
    ],
    [
      'value of other months',
      SYNERGY,
      { valueThisYear: figure('v', 643_000, 'dollars'), activeInitiatives: figure('a', 0, 'count') },
      'Coordination captured $643K since 1 January, none of it in October, with no active initiative.',
    ],
    [
      'no value',
      SYNERGY,
      { valueThisYear: figure('v', 0, 'dollars'), activeInitiatives: figure('a', 2, 'count') },
      'No captured value is recorded in 2026; 2 active initiatives are under way.',
    ],
    [
      'no value and a number of initiatives that is not that of the day',
      SYNERGY,
      { activeInitiatives: { ...figure('a', 2, 'count'), approximate: true } },
      'No captured value is recorded in 2026.',
    ],

    [
      'nothing on record',
      ATTENTION,
      {},
      'There are no ventures, initiatives or resources on record that could need attention.',
    ],
    [
      'nothing wrong',
      ATTENTION,
      { ventures: [venture('Vela')] },
      'Nothing is overdue, over-allocated or in conflict, and every active venture has reported.',
    ],
    [
      'everything',
      ATTENTION,
      {
        ventures: [venture('Vela', { isSilent: true })],
        resources: [resource('CTO time', 1.05), resource('Cloud', 1)],
        openConflicts: [{ resource: 'CTO time', status: 'DETECTED', open: figure('o', 3_600, 'seconds') }],
        overdue: [
          { initiative: 'i', milestone: 'm', owner: null, isCritical: false, overdue: figure('d', 600_000, 'seconds') },
          { initiative: 'i', milestone: 'n', owner: null, isCritical: false, overdue: figure('d', 90_000, 'seconds') },
        ],
      },
      'Needs attention: 2 milestones overdue (by up to 6 d 22 h), 1 resource over-allocated, 1 open conflict and 1 venture without current numbers.',
    ],
  ])('says of %s', (_what, index, facts, sentence) => {
    expect(summary(factsWith(facts))[index]).toBe(sentence);
  });
});
