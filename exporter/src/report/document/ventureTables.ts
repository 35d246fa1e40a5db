import { formatChange } from '../../format/formatBrief.js';
import { formatDay } from '../../format/formatDay.js';
import { formatAge } from '../../format/formatAge.js';
import type { PortfolioReport, VentureLine } from '../report.js';
import type { Block, Cell } from './blocks.js';
import { changeCell, figureCell, nameCell, NONE, numberCell } from './cells.js';

/** Venture by venture: levels with their change in the month, score, and who is silent since when. */
export function ventureTables(report: PortfolioReport): Block[] {
  const { ventures, asOf } = report;
  const silent = ventures.filter((one) => one.isSilent);
  return [
    {
      kind: 'table',
      title: '',
      columns: [
        { title: 'Venture', flex: 1 },
        { title: 'Revenue', align: 'right' },
        { title: 'Change', label: 'Revenue change', align: 'right' },
        { title: 'Burn', align: 'right' },
        { title: 'Change', label: 'Burn change', align: 'right' },
        { title: 'Profit', align: 'right' },
        { title: 'Users', align: 'right' },
        { title: 'Change', label: 'User change', align: 'right' },
        { title: 'Score', align: 'right' },
        { title: 'Advice' },
      ],
      rows: ventures.filter((one) => !one.isSilent).map((venture) => ventureRow(venture)),
      empty:
        ventures.length === 0
          ? 'No venture is registered.'
          : `No venture reported its numbers up to ${formatDay(asOf)}.`,
      note: `Dollars a month on ${formatDay(asOf)}; changes since ${formatDay(report.asOfBefore)}. Score: newest assessment, 0 to 5.`,
    },
    ...(silent.length === 0 ? [] : [silentTable(silent, asOf)]),
  ];
}

function ventureRow(venture: VentureLine): Cell[] {
  const { revenue, burn, users, revenueBefore, burnBefore, usersBefore } = venture;
  const profit = revenue === null || burn === null ? null : revenue - burn;
  return [
    { ...nameCell(venture.name), ...(venture.status === 'active' ? {} : { note: `status ${venture.status}` }) },
    numberCell(revenue, 'dollars'),
    changeCell(revenue, revenueBefore, 'dollars', 'good'),
    numberCell(burn, 'dollars'),
    changeCell(burn, burnBefore, 'dollars', 'bad'),
    profit !== null && profit < 0 ? { ...numberCell(profit, 'dollars'), tone: 'bad' } : numberCell(profit, 'dollars'),
    numberCell(users, 'count'),
    changeCell(users, usersBefore, 'count', 'good'),
    scoreCell(venture),
    nameCell(venture.recommendation),
  ];
}

function scoreCell({ score, scoreChange }: VentureLine): Cell {
  if (score === null) return NONE;
  const { text } = figureCell(score);
  return { text: scoreChange === null ? text : `${text} (${formatChange(scoreChange.value, 'score')})` };
}

function silentTable(silent: readonly VentureLine[], asOf: string): Block {
  return {
    kind: 'table',
    title: 'Active ventures without current numbers',
    columns: [
      { title: 'Venture', flex: 1 },
      { title: 'Newest row' },
      { title: 'Age', align: 'right' },
      { title: 'Score', align: 'right' },
    ],
    rows: silent.map((venture) => [
      nameCell(venture.name),
      venture.lastDay === null ? { text: 'never reported', tone: 'bad' } : { text: formatDay(venture.lastDay, asOf) },
      venture.lastDay === null ? NONE : { text: formatAge(secondsBetween(venture.lastDay, asOf)), tone: 'bad' },
      scoreCell(venture),
    ]),
    empty: '',
    note: 'They are in no sum and in no comparison.',
  };
}

function secondsBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 1000;
}
