import type { Alignment, Content, CustomTableLayout, TableCell } from 'pdfmake/interfaces.js';
import type { Cell, Column, TableBlock } from '../document/blocks.js';
import { PDF_COLORS, TONE_COLORS } from './pdfColors.js';
import type { PdfText } from './pdfText.js';

/** A table of few columns has room between them. */
const FEW_COLUMNS = 5;
/** Rows that stay with the head where a table begins at the end of a page. */
const FIRST_ROWS = 2;

/** Of the width, about what columns of text have together. */
const TEXT_PERCENT = 60;

/** Lines under the head, between rows and above a total; none at the sides. */
const layout = (padding: number): CustomTableLayout => ({
  hLineWidth: (line, { table }) => (line === 0 || line === table.body.length ? 0 : 0.5),
  vLineWidth: () => 0,
  hLineColor: (line, { table }) => (line === table.headerRows ? PDF_COLORS.strong : PDF_COLORS.line),
  paddingLeft: (column) => (column === 0 ? 0 : padding),
  paddingRight: (column, { table }) => (column === (table.widths?.length ?? 0) - 1 ? 0 : padding),
  paddingTop: () => 2.8,
  paddingBottom: () => 2.8,
});

/** A table whose head is repeated on each page, whose rows are whole, and whose head never stands alone. */
export function pdfTable(table: TableBlock, text: PdfText): Content {
  const { columns, rows, total } = table;
  return {
    layout: layout(columns.length <= FEW_COLUMNS ? 14 : 6),
    margin: [0, 2, 0, 0],
    table: {
      headerRows: 1,
      keepWithHeaderRows: Math.min(rows.length, FIRST_ROWS),
      dontBreakRows: true,
      widths: widthsOf(columns),
      body: [
        columns.map((column) => headCell(column)),
        ...rows.map((cells) => cells.map((cell, index) => bodyCell(cell, columns[index], index === 0, text))),
        ...(total === undefined ? [] : [total.map((cell, index) => bodyCell(cell, columns[index], true, text))]),
      ],
    },
  };
}

/** Columns of text share what the others leave; where their shares differ, the largest takes what is over. */
function widthsOf(columns: readonly Column[]): string[] {
  const shares = columns.flatMap(({ flex }) => flex ?? []);
  const [largest, sum] = [Math.max(...shares), shares.reduce((total, share) => total + share, 0)];
  return columns.map(({ flex }) =>
    flex === undefined ? 'auto' : flex === largest ? '*' : `${Math.round((TEXT_PERCENT * flex) / sum)}%`,
  );
}

function headCell({ title, align }: Column): TableCell {
  return { text: title, alignment: align ?? 'left', bold: true, fontSize: 7.5, color: PDF_COLORS.soft };
}

function bodyCell(cell: Cell, column: Column | undefined, isHead: boolean, text: PdfText): TableCell {
  const alignment: Alignment = column?.align ?? 'left';
  const isNumber = alignment === 'right';
  const main = {
    text: text(cell.text),
    alignment,
    color: cell.tone === undefined ? PDF_COLORS.text : TONE_COLORS[cell.tone],
    bold: isHead || cell.tone === 'good' || cell.tone === 'bad',
    noWrap: isNumber,
  };
  if (cell.note === undefined) return main;
  const note = { text: text(cell.note), alignment, color: PDF_COLORS.soft, fontSize: 7, bold: false, noWrap: isNumber };
  return { stack: [main, note] };
}
