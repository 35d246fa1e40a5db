import type { VNode } from 'preact';
import { plural } from '../../format/plural.js';
import { kpiLinesTable } from '../../report/document/kpiLinesTable.js';
import { reportDocument } from '../../report/document/reportDocument.js';
import type { PortfolioReport } from '../../report/report.js';
import type { MailContent } from '../mail/mailContent.js';
import { Button, DataTable, Heading, Note, Paragraph } from '../mail/mailParts.js';

/** Columns of the report's table of KPIs that a mail has room for. */
const SHOWN = [0, 3, 4, 6] as const;

export interface ReportMailOptions {
  /** Of the report's page; null: there is none, only what is attached. */
  readonly url: string | null;
}

/** Page one of the report as a mail: the five sentences, the KPIs, and the way to the rest. */
export function reportMail(report: PortfolioReport, { url }: ReportMailOptions): MailContent {
  const document = reportDocument(report);
  const checked = report.kpis.filter((line) => line.target?.met != null);
  const met = checked.filter((line) => line.target?.met === true).length;
  const state =
    checked.length === 0 ? 'no target could be checked' : `${met} of ${plural(checked.length, 'target')} met`;
  return {
    subject: `${document.title}, ${document.period}: ${state}`,
    headline: `${document.title}, ${document.period}`,
    kind: document.asOf,
    preheader: report.summary[0] ?? state,
    footer: 'Sent once a month to who is named in recipients.yaml. The whole report is attached.',
    body: <ReportBody report={report} url={url} />,
  };
}

function ReportBody({ report, url }: { report: PortfolioReport; url: string | null }): VNode {
  const table = kpiLinesTable(report);
  const warnings = reportDocument(report).sections[0]?.blocks.flatMap((block) =>
    block.kind === 'note' ? block.text : [],
  );
  const [first] = report.recommendations;
  return (
    <>
      {report.summary.map((sentence) => (
        <Paragraph key={sentence}>{sentence}</Paragraph>
      ))}
      {warnings?.map((text) => (
        <Note key={text}>{text}</Note>
      ))}
      <Heading>KPIs</Heading>
      <DataTable
        columns={SHOWN.map((index) => ({
          title: table.columns[index]?.title ?? '',
          align: table.columns[index]?.align ?? 'left',
          ...(index === 0 ? { width: '46%' } : {}),
        }))}
        rows={table.rows.map((cells) => SHOWN.map((index) => cells[index]?.text ?? ''))}
      />
      {first !== undefined && <Note>{`First: ${first.action} ${first.because}`}</Note>}
      {url !== null && <Button href={url} label="Open the report" />}
    </>
  );
}
