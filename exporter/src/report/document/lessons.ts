import { formatBrief } from '../../format/formatBrief.js';
import { plural, wordList } from '../../format/plural.js';
import { visibleText } from '../../format/visibleText.js';
import { comparedFigure } from '../comparedFigure.js';
import type { InitiativeLine, KpiLine, PortfolioReport } from '../report.js';
import type { Block } from './blocks.js';

const SHOWN = 4;

/** What worked and what did not, as far as numbers tell. */
export function lessons(report: PortfolioReport): Block[] {
  const { kpis, initiatives, overdue } = report;
  const target = kpis.find(
    ({ current }) => current?.metric === 'portfolio_conflict_resolution_average_seconds',
  )?.target;
  const inTime = report.resolvedConflicts.filter(({ seconds }) => target != null && seconds <= target.value).length;
  const late = target == null ? 0 : report.resolvedConflicts.length - inTime;
  const ended = initiatives.filter(({ status }) => status === 'COMPLETED');
  return [
    {
      kind: 'bullets',
      title: 'What worked',
      items: [
        ...sentence('Targets met', kpis.filter((line) => line.target?.met === true).map(kpiWords)),
        ...sentence('Target value reached', initiatives.filter(reachedTarget).map(initiativeWords)),
        ...(inTime === 0 ? [] : [`${plural(inTime, 'conflict')} resolved within ${limitWords(target?.value)}.`]),
      ],
      empty: 'The numbers show nothing that worked.',
    },
    {
      kind: 'bullets',
      title: 'What did not',
      items: [
        ...sentence('Targets missed', kpis.filter((line) => line.target?.met === false).map(kpiWords)),
        ...sentence(
          'Completed below the target value',
          ended.filter((one) => !reachedTarget(one) && one.targetValue !== null).map(initiativeWords),
        ),
        ...(late === 0
          ? []
          : [`${plural(late, 'conflict')} took longer than ${limitWords(target?.value)} to resolve.`]),
        ...(overdue.length === 0 ? [] : [`${plural(overdue.length, 'milestone')} overdue at the end.`]),
      ],
      empty: 'The numbers show nothing that failed.',
    },
  ];
}

function sentence(start: string, words: readonly string[]): string[] {
  return words.length === 0 ? [] : [`${start}: ${wordList(words, SHOWN)}.`];
}

function kpiWords(line: KpiLine): string {
  const figure = comparedFigure(line);
  return figure === null
    ? line.phrase
    : `${line.phrase} ${formatBrief(figure.value, figure.unit, line.target?.value ?? null)}`;
}

function initiativeWords({ name, captured, targetValue }: InitiativeLine): string {
  return `${visibleText(name, 60)} (${formatBrief(captured, 'dollars', targetValue)} of ${formatBrief(targetValue ?? 0, 'dollars')})`;
}

function reachedTarget({ captured, targetValue }: InitiativeLine): boolean {
  return targetValue !== null && targetValue > 0 && captured >= targetValue;
}

function limitWords(seconds: number | undefined): string {
  return seconds === undefined ? 'the target' : formatBrief(seconds, 'seconds');
}
