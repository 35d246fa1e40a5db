import pdfmake from 'pdfmake';
import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import type { ReportDocument } from '../document/blocks.js';
import { reportDocument } from '../document/reportDocument.js';
import type { PortfolioReport } from '../report.js';
import { FONT_FILES } from './fonts.js';
import { CONTENT_WIDTH, pdfSection } from './pdfBlocks.js';
import { PDF_COLORS } from './pdfColors.js';
import { pdfText, REPLACEMENT } from './pdfText.js';
import type { PdfText } from './pdfText.js';

const MARGIN = 42;
/**
 * How far down a page (0 to 1) a heading may stand above a table that is too long to be kept whole: there is room for what
 * follows it, a subheading included, the table's head and two rows of the most lines. Where a row will come to stand cannot be
 * asked: of rows that stay together pdfmake tells where they would have begun.
 */
const LOWEST_HEADING: Readonly<Record<number, number>> = { 1: 0.66, 2: 0.72 };

/** The report as a PDF: A4, fonts embedded, bookmarks for its sections. The same report gives the same bytes. */
export async function reportPdf(report: PortfolioReport): Promise<Buffer> {
  pdfmake.setFonts({ Roboto: { ...FONT_FILES } });
  // Nothing of a report names a file or an address to load.
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => Object.values(FONT_FILES).some((file) => file === path));
  return pdfmake.createPdf(definition(report)).getBuffer();
}

function definition(report: PortfolioReport): TDocumentDefinitions {
  const document = reportDocument(report);
  const text = pdfText();
  const [first, ...others] = document.sections.map((section) => pdfSection(section, report, text));
  return {
    pageSize: 'A4',
    pageMargins: [MARGIN, 52, MARGIN, 48],
    version: '1.7',
    language: 'en',
    displayTitle: true,
    info: {
      title: text(`${document.title}, ${document.period}`),
      subject: document.asOf,
      creator: 'portfolio-exporter',
      producer: 'pdfmake',
      // The moment of the data, so that the same data give the same bytes.
      creationDate: document.moment,
    },
    defaultStyle: { font: 'Roboto', fontSize: 8.5, color: PDF_COLORS.text, lineHeight: 1.1 },
    styles: {
      h2: { fontSize: 13, bold: true, margin: [0, 14, 0, 6] },
      h3: { fontSize: 9.5, bold: true, margin: [0, 8, 0, 1] },
    },
    header: (page) => (page === 1 ? null : runningHead(document, text)),
    footer: (page, pages) => foot(page, pages),
    content: [
      ...title(document, text),
      ...(first ?? []),
      { text: '', pageBreak: 'after' },
      ...others.flat(),
      ...replacementNote(text),
    ],
    pageBreakBefore: ({ headlineLevel, startPosition }) =>
      headlineLevel !== undefined && startPosition.verticalRatio > (LOWEST_HEADING[headlineLevel] ?? 1),
  };
}

function title(document: ReportDocument, text: PdfText): Content[] {
  return [
    { text: text(document.title), color: PDF_COLORS.soft, bold: true, fontSize: 10, margin: [0, -14, 0, 0] },
    { text: document.period, bold: true, fontSize: 22, lineHeight: 1 },
    { text: document.asOf, color: PDF_COLORS.soft, fontSize: 9, margin: [0, 3, 0, 8] },
    {
      canvas: [{ type: 'line', x1: 0, y1: 0, x2: CONTENT_WIDTH, y2: 0, lineWidth: 1.2, lineColor: PDF_COLORS.text }],
      margin: [0, 0, 0, 8],
    },
  ];
}

function runningHead(document: ReportDocument, text: PdfText): Content {
  return {
    margin: [MARGIN, 24, MARGIN, 0],
    fontSize: 7.5,
    color: PDF_COLORS.soft,
    columns: [
      { text: text(`${document.title}, ${document.period}`) },
      { text: document.asOf, alignment: 'right', width: 'auto' },
    ],
  };
}

function foot(page: number, pages: number): Content {
  return {
    margin: [MARGIN, 16, MARGIN, 0],
    fontSize: 7.5,
    color: PDF_COLORS.soft,
    text: `Page ${page} of ${pages}`,
    alignment: 'right',
  };
}

/** Laid out after everything else has been written, so it knows. */
function replacementNote(text: PdfText): Content[] {
  if (!text.hasReplaced()) return [];
  return [
    {
      text: `${REPLACEMENT} stands for a character that the font of this PDF cannot draw; the HTML report shows it.`,
      color: PDF_COLORS.soft,
      fontSize: 7.5,
    },
  ];
}
