import { formatAge } from '../format/formatAge.js';
import { formatBrief } from '../format/formatBrief.js';
import { formatDay, formatMonth } from '../format/formatDay.js';
import { plural, wordList } from '../format/plural.js';
import { visibleText } from '../format/visibleText.js';
import { comparedFigure } from './comparedFigure.js';
import type { Figure, KpiLine, PortfolioReport } from './report.js';

export type ReportFacts = Omit<PortfolioReport, 'summary' | 'recommendations'>;

/** The executive summary: five sentences, each made from the numbers, also where there are none. */
export function summary(facts: ReportFacts): string[] {
  return [revenue(facts), profit(facts), targets(facts), synergy(facts), attention(facts)];
}

function revenue(facts: ReportFacts): string {
  const line = lineOf(facts, 'portfolio_revenue_dollars');
  const current = line?.current ?? null;
  if (current === null) {
    return facts.ventures.length === 0
      ? `No venture is registered, so there is nothing to report for ${formatMonth(facts.period)}.`
      : `No venture reported its revenue up to ${formatDay(facts.asOf)}.`;
  }
  const baseline =
    line?.change != null
      ? `${rise(line.change.value, 'on the baseline', 'against the baseline')}${targetWords(line)}`
      : facts.baselineDay === null
        ? 'without a baseline yet, because no venture has entered stage 39'
        : 'without a comparison, because the baseline has no revenue';
  return `Revenue was ${money(current)} a month on ${formatDay(facts.asOf)}, ${baseline}${sinceMonthBefore(facts)}.`;
}

function sinceMonthBefore({ revenueMonthChange, asOfBefore, asOf }: ReportFacts): string {
  if (revenueMonthChange === null) return '';
  return `, and ${rise(revenueMonthChange.value, 'since', 'since')} ${formatDay(asOfBefore, asOf)}`;
}

function profit(facts: ReportFacts): string {
  const line = lineOf(facts, 'portfolio_profit_dollars');
  const current = line?.current ?? null;
  const burn = lineOf(facts, 'portfolio_burn_dollars')?.current ?? null;
  if (current === null) {
    return burn === null
      ? 'Profit is not known, because no venture reported its burn and revenue.'
      : `Profit is not known: burn was ${money(burn)} a month.`;
  }
  const result =
    current.value > 0
      ? `Profit was ${money(current)} a month`
      : current.value < 0
        ? `The portfolio lost ${formatBrief(-current.value, 'dollars')} a month`
        : 'Revenue and burn were equal, without profit or loss';
  const after = burn === null ? '' : current.value === 0 ? '' : ` after ${money(burn)} of burn`;
  const change = facts.profitMonthChange;
  const base = `the end of ${monthName(facts.asOfBefore)}`;
  const since =
    change === null
      ? ''
      : change.value === 0
        ? `, unchanged against ${base}`
        : `, ${formatBrief(Math.abs(change.value), 'ratio')} ${change.value > 0 ? 'better' : 'worse'} than at ${base}`;
  const target =
    line?.change == null
      ? ''
      : `; ${rise(line.change.value, 'on the baseline', 'against the baseline')}${targetWords(line)}`;
  return `${result}${after}${since}${target}.`;
}

function targets(facts: ReportFacts): string {
  const lines = facts.kpis.filter((line) => line.target !== null && line.target.met !== null);
  const missed = lines.filter((line) => line.target?.met === false);
  if (lines.length === 0) return 'No target could be checked, because the numbers that they are about are missing.';
  const met = lines.length - missed.length;
  if (missed.length === 0) {
    return lines.length === 1
      ? `The one target that could be checked, ${lines[0]?.phrase ?? ''}, is met.`
      : `All ${lines.length} targets that could be checked are met.`;
  }
  const worst = missed.toSorted((a, b) => shortfall(b) - shortfall(a))[0];
  const start =
    lines.length === 1
      ? 'The one target that could be checked is missed'
      : met === 0
        ? `None of the ${lines.length} targets is met`
        : `${met} of ${lines.length} targets ${met === 1 ? 'is' : 'are'} met`;
  const reach = missed.length === 1 ? 'the one missed is' : 'furthest off is';
  return `${start}; ${lines.length === 1 ? 'it is' : reach} ${worst?.phrase ?? ''}, ${against(worst)}.`;
}

