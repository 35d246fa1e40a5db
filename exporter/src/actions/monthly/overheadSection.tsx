import type { VNode } from 'preact';
import type { OverheadByVenture } from '../../explain/overheadByVenture.js';
import { formatBrief, formatChange } from '../../format/formatBrief.js';
import { formatDay, formatShortMonth } from '../../format/formatDay.js';
import { line } from '../mail/line.js';
import { DataTable } from '../mail/mailParts.js';
import type { DigestSection } from './digestSection.js';

const SHOWN = 6;

/** Where coordination time is spent, its trend, and what it takes to be back at the target. Source: "Alert 5", actions 2 to 4. */
export function overheadSection(
  analysis: OverheadByVenture,
  limit: number,
): Pick<DigestSection, 'title' | 'sentence' | 'brief' | 'body' | 'recommendations' | 'data'> {
  const { ratio, hours, availableHours, target, hoursOverTarget } = analysis;
  const limits = `alert over ${formatBrief(limit, 'ratio')}, target ${formatBrief(target, 'ratio')}`;
  const over =
    (hoursOverTarget ?? 0) === 0 ? 'the target is met' : `${time(hoursOverTarget ?? 0)} less would reach the target`;
  return {
    title: 'Coordination overhead',
    brief:
      ratio === null
        ? 'coordination overhead not known'
        : `coordination overhead ${formatBrief(ratio, 'ratio', limit, target)}`,
    sentence:
      ratio === null
        ? `Coordination overhead in the 30 days to ${formatDay(analysis.asOf)} is not known, because hours or availability are missing (${limits}).`
        : `In the 30 days to ${formatDay(analysis.asOf)} coordination took ${time(hours ?? 0)} of ${time(availableHours ?? 0)} available: ` +
          `${formatBrief(ratio, 'ratio', limit, target)}, ${limits}; ${over}.`,
    body: (isWhole) => <Tables analysis={analysis} shown={isWhole ? Infinity : SHOWN} />,
    recommendations: [...analysis.recommendations.map(({ text }) => text), ...cadence(analysis)],
    data: analysis,
  };
}

/** How often or how long to meet, by the share of the coordination hours that has to go. */
export function cadence({ hours, hoursOverTarget }: Pick<OverheadByVenture, 'hours' | 'hoursOverTarget'>): string[] {
  if (hours === null || hours === 0 || hoursOverTarget === null || hoursOverTarget === 0) return [];
  const share = hoursOverTarget / hours;
  const cut = `${formatBrief(share, 'ratio')} of the coordination hours have to go`;
  if (share <= 0.25) return [`Meeting cadence: ${cut}. Shorten standing meetings from 60 to 45 minutes (saves 25%).`];
  if (share <= 0.5) return [`Meeting cadence: ${cut}. Hold weekly meetings every second week (saves 50%).`];
  if (share <= 0.77) return [`Meeting cadence: ${cut}. Hold weekly meetings once a month (saves 77%).`];
  return [
    `Meeting cadence: ${cut}. End the standing meetings and leave decisions to the ventures; meet when there is one to take.`,
  ];
}

function Tables({ analysis, shown }: { analysis: OverheadByVenture; shown: number }): VNode {
  const ventures = analysis.ventures.slice(0, shown);
  const left = analysis.ventures.length - ventures.length;
  return (
    <>
      <DataTable
        columns={[
          { title: 'Venture' },
          { title: 'Hours', align: 'right', width: '58' },
          { title: 'Before', align: 'right', width: '62' },
          { title: 'Of all', align: 'right', width: '56' },
          { title: 'To cut', align: 'right', width: '58' },
        ]}
        rows={[
          ...ventures.map((one) => [
            line(one.name, 60),
            one.hours === null ? (one.isSilent ? 'not known' : '–') : time(one.hours),
            one.change === null ? '–' : formatChange(one.change * 3_600, 'seconds'),
            one.share === null ? '–' : formatBrief(one.share, 'ratio'),
            one.cutHours === 0 ? '–' : time(one.cutHours),
          ]),
          ...(left === 0 ? [] : [[`${left} more in the report`, '', '', '', '']]),
        ]}
        caption="Hours in 30 days; Before: change against the 30 days before them."
      />
      <DataTable
        columns={[
          { title: 'Month' },
          { title: 'Hours', align: 'right', width: '72' },
          { title: 'Overhead', align: 'right', width: '84' },
        ]}
        rows={analysis.months.map(({ month, hours, ratio }) => [
          formatShortMonth(month),
          hours === null ? '–' : time(hours),
          ratio === null ? '–' : formatBrief(ratio, 'ratio'),
        ])}
      />
    </>
  );
}

function time(hours: number): string {
  return formatBrief(hours * 3_600, 'seconds');
}
