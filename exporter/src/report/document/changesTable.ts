import { formatChange } from '../../format/formatBrief.js';
import { formatDay } from '../../format/formatDay.js';
import { plural } from '../../format/plural.js';
import type { PortfolioReport, VentureLine } from '../report.js';
import type { Block, Cell } from './blocks.js';
import { nameCell } from './cells.js';

const SHOWN = 4;

interface Contribution {
  readonly name: string;
  readonly revenue: number;
  readonly burn: number;
  readonly note: string | null;
}

/** Which ventures explain the change of revenue and burn in the month: the largest, the others together, and the whole. */
export function changesTable(report: PortfolioReport): Block[] {
  const contributions = report.ventures
    .flatMap((venture) => contributionOf(venture) ?? [])
    .toSorted((a, b) => sizeOf(b) - sizeOf(a));
  const moved = contributions.filter((one) => sizeOf(one) > 0);
  const shown = moved.slice(0, SHOWN);
  const others = contributions.filter((one) => !shown.includes(one));
  const silent = report.ventures.filter((one) => one.isSilent).length;
  return [
    {
      kind: 'table',
      title: `What changed most since ${formatDay(report.asOfBefore, report.asOf)}`,
      columns: [
        { title: 'Venture', flex: 1 },
        { title: 'Revenue', align: 'right' },
        { title: 'Burn', align: 'right' },
        { title: 'Profit', align: 'right' },
      ],
      rows: [
        ...shown.map((one) => [
          { ...nameCell(one.name), ...(one.note === null ? {} : { note: one.note }) },
          ...amounts([one]),
        ]),
        ...(shown.length > 0 && others.length > 0
          ? [[{ text: plural(others.length, 'other venture') }, ...amounts(others)]]
          : []),
      ],
      ...(shown.length === 0 ? {} : { total: [{ text: 'All that are compared' }, ...amounts(contributions)] }),
      empty:
        contributions.length === 0
          ? 'There are no two months of venture metrics to compare.'
          : 'No venture changed its revenue or burn.',
      ...(silent === 0 ? {} : { note: `Left out: ${plural(silent, 'active venture')} without current numbers.` }),
    },
  ];
}

/** null where a venture is silent now, or was in neither sum. A venture that joined counts whole, one that left as a fall. */
function contributionOf(venture: VentureLine): Contribution | null {
  if (venture.isSilent) return null;
  const { name, revenue, burn, revenueBefore, burnBefore } = venture;
  const isHere = revenue !== null || burn !== null;
  const wasHere = revenueBefore !== null || burnBefore !== null;
  if (!isHere && !wasHere) return null;
  return {
    name,
    revenue: (revenue ?? 0) - (revenueBefore ?? 0),
    burn: (burn ?? 0) - (burnBefore ?? 0),
    note: isHere && wasHere ? null : isHere ? 'reports since this month' : 'no longer reports',
  };
}

function sizeOf({ revenue, burn }: Contribution): number {
  return Math.abs(revenue) + Math.abs(burn);
}

function amounts(list: readonly Contribution[]): Cell[] {
  const revenue = list.reduce((sum, one) => sum + one.revenue, 0);
  const burn = list.reduce((sum, one) => sum + one.burn, 0);
  return [toned(revenue, 'good'), toned(burn, 'bad'), toned(revenue - burn, 'good')];
}

function toned(value: number, upIs: 'good' | 'bad'): Cell {
  const tone = value === 0 ? 'soft' : value > 0 === (upIs === 'good') ? 'good' : 'bad';
  return { text: formatChange(value, 'dollars'), tone };
}
