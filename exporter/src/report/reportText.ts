import { convert } from 'html-to-text';
import { reportHtml } from './html/reportHtml.js';
import type { PortfolioReport } from './report.js';

/** The report as plain text, for a terminal and for mail: the same content as its page, without the charts. */
export function reportText(report: PortfolioReport): string {
  const text = convert(reportHtml(report), {
    wordwrap: 100,
    selectors: [
      { selector: 'head', format: 'skip' },
      { selector: 'figure', format: 'skip' },
      {
        selector: 'table',
        format: 'dataTable',
        options: { uppercaseHeaderCells: false, maxColumnWidth: 34, colSpacing: 2 },
      },
      { selector: 'span.under', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
      { selector: 'h1', options: { uppercase: false } },
      { selector: 'h2', options: { uppercase: true } },
      { selector: 'h3', options: { uppercase: false } },
    ],
  });
  return `${text}\n`;
}
