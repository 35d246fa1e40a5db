import { formatAge } from '../../format/formatAge.js';
import { visibleText } from '../../format/visibleText.js';
import type { PortfolioReport } from '../report.js';
import type { TableBlock } from './blocks.js';
import { NONE } from './cells.js';

/** How old the rows behind each KPI are, and which KPI could not be computed. */
export function dataAgeTable({ ages, failures, isRunning }: PortfolioReport): TableBlock {
  return {
    kind: 'table',
    title: '',
    columns: [
      { title: 'KPI', flex: 1 },
      { title: 'Age of its rows', align: 'right' },
      { title: 'Allowed', align: 'right' },
      { title: 'State' },
    ],
    rows: [
      ...ages.map(({ title, ageSeconds, allowedSeconds }) => [
        { text: visibleText(title) },
        ageSeconds === null ? NONE : { text: ageSeconds === 0 ? 'current' : formatAge(ageSeconds) },
        { text: formatAge(allowedSeconds) },
        ageSeconds === null
          ? { text: 'no row', tone: 'wait' as const }
          : ageSeconds > allowedSeconds
            ? { text: 'late', tone: 'bad' as const }
            : { text: 'in time', tone: 'good' as const },
      ]),
      ...failures.map(({ kpi, message }) => [
        { text: visibleText(kpi), note: visibleText(message, 200) },
        NONE,
        NONE,
        { text: 'failed', tone: 'bad' as const },
      ]),
    ],
    empty: 'No KPI tells the age of its rows.',
    ...(isRunning
      ? {}
      : {
          note: 'At the end of the month. Whether event writers were alive then is not kept, so their KPIs are not listed.',
        }),
  };
}
