import { daysBefore } from '../kpi/unit/moment.js';
import { formatAge } from '../format/formatAge.js';
import { formatBrief } from '../format/formatBrief.js';
import { formatDay } from '../format/formatDay.js';
import { plural, wordList } from '../format/plural.js';
import { visibleText } from '../format/visibleText.js';
import type { Thresholds } from '../config/thresholdCatalogue.js';
import type { ReportFacts } from './summary.js';
import type { Recommendation } from './report.js';

/** Days after its launch in which an initiative's value is attributed to it (procedure, rollback triggers). */
const ATTRIBUTION_DAYS = 90;
const MAX_NAMES = 3;

type Rule = (facts: ReportFacts, thresholds: Thresholds) => Recommendation | null;

/** What to do next, each by a rule that the report states with the numbers that it saw; the most urgent first. */
export function recommendations(facts: ReportFacts, thresholds: Thresholds): Recommendation[] {
  return RULES.flatMap((rule) => rule(facts, thresholds) ?? []);
}

const RULES: readonly Rule[] = [
  function performanceFell({ revenueMonthChange, profitMonthChange }, { performance_drop_alert: limit }) {
    const fell = [
      { what: 'revenue', figure: revenueMonthChange },
      { what: 'profit', figure: profitMonthChange },
    ].flatMap(({ what, figure }) =>
      figure !== null && figure.value < -limit ? [`${what} fell by ${formatBrief(-figure.value, 'ratio', limit)}`] : [],
    );
    if (fell.length === 0) return null;
    return {
      action: 'Hold an urgent review of the ventures that explain the fall.',
      because: `In the month ${wordList(fell)}.`,
      rule: `revenue or profit below the end of the month before by more than ${formatBrief(limit, 'ratio')}`,
    };
  },
  function silentVentures({ ventures, asOf }) {
    const silent = ventures.filter((one) => one.isSilent);
    if (silent.length === 0) return null;
    const since = silent.map(({ name, lastDay }) =>
      lastDay === null ? `${short(name)} never reported` : `${short(name)} last on ${formatDay(lastDay, asOf)}`,
    );
    return {
      action: `Get the missing numbers of ${names(silent)}.`,
      because: `${sentence(wordList(since, MAX_NAMES))}.`,
      rule: 'an active venture has no row within the carry-forward of the day',
    };
  },
  function overAllocated({ resources }, { conflict_over_allocation_threshold: limit }) {
    const over = resources.filter((one) => one.isOver);
    if (over.length === 0) return null;
    const shares = over.map(
      ({ name, allocation }) => `${short(name)} at ${formatBrief(allocation.value, 'ratio', limit)}`,
    );
    return {
      action: `Bring ${names(over)} back to ${formatBrief(limit, 'ratio')}: cut, share over time, or expand.`,
      because: `${sentence(wordList(shares, MAX_NAMES))}.`,
      rule: 'a resource is allocated beyond conflict_over_allocation_threshold',
    };
  },
  function oldConflicts({ openConflicts }, { conflict_resolution_timeout: limit }) {
    const old = openConflicts.filter(({ open }) => open.value > limit);
    const [first] = old;
    if (first === undefined) return null;
    return {
      action:
        old.length === 1
          ? 'Decide the open conflict that has outlasted the time allowed.'
          : `Decide the ${old.length} open conflicts that have outlasted the time allowed.`,
      because: `${old.length === 1 ? 'It is' : 'The oldest is'} about ${short(first.resource)} and has been open for ${formatAge(first.open.value)}.`,
      rule: `a conflict is open for longer than ${formatBrief(limit, 'seconds')}`,
    };
  },
  function overdueMilestones({ overdue }, { delayed_milestone_alert: limit }) {
    const late = overdue.filter((one) => one.overdue.value > limit);
    const [first] = late;
    if (first === undefined) return null;
    const critical = late.filter((one) => one.isCritical).length;
    return {
      action: `Agree on new dates, or help, for ${plural(late.length, 'delayed milestone')}.`,
      because:
        `${late.length === 1 ? '' : 'The latest, '}${short(first.milestone)} of ${short(first.initiative)}${late.length === 1 ? '' : ','} is ${formatAge(first.overdue.value)} overdue` +
        `${criticalWords(critical, late.length)}.`,
      rule: `a milestone of an active initiative is overdue by more than ${formatAge(limit)}`,
    };
  },
  function belowCost({ initiatives, asOf }) {
    const lastDay = daysBefore(asOf, ATTRIBUTION_DAYS);
    const below = initiatives.filter(
      ({ status, launchedOn, cost, captured }) =>
        (status === 'ACTIVE' || status === 'PAUSED') &&
        launchedOn !== null &&
        launchedOn <= lastDay &&
        cost !== null &&
        captured < cost,
    );
    if (below.length === 0) return null;
    const amounts = below.map(
      ({ name, captured, cost }) =>
        `${short(name)} captured ${formatBrief(captured, 'dollars', cost)} of ${formatBrief(cost ?? 0, 'dollars')}`,
    );
    return {
      action: `Decide whether to go on with ${names(below)}.`,
      because: `${sentence(wordList(amounts, MAX_NAMES))}.`,
      rule: `captured value is below cost ${ATTRIBUTION_DAYS} days after launch`,
    };
  },
  function stalled({ initiatives }, { stalled_initiative_threshold: limit }) {
    const idle = initiatives.filter((one) => one.idle !== null && one.idle.value >= limit);
    if (idle.length === 0) return null;
    const ages = idle.map(({ name, idle: figure }) => `${short(name)} for ${formatAge(figure?.value ?? 0)}`);
    return {
      action: `Ask the owners of ${names(idle)} for a status.`,
      because: `No update and no captured value: ${wordList(ages, MAX_NAMES)}.`,
      rule: `an active initiative is idle for ${formatAge(limit)} or longer`,
    };
  },
  function weakVentures({ ventures }, { min_viable_score: limit }) {
    const weak = ventures.filter((one) => one.score !== null && one.score.value < limit);
    if (weak.length === 0) return null;
    const scores = weak.map(
      ({ name, score }) => `${short(name)} with ${formatBrief(score?.value ?? 0, 'score', limit)}`,
    );
    return {
      action: `Put continue, pivot or sunset of ${names(weak)} on the agenda.`,
      because: `${sentence(wordList(scores, MAX_NAMES))}, against at least ${formatBrief(limit, 'score')}.`,
      rule: 'the weighted score of a venture is below min_viable_score',
    };
  },
  missedTarget(
    'portfolio_synergy_capture_ratio',
    'Review the best opportunities that nobody has launched, or the limits that hold them back.',
  ),
  missedTarget(
    'portfolio_coordination_overhead_ratio',
    'Cut meetings and reports where most coordination time is spent.',
  ),
  missedTarget(
    'portfolio_resource_utilization_ratio',
    'Give unused hours to initiatives that wait for people, or release them.',
  ),
  missedTarget('portfolio_initiative_success_ratio', 'Set targets of new initiatives by what completed ones captured.'),
];

function missedTarget(metric: string, action: string): Rule {
  return ({ kpis }) => {
    const line = kpis.find(({ current }) => current?.metric === metric);
    if (line?.current == null || line.target?.met !== false) return null;
    const { value, direction, threshold } = line.target;
    const limit = formatBrief(value, line.current.unit);
    return {
      action,
      because: `${line.name}: ${formatBrief(line.current.value, line.current.unit, value)}, target ${direction === 'at_least' ? '≥' : '≤'} ${limit}.`,
      rule: `${threshold} is missed`,
    };
  };
}

function criticalWords(critical: number, late: number): string {
  if (critical === 0) return '';
  return late === 1
    ? '; the initiative is critical'
    : `; ${critical} of ${late} ${critical === 1 ? 'is' : 'are'} of a critical initiative`;
}

function names(list: readonly { readonly name: string }[]): string {
  return wordList(
    list.map(({ name }) => short(name)),
    MAX_NAMES,
  );
}

function short(name: string): string {
  return visibleText(name, 60);
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
