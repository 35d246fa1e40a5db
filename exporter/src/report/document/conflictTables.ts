import { formatAge } from '../../format/formatAge.js';
import { formatDay, formatMonth } from '../../format/formatDay.js';
import type { PortfolioReport } from '../report.js';
import type { Block } from './blocks.js';
import { nameCell, words } from './cells.js';

/** Conflicts that are open, and those that were resolved in the month with the time that took. */
export function conflictTables({ openConflicts, resolvedConflicts, asOf, period }: PortfolioReport): Block[] {
  return [
    {
      kind: 'table',
      title: 'Open conflicts',
      columns: [{ title: 'Resource', flex: 1 }, { title: 'Status' }, { title: 'Open for', align: 'right' }],
      rows: openConflicts.map(({ resource, status, open }) => [
        nameCell(resource),
        { text: words(status), ...(status === 'ESCALATED' ? { tone: 'bad' as const } : {}) },
        { text: `${open.approximate ? '≈ ' : ''}${formatAge(open.value)}` },
      ]),
      empty: 'No conflict is open.',
    },
    {
      kind: 'table',
      title: `Resolved in ${formatMonth(period)}`,
      columns: [
        { title: 'Resource', flex: 0.8 },
        { title: 'Detected' },
        { title: 'Resolved after', align: 'right' },
        { title: 'How', flex: 1.4 },
      ],
      rows: resolvedConflicts.map(({ resource, detectedOn, seconds, notes }) => [
        nameCell(resource),
        { text: formatDay(detectedOn, asOf) },
        { text: formatAge(seconds) },
        nameCell(notes, 120),
      ]),
      empty: 'No conflict was resolved in the month.',
    },
  ];
}
