import { expect, it } from 'vitest';
import { reportMail } from '../../../src/actions/monthly/reportMail.js';
import { renderMail } from '../../../src/actions/mail/mailContent.js';
import { kpiLine, reportWith, venture } from '../../report/sampleReport.js';

it('tells page one of the report, and the way to the rest', () => {
  const target = { threshold: 't', value: 0.3, direction: 'at_least', met: false } as const;
  const report = reportWith({
    ventures: [venture('<b>Vela</b>', { isSilent: true })],
    kpis: [kpiLine('portfolio_synergy_capture_ratio', 0.25, { name: 'Capture rate', target })],
    failures: [{ kpi: 'Venture scores', message: 'away' }],
  });
  const mail = renderMail(reportMail(report, { url: 'https://actions.example.test/reports/1' }));
  expect(mail.subject).toBe('Portfolio report, October 2026: 0 of 1 target met');
  for (const sentence of report.summary) expect(mail.text.replaceAll(/\s+/g, ' ')).toContain(sentence);
  expect(mail.text).toMatch(/Capture rate +25% +– +not met/);
  expect(mail.text).toContain('Late or missing data: Venture scores could not be computed.');
  expect(mail.text).toContain('https://actions.example.test/reports/1');
  expect(mail.html).not.toContain('<b>Vela');
  expect(renderMail(reportMail(reportWith(), { url: null })).subject).toBe(
    'Portfolio report, October 2026: no target could be checked',
  );
});
