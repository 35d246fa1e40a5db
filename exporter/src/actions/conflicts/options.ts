import type { Cost, Proposal, ProposedShare } from '../../explain/proposal.js';
import { formatBrief } from '../../format/formatBrief.js';
import { plural, wordList } from '../../format/plural.js';
import { line } from '../mail/line.js';

/** The ways of a proposal, in the order in which they are asked about. */
export const OPTIONS = ['priority', 'timeSharing', 'expansion', 'sunset'] as const;
export type Option = (typeof OPTIONS)[number];

export const OPTION_NAMES: Readonly<Record<Option, string>> = {
  priority: 'the lowest score gives first',
  timeSharing: 'time-sharing',
  expansion: 'expansion',
  sunset: 'sunset',
};

/** The first way that the proposal has and nobody was asked about, and by which the limit is reached; null: none is left. */
export function nextOption(proposal: Proposal, asked: readonly Option[]): Option | null {
  const isUsable = (option: Option): boolean =>
    option === 'sunset' ? proposal.sunset?.reachesLimit === true : proposal[option] !== null;
  return OPTIONS.find((option) => !asked.includes(option) && isUsable(option)) ?? null;
}

/** What a way does, for a subject: `Beta gives 30 points`, `turns over 2 weeks`. */
export function optionBrief({ priority, timeSharing, expansion, sunset }: Proposal, option: Option): string {
  switch (option) {
    case 'priority':
      return wordList((priority?.shares ?? []).filter(({ cut }) => cut > 0).map(cutText), 3);
    case 'timeSharing':
      return `turns over ${plural(timeSharing?.weeks.length ?? 0, 'week')}`;
    case 'expansion':
      return `${percent(expansion?.more ?? null)} more of it`;
    case 'sunset':
      return `${sunsetNames(sunset)} merged or ended`;
  }
}

/** What a way does and costs, in sentences; null: the proposal has it not. */
export function optionText(proposal: Proposal, option: Option): string | null {
  const { priority, timeSharing, expansion, sunset } = proposal;
  switch (option) {
    case 'priority':
      return priority === null ? null : `${optionBrief(proposal, option)}. ${costText(priority.cost)}`;
    case 'timeSharing':
      return timeSharing === null ? null : timeSharingText(proposal, timeSharing);
    case 'expansion':
      return expansion === null
        ? null
        : `${percent(expansion.more)} more of it; nobody gives anything. ${costText(expansion.cost)}`;
    case 'sunset':
      return sunset === null
        ? null
        : `${sunsetNames(sunset)} could be merged or ended: ${percent(sunset.total)} then${sunset.reachesLimit ? '' : ', still over the limit'}.`;
  }
}

function timeSharingText({ priority }: Proposal, { weeks, kept, cost }: NonNullable<Proposal['timeSharing']>): string {
  const nameOf = (id: string): string => line(priority?.shares.find((one) => one.ventureId === id)?.venture ?? id, 60);
  const keep =
    kept.length === 0 ? '' : ` ${wordList(kept.map(nameOf), 3)} ${kept.length === 1 ? 'keeps' : 'keep'} its share.`;
  return `Turns over ${plural(weeks.length, 'week')}, each week within the limit.${keep} ${costText(cost)}`;
}

function sunsetNames(sunset: Proposal['sunset']): string {
  return wordList(
    (sunset?.candidates ?? []).map(({ venture }) => line(venture, 60)),
    4,
  );
}

function cutText({ venture, cut }: ProposedShare): string {
  return `${line(venture, 60)} gives ${points(cut)}`;
}

function costText({ hours: lost, dollars }: Cost): string {
  if (lost === null) return 'The cost is not known, because the shares have no hours.';
  const money = dollars === null ? '' : ` (${formatBrief(dollars, 'dollars')})`;
  return `Cost: ${hours(lost)}${money} in 30 days.`;
}

export function hours(count: number): string {
  return formatBrief(count * 3_600, 'seconds');
}

export function points(share: number): string {
  const count = Math.round(share * 10_000) / 100;
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'point' : 'points'}`;
}

export function percent(share: number | null): string {
  return share === null ? 'not known' : formatBrief(share, 'ratio');
}
