import type { VNode } from 'preact';
import { HtmlPage, renderHtml } from '../../server/htmlPage.js';
import type { ChartForm } from '../chart/chartForm.js';
import { drawChart } from '../chart/drawChart.js';
import type { Block, ReportDocument } from '../document/blocks.js';
import { reportDocument } from '../document/reportDocument.js';
import type { PortfolioReport } from '../report.js';
import { REPORT_STYLE } from './reportStyle.js';
import { ReportTable } from './reportTable.js';

const CHART: Omit<ChartForm, 'width' | 'height' | 'legendLines'> = {
  text: 'currentColor',
  line: 'rgba(128,138,150,0.35)',
  fontFamily: 'inherit',
  fontSize: 12,
};
/** Drawn twice, because a picture for a screen cannot be read on a phone. */
const CHART_SIZES = [
  { screen: 'wide', width: 940, height: 300, legendLines: 1 },
  { screen: 'narrow', width: 360, height: 280, legendLines: 2 },
] as const;

/** The report as one HTML page that loads nothing and runs nothing: light and dark, on a phone, and on paper. */
export function reportHtml(report: PortfolioReport): string {
  return renderHtml(<Page document={reportDocument(report)} report={report} />);
}

function Page({ document, report }: { document: ReportDocument; report: PortfolioReport }): VNode {
  return (
    <HtmlPage title={`${document.title}, ${document.period}`} style={REPORT_STYLE}>
      <header>
        <p class="kicker">
          <bdi>{document.title}</bdi>
        </p>
        <h1>{document.period}</h1>
        <p class="as-of">{document.asOf}</p>
      </header>
      <main>
        {document.sections.map(({ title, blocks }) => (
          <section key={title}>
            <h2>{title}</h2>
            {blocks.map((block, index) => (
              <BlockView key={index} block={block} report={report} />
            ))}
          </section>
        ))}
      </main>
    </HtmlPage>
  );
}

function BlockView({ block, report }: { block: Block; report: PortfolioReport }): VNode {
  switch (block.kind) {
    case 'sentences':
      return (
        <ol class="sentences">
          {block.sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ol>
      );
    case 'bullets':
      return (
        <>
          <h3>{block.title}</h3>
          {block.items.length === 0 ? (
            <p class="empty">{block.empty}</p>
          ) : (
            <ul class="bullets">
              {block.items.map((item) => (
                <li key={item}>{item}</li>
              ))}
            </ul>
          )}
        </>
      );
    case 'note':
      return <p class={`note ${block.tone}`}>{block.text}</p>;
    case 'table':
      return <ReportTable table={block} />;
    case 'chart':
      return (
        <figure>
          <figcaption>{block.title}</figcaption>
          {block.empty === null ? (
            CHART_SIZES.map(({ screen, ...size }) => (
              <div
                key={screen}
                class={screen}
                role="img"
                aria-label={block.title}
                // The texts in it are months, amounts and our own names.
                dangerouslySetInnerHTML={{ __html: drawChart(block.chart, report, { ...CHART, ...size }) }}
              />
            ))
          ) : (
            <p class="empty">{block.empty}</p>
          )}
        </figure>
      );
    case 'actions':
      return block.items.length === 0 ? (
        <p class="empty">{block.empty}</p>
      ) : (
        <ol class="actions">
          {block.items.map(({ action, because, rule }) => (
            <li key={action}>
              <b>{action}</b> {because} <span class="rule">Rule: {rule}.</span>
            </li>
          ))}
        </ol>
      );
  }
}
