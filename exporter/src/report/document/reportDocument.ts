import { formatAge } from '../../format/formatAge.js';
import { formatDay, formatMonth } from '../../format/formatDay.js';
import { plural, wordList } from '../../format/plural.js';
import { visibleText } from '../../format/visibleText.js';
import type { PortfolioReport } from '../report.js';
import { alertsTable } from './alertsTable.js';
import type { Block, ReportDocument, Section } from './blocks.js';
import { changesTable } from './changesTable.js';
import { conflictTables } from './conflictTables.js';
import { dataAgeTable } from './dataAgeTable.js';
import { gatesTable } from './gatesTable.js';
import { initiativeTables } from './initiativeTables.js';
import { kpiLinesTable } from './kpiLinesTable.js';
import { lessons } from './lessons.js';
import { recommendationsList } from './recommendationsList.js';
import { resourcesTable } from './resourcesTable.js';
import { ventureTables } from './ventureTables.js';

/** A report in words: what HTML, text and PDF show alike. Text from rows is visible, and not escaped yet. */
export function reportDocument(report: PortfolioReport): ReportDocument {
  const of = report.subject === '' ? '' : ` of ${visibleText(report.subject, 60)}`;
  return {
    title: `Portfolio report${of}`,
    period: formatMonth(report.period),
    asOf: `Data as of ${formatDay(report.asOf)}${report.isRunning ? ', the month is running' : ''}`,
    moment: new Date(report.now),
    sections: [
      summarySection(report),
      { title: 'Trends', blocks: trends(report) },
      { title: 'Ventures', blocks: ventureTables(report) },
      { title: 'Initiatives', blocks: initiativeTables(report) },
      { title: 'Resources and conflicts', blocks: [resourcesTable(report), ...conflictTables(report)] },
      { title: 'Entry and exit gates', blocks: [gatesTable(report)] },
      { title: 'Lessons of the month', blocks: [...lessons(report), alertsTable(report)] },
      { title: 'Recommendations', blocks: [recommendationsList(report)] },
      { title: 'Data behind this report', blocks: [dataAgeTable(report), ...footnotes(report)] },
    ],
  };
}

function summarySection(report: PortfolioReport): Section {
  return {
    title: 'Executive summary',
    blocks: [
      { kind: 'sentences', sentences: report.summary },
      ...warnings(report),
      kpiLinesTable(report),
      ...changesTable(report),
    ],
  };
}

/** What of the numbers on page one is missing or late. */
function warnings({ ages, failures }: PortfolioReport): Block[] {
  const late = ages.filter((age) => age.ageSeconds !== null && age.ageSeconds > age.allowedSeconds);
  const words = [
    ...late.map(
      (age) => `${age.title} is ${formatAge(age.ageSeconds ?? 0)} old (${formatAge(age.allowedSeconds)} allowed)`,
    ),
    ...failures.map(({ kpi }) => `${kpi} could not be computed`),
  ];
  return words.length === 0
    ? []
    : [{ kind: 'note', tone: 'bad', text: `Late or missing data: ${wordList(words, 4)}.` }];
}

function trends(report: PortfolioReport): Block[] {
  const isTrend = report.months.length > 1;
  const of = isTrend ? `, ${plural(report.months.length, 'month')} to ${formatDay(report.asOf)}` : '';
  const empty = isTrend ? null : 'A trend needs two months with venture metrics.';
  return [
    { kind: 'chart', chart: 'revenue', title: `Revenue a month${of}`, empty },
    ...(isTrend
      ? [{ kind: 'chart' as const, chart: 'profit' as const, title: `Burn and profit a month${of}`, empty }]
      : []),
    {
      kind: 'chart',
      chart: 'value',
      title: 'Captured value by month',
      empty: report.valueMonths.length === 0 ? 'No captured value is recorded.' : null,
    },
  ];
}

function footnotes(report: PortfolioReport): Block[] {
  return [
    ...(report.kpis.some((line) => line.current?.approximate === true)
      ? [
          {
            kind: 'note' as const,
            tone: 'soft' as const,
            text: '≈: computed now for a past day from rows that keep no earlier state, so it may differ from what was shown then.',
          },
        ]
      : []),
    {
      kind: 'note',
      tone: 'soft',
      text:
        `Every KPI is its run as of ${formatDay(report.asOf)} (${report.timeZone}); comparisons leave out ventures that have not reported, on both sides. ` +
        `An hour saved counts as $${report.hourlyRate}. A dash: there is no such number.`,
    },
  ];
}
