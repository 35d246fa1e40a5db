import { expect, it, onTestFinished, vi } from 'vitest';
import { createConfigDirectory } from '../support/configDirectory.js';
import { createDatabase } from '../support/database.js';
import { startServe } from '../support/startServe.js';

/** A page of the last second is given to everybody. */
const SHARED_PAGE = { timeout: 60_000, interval: 100 };

const UNIT = `title: Backlog
description: A KPI of one's own.
owner: Nobody
schedule: {every: 5m}
timeout: 5s
acceptable_lag: 1h
alert_when_late: true
as_of: exact
metrics:
  portfolio_backlog_ratio:
    help: A quarter.
    type: gauge
    unit: ratio
    history: true
    target: {threshold: user_growth_target, direction: at_least}
  portfolio_backlog_idle_seconds:
    help: Since then.
    type: gauge
    unit: seconds
    labels: [venture]
`;
const SQL = `-- Idle for 629.03 hours, and not at all.
SELECT NULL AS venture, NULL::numeric AS portfolio_backlog_idle_seconds, 0.25 + 0 * :user_growth_target AS portfolio_backlog_ratio
 UNION ALL
SELECT * FROM (VALUES ('<b>Northwind</b>', 2264508, NULL::numeric), ('Tailspin', 0, NULL)) AS v`;

/** A page as a reader of plain text would get it. */
const words = (html: string): string =>
  html
    .replace(/^.*<body>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replace(/\s+/g, ' ');

// A program is started, beside other tests.
vi.setConfig({ testTimeout: 120_000 });

it('the pages of a real exporter tell what its database, its files and its runs say, and go on without the database', async () => {
  const database = await createDatabase();
  // The last day of last month, one before, and a day that is too old: 25% now is 5 points more than 20% then.
  await database.client.query(`
    INSERT INTO kpi_history (kpi, metric, labels, day, value)
    SELECT 'backlog', 'portfolio_backlog_ratio', '{}', (date_trunc('month', now() AT TIME ZONE 'UTC'))::date - days_before, value
      FROM (VALUES (1, 0.2), (2, 0.9), (100, 5)) AS row (days_before, value)`);
  await database.client.query(`
    INSERT INTO portfolio_coordination_config_history (parameter_name, old_value, new_value, changed_at, changed_by, reason)
    VALUES ('user_growth_target', '0.1', '0.15', '2026-01-02T03:04:05Z', 'grace', 'fourth <quarter>')`);
  const config = await createConfigDirectory({
    'exporter.yaml': `shipped_kpis: false
kpi_directories: [kpis]
jitter: 0s
runbook_url: https://git.example.test/runbook.md
`,
    'kpis/backlog.yaml': UNIT,
    'kpis/backlog.sql': SQL,
  });
  onTestFinished(() => config.remove());
  const exporter = await startServe({ env: { DATABASE_URL: database.url }, args: config.args });
  await exporter.ready();
  const overview = await vi.waitFor(async () => {
    const text = words((await exporter.get('/')).text);
    expect(text).toContain('History: the value that kpi_history keeps');
    return text;
  }, SHARED_PAGE);
  expect(overview).toContain('✓ 1 of 1 KPIs on time , 1 of 1 targets met, database up');
  expect(overview).toMatch(/Backlog Backlog 25% ≥ 15% ✓ met since \d+ \w+ \+5 pp \(better\)/);
  const { status, text } = await exporter.get('/kpi/backlog');
  expect(status).toBe(200);
  const page = words(text);
  // The day that is a hundred before the month is not among the ninety; today's value may be recorded meanwhile.
  expect(page).toMatch(/Backlog: [23] of the last 90 days recorded: from 90% on .* lowest 20% on .*, highest 90% on /);
  expect(page).toContain('2 series, worst first');
  expect(page).toContain('<b>Northwind</b> 26 d 5 h Tailspin 0 h');
  expect(page).toContain(`SQL ${config.file('kpis/backlog.sql')} -- Idle for 629.03 hours`);
  expect(page).toContain('0.25 + 0 * :user_growth_target AS portfolio_backlog_ratio UNION ALL');
  expect(page).toContain('2026-01-02 03:04:05 UTC user_growth_target 10% 15% grace fourth <quarter>');
  expect(page).toMatch(/Last runs Every 300 s\. Next: in .* UTC [\d.]+ m?s ✓ success/);
  expect(page).toContain('Runbook: PortfolioKpiDataStale reads its age');
  expect(text).toContain('href="https://git.example.test/runbook.md#portfoliokpidatastale"');
  expect(page).toContain('No panel that comes with the exporter reads its metrics.');
  const none = await exporter.get('/kpi/backlok');
  expect({ status: none.status, nearest: none.text.includes('Did you mean <a href="/kpi/backlog">') }).toEqual({
    status: 404,
    nearest: true,
  });
  await database.drop();
  await vi.waitFor(async () => {
    const down = words((await exporter.get('/')).text);
    expect(down).toContain('✕ down Database down since');
    expect(down).toMatch(/Backlog Backlog 25% ≥ 15% ✓ met since \d+ \w+ \+5 pp/);
    expect(words((await exporter.get('/kpi/backlog')).text)).toContain('26 d 5 h');
  }, 60_000);
  expect((await exporter.stop()).code).toBe(0);
});
