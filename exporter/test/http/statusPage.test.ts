import { describe, expect, it } from 'vitest';
import { renderStatusPage } from '../../src/http/page/statusPage.js';
import type { StatusModel } from '../../src/http/page/statusModel.js';
import { ago, kpi, metric, status, threshold } from './sampleStatus.js';

/** The page as a reader of plain text would get it: no tags, single spaces. */
function words(model: StatusModel): string {
  const body = renderStatusPage(model).replace(/^.*<body>/s, '');
  return body
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replace(/\s+/g, ' ');
}

describe('the overall state', () => {
  it('counts the KPIs on time and tells the database', () => {
    const text = words(
      status({ kpis: [kpi('a'), kpi('b', { lastSuccess: null }), kpi('c', { lastSuccess: ago(90_000) })] }),
    );
    expect(text).toMatch(/✕ 1 of 3 KPIs on time , database up/);
    expect(words(status())).toMatch(/✓ 1 of 1 KPIs on time , database up/);
  });

  it('calls an empty database neither on time nor late, and says what to do', () => {
    const empty = { metrics: [metric('a', null)] };
    const text = words(status({ kpis: [kpi('a', empty), kpi('b', empty)] }));
    expect(text).toMatch(/○ 0 of 2 KPIs have data , database up/);
    expect(text).toContain('No data yet: it was computed and there are no rows behind it. docs/data-flow.md');
    expect(text).not.toMatch(/on time|Needs attention/);
    expect(words(status({ kpis: [kpi('a', empty), kpi('b')] }))).toMatch(/○ 1 of 2 KPIs on time, 1 without data ,/);
    const late = kpi('b', { lastSuccess: ago(90_000) });
    expect(words(status({ kpis: [kpi('a', empty), late] }))).toMatch(/✕ 0 of 2 KPIs on time, 1 without data ,/);
  });

  it('says since when and why the database is down', () => {
    const text = words(
      status({
        database: { up: false, reason: 'connection refused', since: ago(60), schemaProblem: null, standby: false },
      }),
    );
    expect(text).toContain('✕ database down');
    expect(text).toContain('Database down since 2026-03-08 14:04:09 UTC: connection refused');
  });

  it('does not call an untried database down', () => {
    const text = words(
      status({ database: { up: null, reason: null, since: null, schemaProblem: null, standby: false } }),
    );
    expect(text).toContain('database not tried yet');
    expect(text).not.toContain('database down');
  });

  it('has nothing to attend to when all is well', () => {
    expect(words(status())).not.toContain('Needs attention');
  });

  it('shows why a configuration was refused', () => {
    const config = {
      lastReloadSuccessful: false,
      lastReloadAt: ago(60),
      problems: ['thresholds.yaml:3:5: bad'],
      notRecorded: null,
    };
    expect(words(status({ config }))).toContain(
      'Configuration refused at 2026-03-08 14:04:09 UTC; the previous one stays in force. thresholds.yaml:3:5: bad',
    );
  });

  it('says what is not recorded, and that nothing can be on a standby', () => {
    const since = ago(60);
    const notRecorded = { since, reason: 'permission denied <x>' };
    const database = { up: true, reason: null, since, schemaProblem: null, standby: true };
    const config = { ...status().config, notRecorded };
    const kpis = [kpi('a', { notRecorded: { ...notRecorded, days: ['2026-03-08'] } })];
    expect(words(status({ database }))).toContain(
      'The database is a read-only standby : KPIs are computed, but neither their history nor an edit of the thresholds is recorded.',
    );
    expect(words(status({ database }))).toContain('database up, a read-only standby');
    expect(words(status({ config }))).toContain(
      'Needs attention Thresholds not recorded in the database since 2026-03-08 14:04:09 UTC: permission denied <x>',
    );
    const page = words(status({ kpis }));
    expect(page).toContain('Needs attention A : not recorded in kpi_history');
    expect(page).toMatch(/✓ 1 of 1 KPIs on time/);
  });

  it('says since when and why changes of tables are not heard', () => {
    const changesNotHeard = { since: ago(60), reason: 'LISTEN hears nothing; fix: <b>x</b>' };
    expect(words(status({ changesNotHeard }))).toContain(
      'Needs attention Changes of tables are not heard since 2026-03-08 14:04:09 UTC, KPIs run on schedule only: ' +
        'LISTEN hears nothing; fix: <b>x</b>',
    );
  });

  it('renders without KPIs and thresholds', () => {
    expect(words(status({ kpis: [], thresholds: [] }))).toContain('No KPI is enabled.');
  });
});

