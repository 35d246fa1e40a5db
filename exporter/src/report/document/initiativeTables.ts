import { formatAge } from '../../format/formatAge.js';
import { formatBrief } from '../../format/formatBrief.js';
import { formatDay, formatMonth } from '../../format/formatDay.js';
import { visibleText } from '../../format/visibleText.js';
import type { InitiativeLine, PortfolioReport } from '../report.js';
import type { Block, Cell } from './blocks.js';
import { nameCell, NONE, numberCell, words } from './cells.js';

/** Initiatives with their value against target and cost, and the milestones that are overdue. */
export function initiativeTables(report: PortfolioReport): Block[] {
  const month = formatMonth(report.period).split(' ')[0] ?? '';
  return [
    {
      kind: 'table',
      title: '',
      columns: [
        { title: 'Initiative', flex: 1 },
        { title: 'Status' },
        { title: 'Progress', align: 'right' },
        { title: 'Captured', align: 'right' },
        { title: month, align: 'right' },
        { title: 'Of target', align: 'right' },
        { title: 'ROI', align: 'right' },
        { title: 'Next milestone', flex: 0.7 },
      ],
      rows: report.initiatives.map((one) => initiativeRow(one, report)),
      empty: 'No initiative is planned, under way, or ended in the trailing 90 days.',
      note: 'Captured: value of all time in dollars; ROI: over the cost of implementation. Ended initiatives stay for 90 days.',
    },
    overdueTable(report),
  ];
}

function initiativeRow(one: InitiativeLine, { asOf }: PortfolioReport): Cell[] {
  const owner = one.owner === null || one.owner.trim() === '' ? 'no owner' : visibleText(one.owner, 40);
  return [
    { ...nameCell(one.name), note: `${visibleText(one.code, 40)}, ${owner}${one.isCritical ? ', critical' : ''}` },
    { text: words(one.status) },
    numberCell(one.progress, 'ratio', one.progress < 1 ? 1 : null),
    numberCell(one.captured, 'dollars'),
    numberCell(one.capturedInMonth, 'dollars'),
    shareCell(one.captured, one.targetValue),
    one.roi === null || one.launchedOn === null
      ? NONE
      : {
          ...numberCell(one.roi, 'ratio', 1),
          ...(one.roi < 1 ? { tone: 'bad' as const } : {}),
        },
    one.nextMilestone === null
      ? NONE
      : {
          ...nameCell(one.nextMilestone, 40),
          ...(one.nextDeadline === null ? {} : { note: `due ${formatDay(one.nextDeadline, asOf)}` }),
        },
  ];
}

/** 99.9% is not the target yet: the text tells it apart. */
function shareCell(captured: number, target: number | null): Cell {
  if (target === null || target === 0) return NONE;
  const share = captured / target;
  return {
    text: formatBrief(share, 'ratio', 1),
    note: `of ${formatBrief(target, 'dollars')}`,
    ...(share >= 1 ? { tone: 'good' as const } : {}),
  };
}

function overdueTable({ overdue, initiatives }: PortfolioReport): Block {
  return {
    kind: 'table',
    title: 'Overdue milestones',
    columns: [
      { title: 'Milestone', flex: 1 },
      { title: 'Initiative', flex: 1 },
      { title: 'Owner', flex: 0.6 },
      { title: 'Overdue', align: 'right' },
    ],
    rows: overdue.map((one) => [
      nameCell(one.milestone),
      { ...nameCell(one.initiative), ...(one.isCritical ? { note: 'critical' } : {}) },
      nameCell(one.owner, 40),
      { text: `${one.overdue.approximate ? '≈ ' : ''}${formatAge(one.overdue.value)}`, tone: 'bad' },
    ]),
    empty:
      initiatives.length === 0
        ? 'There is no initiative with milestones.'
        : 'No milestone of an active initiative is overdue.',
  };
}
