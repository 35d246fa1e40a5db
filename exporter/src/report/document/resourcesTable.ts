import { formatBrief } from '../../format/formatBrief.js';
import { visibleText } from '../../format/visibleText.js';
import type { PortfolioReport } from '../report.js';
import type { TableBlock } from './blocks.js';
import { figureCell, nameCell, words } from './cells.js';

const SHOWN_SHARES = 6;

/** Each shared resource with what ventures have of it. */
export function resourcesTable({ resources }: PortfolioReport): TableBlock {
  return {
    kind: 'table',
    title: 'Allocation of shared resources',
    columns: [
      { title: 'Resource', flex: 0.8 },
      { title: 'Type' },
      { title: 'Allocated', align: 'right' },
      { title: 'State' },
      { title: 'To', flex: 1.4 },
    ],
    rows: resources.map(({ name, type, allocation, shares, isOver }) => {
      const shown = shares.slice(0, SHOWN_SHARES);
      const rest = shares.length - shown.length;
      return [
        nameCell(name),
        { text: words(type) },
        figureCell(allocation, 1),
        isOver ? { text: 'over', tone: 'bad' } : { text: 'within', tone: 'good' },
        {
          text:
            shown.map(({ venture, share }) => `${visibleText(venture, 40)} ${formatBrief(share, 'ratio')}`).join(', ') +
            (rest === 0 ? '' : ` and ${rest} more`),
        },
      ];
    }),
    empty: 'No resource is allocated to a venture.',
  };
}