describe('a KPI', () => {
  const target = { value: 0.2, direction: 'at_least', thresholdName: 't' } as const;

  it.each([
    [0, 8, null],
    [1, 8, '1 of 8 ventures has not reported'],
    [2, 1200, '2 of 1,200 ventures have not reported'],
    [1, 1, '1 of 1 venture has not reported'],
    [null, 8, null],
  ])('says, where %s of %s ventures are silent, %s', (silent, active, text) => {
    const metrics = [
      metric('portfolio_active_ventures', active, { unit: 'count' }),
      metric('portfolio_ventures_missing_metrics', silent, { unit: 'count' }),
    ];
    const page = words(status({ kpis: [kpi('portfolio_performance', { metrics })] }));
    if (text === null) expect(page).not.toContain('not reported');
    else expect(page).toContain(`${text}: in no comparison over time, and not in the sums.`);
  });

  it('has no figure before its first success', () => {
    const never = kpi('a', {
      lastSuccess: null,
      lastAttempt: null,
      metrics: [metric('portfolio_x_ratio', null, { target })],
    });
    const text = words(status({ kpis: [never] }));
    expect(text).toContain('○ no value yet');
    expect(text).toContain('No value yet: its first run has not ended.');
    expect(text).not.toMatch(/\b0%|\$0|target/);
  });

  it('shows no sample as no sample', () => {
    const text = words(status({ kpis: [kpi('a', { metrics: [metric('portfolio_x_ratio', null, { target })] })] }));
    expect(text).toContain('X no sample target ≥ 20%');
    expect(text).not.toMatch(/✓ met|✕ behind/);
  });

  it.each([
    [0.2, 'at_least', '≥ 20% ✓ met'],
    [0.1999, 'at_least', '≥ 20% ✕ behind'],
    [0.2, 'at_most', '≤ 20% ✓ met'],
    [0.2001, 'at_most', '≤ 20% ✕ behind'],
  ] as const)('%d %s 20%% is told in words', (value, direction, text) => {
    const model = status({
      kpis: [kpi('a', { metrics: [metric('portfolio_x_ratio', value, { target: { ...target, direction } })] })],
    });
    expect(words(model)).toContain(`target ${text}`);
  });

  it('tells both clocks against the acceptable lag', () => {
    const text = words(status({ kpis: [kpi('a', { dataTimestamp: ago(-100) })] }));
    expect(text).toContain('Last success 2 min of 24 h');
    expect(text).toContain('Newest rows current of 24 h');
  });

  it('says the age of stale values before the values', () => {
    const text = words(status({ kpis: [kpi('a', { lastSuccess: ago(273_600) })] }));
    expect(text).toContain('✕ late');
    expect(text).toMatch(/These values are 3 d 4 h old; 24 h is acceptable\..*31\.25%/);
    expect(text).toContain('A : last success 3 d 4 h ago, 24 h is acceptable');
  });

  it('is late by its rows alone', () => {
    const text = words(status({ kpis: [kpi('a', { dataTimestamp: ago(100_000) })] }));
    expect(text).toContain('newest rows are 27 h 46 min old');
    expect(text).not.toContain('last success 2 min ago');
  });

  it('shows its last error with time, and whether it still fails', () => {
    const error = { at: ago(60), result: 'timeout', message: 'canceling statement' };
    const failing = words(status({ kpis: [kpi('a', { lastError: error })] }));
    expect(failing).toContain('! last run failed');
    expect(failing).toContain('Last error 1 min ago, timeout (2026-03-08 14:04:09 UTC) canceling statement');
    const recovered = words(status({ kpis: [kpi('a', { lastError: error, lastSuccess: ago(1) })] }));
    expect(recovered).toContain('timeout; succeeded since');
    expect(recovered).not.toContain('last run failed');
  });

  it('shows at most 20 rows and counts the others', () => {
    const samples = Array.from({ length: 1000 }, (_, index) => ({ labels: { check: `c${index}` }, value: index }));
    const model = status({
      kpis: [kpi('a', { metrics: [metric('portfolio_x', null, { unit: 'count', labels: ['check'], samples })] })],
    });
    const html = renderStatusPage(model);
    expect(html.match(/<th scope="row" class="label"/g)).toHaveLength(20);
    expect(words(model)).toContain('and 980 more; all are on /metrics');
  });

  it('sums up series without a target: counts that are not 0, the greatest of another unit', () => {
    const samples = [-3, 0, 7200].map((value) => ({ labels: { i: String(value) }, value }));
    const of = (name: string, unit: 'count' | 'seconds') => metric(name, null, { unit, labels: ['i'], samples });
    const metrics = [of('portfolio_checks', 'count'), of('portfolio_idle_seconds', 'seconds')];
    const text = words(status({ kpis: [kpi('a', { metrics })] }));
    expect(text).toContain('Checks 2 of 3 not 0 Idle 2 h greatest of 3');
  });

  it('counts the series that reach the target', () => {
    const samples = [0.1, 0.2, 0.3].map((value) => ({ labels: { i: String(value) }, value }));
    const model = status({
      kpis: [kpi('a', { metrics: [metric('portfolio_x_ratio', null, { labels: ['i'], samples, target })] })],
    });
    expect(words(model)).toContain('2 of 3 target ≥ 20% ✕ 1 behind');
  });
});

describe('links and thresholds', () => {
  it('links the dashboards only where Grafana is configured', () => {
    expect(renderStatusPage(status())).toContain('href="/dashboards/portfolio-performance"');
    const without = status({ grafanaUrl: null });
    expect(renderStatusPage(without)).not.toContain('href="/dashboards/');
    expect(words(without)).toContain('no Grafana URL is configured');
  });

  it('shows each threshold as the file writes it, and which were changed', () => {
    const text = words(
      status({
        thresholds: [
          threshold('a_target', 0.2),
          threshold('an_alert', 259_200, { unit: 'seconds', category: 'alerts', isDefault: false }),
          threshold('given', 1, { formatted: 'as written' }),
        ],
      }),
    );
    expect(text).toMatch(/a_target 20% What/);
    expect(text).toMatch(/an_alert 3d · changed/);
    expect(text).toContain('given as written');
  });
});
