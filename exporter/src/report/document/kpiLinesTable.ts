import { formatBrief, formatChange } from '../../format/formatBrief.js';
import { formatDay } from '../../format/formatDay.js';
import { plural } from '../../format/plural.js';
import type { KpiLine, PortfolioReport, Target } from '../report.js';
import type { Cell, TableBlock } from './blocks.js';
import { figureCell, NONE } from './cells.js';

/** The KPIs with baseline, month before, current, change against the baseline and target. */
export function kpiLinesTable({ kpis, asOf, asOfBefore, baselineDay, missingVentures }: PortfolioReport): TableBlock {
  return {
    kind: 'table',
    title: '',
    columns: [
      { title: 'KPI', flex: 1 },
      { title: baselineDay === null ? 'Baseline' : `Baseline ${formatDay(baselineDay, asOf)}`, align: 'right' },
      { title: formatDay(asOfBefore, asOf), align: 'right' },
      { title: formatDay(asOf, asOf), align: 'right' },
      { title: 'Change', align: 'right' },
      { title: 'Target', align: 'right' },
      { title: 'State' },
    ],
    rows: kpis.map((line) => [
      { text: line.name },
      figureCell(line.baseline),
      figureCell(line.before, targetOn(line, 'current')),
      figureCell(line.current, targetOn(line, 'current')),
      changeOf(line),
      targetCell(line),
      stateCell(line),
    ]),
    empty: 'No KPI is enabled.',
    ...(missingVentures === null || missingVentures.value === 0
      ? {}
      : {
          note:
            `${plural(missingVentures.value, 'active venture')} ${missingVentures.value === 1 ? 'has' : 'have'} not reported: not in the sums of ` +
            `${formatDay(asOf, asOf)}, and left out of every change on both sides.`,
        }),
  };
}

function targetOn(line: KpiLine, side: KpiLine['targetOf']): number | null {
  return line.targetOf === side ? (line.target?.value ?? null) : null;
}

/** Signed as it moved: a reduction of 13% reads −13%. */
function changeOf(line: KpiLine): Cell {
  if (line.change === null) return NONE;
  const { value, unit, approximate } = line.change;
  const sign = line.isReduction ? -1 : 1;
  const target = targetOn(line, 'change');
  const digits = target === null ? null : sign * target;
  const text = formatBrief(sign * value, unit, digits);
  return { text: `${approximate ? '≈ ' : ''}${sign * value > 0 ? '+' : ''}${text}` };
}

function targetCell(line: KpiLine): Cell {
  const { target, unit } = line;
  if (target === null || unit === null) return NONE;
  if (line.targetOf === 'current') return { text: `${signOf(target)} ${formatBrief(target.value, unit)}` };
  // A reduction of at least 30% is a change of at most -30%.
  return line.isReduction
    ? { text: `≤ ${formatBrief(-target.value, unit)}` }
    : { text: `${signOf(target)} ${formatChange(target.value, unit)}` };
}

function signOf(target: Target): string {
  return target.direction === 'at_least' ? '≥' : '≤';
}

function stateCell({ target, current }: KpiLine): Cell {
  if (target === null) return current === null ? { text: 'no data', tone: 'soft' } : NONE;
  if (target.met === null) return { text: 'no data', tone: 'soft' };
  return target.met ? { text: 'met', tone: 'good' } : { text: 'not met', tone: 'bad' };
}
