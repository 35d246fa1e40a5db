import type { Content } from 'pdfmake/interfaces.js';
import { drawChart } from '../chart/drawChart.js';
import type { Block, Cell, Section, TableBlock } from '../document/blocks.js';
import type { PortfolioReport } from '../report.js';
import { PDF_COLORS, TONE_COLORS } from './pdfColors.js';
import { pdfTable } from './pdfTable.js';
import type { PdfText } from './pdfText.js';

/** Between the margins of A4, in points. */
export const CONTENT_WIDTH = 511;
const CHART = {
  text: PDF_COLORS.soft,
  line: PDF_COLORS.line,
  fontFamily: 'Roboto',
  fontSize: 8,
  width: CONTENT_WIDTH,
  height: 122,
  legendLines: 1,
};
/** A table of at most so many lines moves to the next page as a whole; more would leave too much of a page empty. */
const WHOLE_LINES = 26;
/** Characters that a cell of text has room for in a line, roughly. */
const LINE_CHARACTERS = 34;

/** A section: its heading, which is a bookmark too and stays with what follows it, and its blocks. */
export function pdfSection({ title, blocks }: Section, report: PortfolioReport, text: PdfText): Content[] {
  const heading = { text: title, style: 'h2', outline: true };
  const [first, ...others] = blocks.map((block) => pdfBlock(block, report, text));
  const [start, ...rest] = first ?? [];
  const isWhole = start !== undefined && typeof start === 'object' && 'unbreakable' in start;
  return [
    ...(isWhole
      ? [{ stack: [heading, start], unbreakable: true }, ...rest]
      : [{ ...heading, headlineLevel: 1 }, ...(first ?? [])]),
    ...others.flat(),
  ];
}

function pdfBlock(block: Block, report: PortfolioReport, text: PdfText): Content[] {
  switch (block.kind) {
    case 'sentences':
      return [
        {
          ol: block.sentences.map((sentence) => ({ text: text(sentence), margin: [0, 0, 0, 3] })),
          fontSize: 10,
          lineHeight: 1.2,
          markerColor: PDF_COLORS.soft,
          margin: [0, 0, 0, 6],
        },
      ];
    case 'bullets':
      return [
        {
          unbreakable: true,
          stack: [
            { text: block.title, style: 'h3' },
            block.items.length === 0
              ? note(block.empty, PDF_COLORS.soft)
              : {
                  ul: block.items.map((item) => ({ text: text(item), margin: [0, 0, 0, 2] })),
                  markerColor: PDF_COLORS.soft,
                  margin: [0, 2, 0, 4],
                },
          ],
        },
      ];
    case 'note':
      return [note(text(block.text), block.tone === 'soft' ? PDF_COLORS.soft : TONE_COLORS[block.tone])];
    case 'table':
      return tableBlock(block, text);
    case 'chart':
      return [
        {
          unbreakable: true,
          stack: [
            { text: block.title, style: 'h3' },
            block.empty === null
              ? { svg: drawChart(block.chart, report, CHART), width: CONTENT_WIDTH, margin: [0, 3, 0, 4] }
              : note(block.empty, PDF_COLORS.soft),
          ],
        },
      ];
    case 'actions':
      if (block.items.length === 0) return [note(block.empty, PDF_COLORS.soft)];
      return block.items.map(({ action, because, rule }, index) => ({
        unbreakable: true,
        columnGap: 4,
        columns: [
          { text: `${index + 1}.`, width: 14, color: PDF_COLORS.soft },
          {
            stack: [
              { text: text(action), bold: true },
              { text: text(because), margin: [0, 1, 0, 0] },
              { text: text(`Rule: ${rule}.`), color: PDF_COLORS.soft, fontSize: 7.5, margin: [0, 1, 0, 0] },
            ],
          },
        ],
        margin: [0, 0, 0, 7],
      }));
  }
}

function tableBlock(table: TableBlock, text: PdfText): Content[] {
  const isWhole = linesOf(table) <= WHOLE_LINES;
  const content: Content[] = [
    ...(table.title === '' ? [] : [{ text: table.title, style: 'h3', ...(isWhole ? {} : { headlineLevel: 2 }) }]),
    table.rows.length === 0 ? note(table.empty, PDF_COLORS.soft) : pdfTable(table, text),
    ...(table.note === undefined || table.rows.length === 0 ? [] : [note(text(table.note), PDF_COLORS.soft)]),
  ];
  return isWhole ? [{ stack: content, unbreakable: true }] : content;
}

/** About how many lines a table has: what is kept whole must fit on a page whatever its names are. */
function linesOf({ rows }: TableBlock): number {
  return rows.reduce((sum, cells) => sum + Math.max(1, ...cells.map(cellLines)), 0);
}

function cellLines({ text, note: second }: Cell): number {
  return (
    Math.ceil(text.length / LINE_CHARACTERS) + (second === undefined ? 0 : Math.ceil(second.length / LINE_CHARACTERS))
  );
}

function note(text: string, color: string): Content {
  return { text, color, fontSize: 7.5, margin: [0, 3, 0, 4] };
}
