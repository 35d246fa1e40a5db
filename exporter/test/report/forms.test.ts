import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { PANEL_COLORS } from '../../src/report/chart/colors.js';
import { reportHtml } from '../../src/report/html/reportHtml.js';
import { pdfText } from '../../src/report/pdf/pdfText.js';
import { reportPdf } from '../../src/report/pdf/reportPdf.js';
import { reportText } from '../../src/report/reportText.js';
import type { ReportFacts } from '../../src/report/summary.js';
import { HOSTILE_NAME } from '../http/sampleStatus.js';
import { figure, initiative, kpiLine, reportWith, resource, venture } from './sampleReport.js';

const NAMES = [
  HOSTILE_NAME,
  '<script>alert(1)</script>',
  '東京 🚀 مرحبا',
  'W'.repeat(500),
  '',
  '=cmd()|{{x}}',
  'a\u202Eb\u0007\nc',
];

/** Forty ventures and forty initiatives, some with names that nobody would give. */
const many: Partial<ReportFacts> = {
  ventures: Array.from({ length: 40 }, (_, index) =>
    venture(NAMES[index] ?? `Venture ${index}`, { id: String(index), isSilent: index % 13 === 1 }),
  ),
  initiatives: Array.from({ length: 40 }, (_, index) =>
    initiative(NAMES[index] ?? `Initiative ${index}`, {
      id: String(index),
      owner: NAMES[index] ?? null,
      nextMilestone: NAMES[index] ?? null,
    }),
  ),
  resources: NAMES.map((name) => ({
    ...resource(name, 1.1),
    shares: NAMES.map((one) => ({ venture: one, share: 0.2 })),
  })),
  resolvedConflicts: NAMES.map((name) => ({ resource: name, detectedOn: '2026-10-02', seconds: 7_200, notes: name })),
  closedAlerts: NAMES.map((name) => ({ alertname: name, entity: name, startedOn: '2026-10-02', seconds: 90 })),
  months: ['2026-09', '2026-10'].map((month) => ({
    month,
    revenue: figure('r', 5, 'dollars'),
    burn: null,
    profit: null,
  })),
  valueMonths: [{ month: '2026-10', costSaved: 1, revenueGenerated: 2, timeSaved: 3 }],
  kpis: [
    kpiLine('portfolio_revenue_dollars', 8_760_000, { baseline: figure('b', 7_000_000, 'dollars') }),
    kpiLine('portfolio_synergy_capture_ratio', 0.2999, {
      name: 'Capture rate',
      target: { threshold: 't', value: 0.3, direction: 'at_least', met: false },
    }),
    kpiLine('portfolio_duplicate_effort_seconds', null, {
      change: figure('reduction', 0.31, 'ratio'),
      isReduction: true,
      targetOf: 'change',
      target: { threshold: 't', value: 0.3, direction: 'at_least', met: true },
    }),
  ],
};

const pagesOf = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0;

describe('the report as HTML and text', () => {
  const html = reportHtml(reportWith(many));
  const text = reportText(reportWith(many));

  it('shows what stands in rows and runs nothing of it', () => {
    expect(html).not.toMatch(/<(script|img|a)\b|<[^>]* on\w+=/i);
    expect(html).toContain('&lt;script>alert(1)&lt;/script>');
    expect(html).toContain('東京 🚀 مرحبا');
    expect(html).toContain('a[U+202E]b[U+0007]⏎c');
    for (const form of [html, text]) expect(form).not.toMatch(/\p{Cf}|NaN|undefined|\[object/u);
  });

  it('loads nothing, and has no style that a Content-Security-Policy refuses', () => {
    expect(html).not.toMatch(/<[^>]* (src|href|style)=|url\((?!#)/);
    expect(html.match(/<style>/g)).toHaveLength(1);
    expect(html.match(/<svg/g)).toHaveLength(6);
  });

  it('tells a number from the target that it misses, a fall from a rise, and nothing from 0', () => {
    expect(text).toMatch(/^Capture rate +– +– +29\.99% +– +≥ 30% +not met$/m);
    expect(text).toMatch(/^portfolio_duplicate_effort_second.* +– +– +– +−31% +≤ −30% +met$/m);
    expect(text).toContain('No conflict is open.');
  });

  it('is the same for the same data', () => {
    expect(reportHtml(reportWith(many))).toBe(html);
  });

  it('says that nothing records alerts, or that none ended', () => {
    expect(reportText(reportWith())).toContain('Nothing records alerts in this database');
    expect(reportText(reportWith({ closedAlerts: [] }))).toContain('No alert ended in the month.');
    expect(
      reportText(
        reportWith({
          closedAlerts: [
            { alertname: 'SynergyInitiativeDelayed', entity: 'Shared', startedOn: '2026-10-02', seconds: 90_000 },
          ],
        }),
      ),
    ).toMatch(/^Synergy initiative delayed +Shared +2 Oct +25 h$/m);
  });
});

describe('the report as PDF', () => {
  it('has the same bytes for the same data, and its page one on one page', async () => {
    const [first, second, empty] = [
      await reportPdf(reportWith(many)),
      await reportPdf(reportWith(many)),
      await reportPdf(reportWith()),
    ];
    expect(first.equals(second)).toBe(true);
    expect(first.toString('latin1')).toMatch(/^%PDF-1\.7/);
    expect(pagesOf(empty)).toBe(3);
    expect(pagesOf(first)).toBeGreaterThan(5);
    expect(pagesOf(first)).toBeLessThan(15);
  });

  it('shows a character that its font cannot draw as one, and breaks words that are too long', () => {
    const text = pdfText();
    expect(text('Żółć Ελλάς Владивосток ễ ≥ −5')).toBe('Żółć Ελλάς Владивосток ễ ≥ −5');
    expect(text.hasReplaced()).toBe(false);
    expect(text('東京 Labs')).toBe('�� Labs');
    expect(text.hasReplaced()).toBe(true);
    expect(text('x'.repeat(30)).replaceAll('\u200B', '')).toBe('x'.repeat(30));
    expect(text('x'.repeat(30))).toContain('\u200B');
    expect(text('since 30 Sep.')).toBe('since 30\u00A0Sep.');
  });
});

describe('the charts', () => {
  it('have the colours of the panels that they are drawn after', async () => {
    const panels: unknown[] = [];
    for (const page of ['portfolio-performance', 'synergy-value']) {
      const file = new URL(`../../../grafana/dashboards/${page}.json`, import.meta.url);
      panels.push(...(JSON.parse(await readFile(file, 'utf8')) as { panels: unknown[] }).panels);
    }
    for (const [title, colors] of Object.entries(PANEL_COLORS)) {
      for (const [name, fixedColor] of Object.entries(colors)) {
        expect(panels, `${title}: ${name}`).toContainEqual(
          expect.objectContaining({
            title,
            fieldConfig: expect.objectContaining({
              overrides: expect.arrayContaining([
                expect.objectContaining({
                  matcher: { id: 'byName', options: name },
                  properties: expect.arrayContaining([
                    { id: 'color', value: { mode: 'fixed', fixedColor } },
                  ]) as unknown,
                }),
              ]) as unknown,
            }) as unknown,
          }),
        );
      }
    }
  });
});