function synergy(facts: ReportFacts): string {
  const { valueThisYear: value, activeInitiatives: active } = facts;
  const year = facts.asOf.slice(0, 4);
  // How many were active on a past day is not kept: no number in a sentence for it.
  const count = active === null || active.approximate ? null : active.value;
  if (value === null || value.value === 0) {
    const under =
      count === null
        ? ''
        : count === 0
          ? '; no initiative is active'
          : `; ${plural(count, 'active initiative')} ${count === 1 ? 'is' : 'are'} under way`;
    return `No captured value is recorded in ${year}${under}.`;
  }
  const month = facts.valueMonths.find((one) => one.month === facts.period);
  const inMonth = month === undefined ? 0 : month.costSaved + month.revenueGenerated + month.timeSaved;
  const best = facts.initiatives
    .filter((one) => one.roi !== null && one.roi > 0)
    .toSorted((a, b) => (b.roi ?? 0) - (a.roi ?? 0))[0];
  const part = `${inMonth === 0 ? 'none' : formatBrief(inMonth, 'dollars')} of it in ${monthName(facts.asOf)}`;
  const from =
    count === null ? '' : `, with ${count === 0 ? 'no active initiative' : plural(count, 'active initiative')}`;
  const bestReturn =
    best === undefined
      ? ''
      : `; the best return is that of ${visibleText(best.name, 60)}, ${formatBrief(best.roi ?? 0, 'ratio')} of its cost`;
  return `Coordination captured ${money(value)} since 1 January, ${part}${from}${bestReturn}.`;
}

function attention(facts: ReportFacts): string {
  const silent = facts.ventures.filter((one) => one.isSilent);
  const over = facts.resources.filter((one) => one.isOver);
  const longest = facts.overdue.reduce((most, one) => Math.max(most, one.overdue.value), 0);
  const open = facts.openConflicts.length;
  const parts = [
    ...(facts.overdue.length === 0
      ? []
      : [`${plural(facts.overdue.length, 'milestone')} overdue (by up to ${formatAge(longest)})`]),
    ...(over.length === 0
      ? []
      : [
          `${plural(over.length, 'resource')} over-allocated${over[0]?.allocation.approximate === true ? ' as of now' : ''}`,
        ]),
    ...(open === 0 ? [] : [plural(open, 'open conflict')]),
    ...(silent.length === 0 ? [] : [`${plural(silent.length, 'venture')} without current numbers`]),
  ];
  if (parts.length > 0) return `Needs attention: ${wordList(parts)}.`;
  if (facts.ventures.length + facts.initiatives.length + facts.resources.length === 0) {
    return 'There are no ventures, initiatives or resources on record that could need attention.';
  }
  return 'Nothing is overdue, over-allocated or in conflict, and every active venture has reported.';
}

/** `up 31% on the baseline`, `down 4% against ...`, `unchanged against ...`. */
function rise(value: number, up: string, other: string): string {
  if (value > 0) return `up ${formatBrief(value, 'ratio')} ${up}`;
  if (value < 0) return `down ${formatBrief(-value, 'ratio')} ${up === 'since' ? 'since' : other}`;
  return `unchanged ${other}`;
}

function targetWords({ target }: KpiLine): string {
  if (target?.met == null) return '';
  return ` (target +${formatBrief(target.value, 'ratio')}: ${target.met ? 'met' : 'not met'})`;
}

/** How far a number is from its target, as a share of the target. */
function shortfall(line: KpiLine): number {
  const is = comparedFigure(line)?.value ?? 0;
  const target = line.target?.value ?? 0;
  return Math.abs(is - target) / Math.max(Math.abs(target), Number.EPSILON);
}

function against(line: KpiLine | undefined): string {
  if (line === undefined) return '';
  const figure = comparedFigure(line);
  if (figure === null || line.target === null) return '';
  const limit = formatBrief(line.target.value, figure.unit);
  const words = line.target.direction === 'at_least' ? 'at least' : 'at most';
  return `${formatBrief(figure.value, figure.unit, line.target.value)} against ${words} ${limit}`;
}

function lineOf({ kpis }: ReportFacts, metric: string): KpiLine | undefined {
  return kpis.find((line) => line.current?.metric === metric);
}

function money(figure: Figure): string {
  return formatBrief(figure.value, 'dollars');
}

function monthName(day: string): string {
  return formatMonth(day).split(' ')[0] ?? '';
}
