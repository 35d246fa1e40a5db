import { describe, expect, it } from 'vitest';
import { renderStatusPage } from '../../src/http/page/statusPage.js';
import type { KpiStatus, MetricStatus, StatusModel } from '../../src/http/page/statusModel.js';
import { renderKpiPage } from '../../src/http/page/kpiPage.js';
import { ago, kpi, metric, status, threshold } from './sampleStatus.js';

/** The page as a reader of plain text would get it: no tags, single spaces. */
function words(model: StatusModel): string {
  return plain(renderStatusPage(model));
}

function page(one: KpiStatus): string {
  return plain(renderKpiPage(status({ kpis: [one] }), one));
}

function plain(html: string): string {
  return html
    .replace(/^.*<body>/s, '')
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
    expect(text).toMatch(/✕ 1 of 3 KPIs on time ?, database up/);
    expect(words(status())).toMatch(/✓ 1 of 1 KPIs on time ?, database up/);
  });

  it('calls an empty database neither on time nor late, and says what to do', () => {
    const empty = { metrics: [metric('a', null)] };
    const text = words(status({ kpis: [kpi('a', empty), kpi('b', empty)] }));
    expect(text).toMatch(/○ 0 of 2 KPIs have data ?, database up/);
    expect(page(kpi('a', empty))).toContain(
      'No data yet: it was computed and there are no rows behind it. docs/data-flow.md',
    );
    expect(text).toContain('data none yet run 2 min ago ○ no data yet');
    expect(text).not.toMatch(/on time|Needs attention/);
    const step = 'Next step The database has no rows yet';
    expect(text).toContain(step);
    expect(text).toContain('portfolio-exporter import ventures.csv venture_metrics.csv');
    expect(words(status({ kpis: [kpi('a', empty), kpi('b')] }))).not.toContain(step);
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

  it('tells one cause once: the database is down, several KPIs cannot be recorded', () => {
    const lastError = { at: ago(60), result: 'database_unavailable', message: 'connection refused' };
    const database = { up: false, reason: 'connection refused', since: ago(60), schemaProblem: null, standby: false };
    const kpis = [
      kpi('a', { lastError }),
      kpi('b', { lastError, notRecorded: { since: ago(60), days: ['2026-03-08'], reason: 'disk full' } }),
      kpi('c', { lastError: { ...lastError, result: 'timeout', message: 'too slow' } }),
      kpi('d', { notRecorded: { since: ago(60), days: ['2026-03-08'], reason: 'disk full' } }),
      kpi('e', { lastSuccess: null, lastError }),
    ];
    const text = words(status({ database, kpis }));
    expect(text).toContain('connection refused; 3 KPIs wait for it Runbook: PortfolioDatabaseDown');
    expect(text.match(/connection refused/g)).toHaveLength(1);
    expect(text).not.toContain('first run');
    expect(text).toContain('C : last run failed (timeout), too slow');
    expect(text).toContain('! not recorded B , D : not recorded in kpi_history, disk full');
    expect(words(status({ kpis }))).toContain('A : last run failed (database_unavailable), connection refused');
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
      'Needs attention ! not recorded Thresholds not recorded in the database since 2026-03-08 14:04:09 UTC: permission denied <x>',
    );
    const shown = words(status({ kpis }));
    expect(shown).toContain('Needs attention ! not recorded A : not recorded in kpi_history, permission denied <x>');
    expect(shown).toMatch(/✓ 1 of 1 KPIs on time/);
  });

  it('says since when and why changes of tables are not heard', () => {
    const changesNotHeard = { since: ago(60), reason: 'LISTEN hears nothing; fix: <b>x</b>' };
    expect(words(status({ changesNotHeard }))).toContain(
      'Needs attention ! not heard Changes of tables are not heard since 2026-03-08 14:04:09 UTC, KPIs run on schedule only: ' +
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
    const shown = words(status({ kpis: [kpi('portfolio_performance', { metrics })] }));
    if (text === null) expect(shown).not.toContain('not reported');
    else expect(shown).toContain(`${text}: in no comparison over time, and not in the sums.`);
  });

  it('has no figure before its first success', () => {
    const never = kpi('a', {
      lastSuccess: null,
      lastAttempt: null,
      metrics: [metric('portfolio_x_ratio', null, { target })],
    });
    const text = words(status({ kpis: [never] }));
    expect(text).toContain('○ no value yet A : its first run has not ended Wait for its first run');
    expect(text).not.toMatch(/\b0%|\$0|target/);
    expect(page(never)).toContain('No value yet: its first run has not ended.');
  });

  it('shows no sample as no sample', () => {
    const text = words(status({ kpis: [kpi('a', { metrics: [metric('portfolio_x_ratio', null, { target })] })] }));
    expect(text).toContain('no data yet');
    const rows = { dataTimestamp: ago(1), metrics: [metric('portfolio_x_ratio', null, { target })] };
    expect(words(status({ kpis: [kpi('a', rows)] }))).toContain('A X no sample ≥ 20%');
    expect(text).not.toMatch(/✓ met|✕ behind/);
  });

  it.each([
    [0.2, 'at_least', '≥ 20% ✓ met'],
    [0.1999, 'at_least', '≥ 20% ✕ behind'],
    [0.2, 'at_most', '≤ 20% ✓ met'],
    [0.2001, 'at_most', '≤ 20% ✕ behind'],
  ] as const)('%d %s 20%% is told in words', (value, direction, text) => {
    const one = kpi('a', { metrics: [metric('portfolio_x_ratio', value, { target: { ...target, direction } })] });
    expect(words(status({ kpis: [one] }))).toContain(text);
    expect(page(one)).toContain(`target ${text}`);
  });

  it('tells the older of both clocks against the acceptable lag, and both on its page', () => {
    const line = (more: object): string => words(status({ kpis: [kpi('a', more)] }));
    expect(line({ dataTimestamp: ago(-100) })).toContain('data 2 min of 24 h');
    expect(line({ dataTimestamp: ago(7_200) })).toContain('data 2 h of 24 h');
    expect(page(kpi('a', { dataTimestamp: ago(-100) }))).toContain(
      'Computed 2 min ago. Newest rows: current. Acceptable: 24 h.',
    );
  });

  it('says first what is late, by how much and where to read on', () => {
    const late = kpi('resource_conflicts', { lastSuccess: ago(273_600) });
    const text = words(status({ kpis: [kpi('b'), late] }));
    expect(text).toMatch(
      /Needs attention ✕ late Resource conflicts : last success 3 d 4 h ago, 24 h is acceptable Runbook: ConflictDetectionDown .*31\.3%/,
    );
    const html = renderStatusPage(status({ kpis: [late], runbookUrl: 'https://git.example.test/runbook.md' }));
    expect(html).toContain('<a href="https://git.example.test/runbook.md#conflictdetectiondown">');
    expect(page(late)).toContain('These values are late: last success 3 d 4 h ago, 24 h is acceptable.');
    const rows = words(status({ kpis: [kpi('a', { dataTimestamp: ago(100_000) })] }));
    expect(rows).toContain('newest rows are 27 h 46 min old, 24 h is acceptable Runbook: PortfolioKpiDataStale');
  });

  it('shows its last error with its age, and whether it still fails', () => {
    const error = { at: ago(60), result: 'timeout', message: 'canceling statement' };
    const failing = kpi('a', { lastError: error });
    expect(words(status({ kpis: [failing] }))).toContain(
      '! failing A : last run failed (timeout), canceling statement Runbook: PortfolioKpiFailing',
    );
    expect(page(failing)).toContain('Last error 1 min ago, timeout. Runbook: PortfolioKpiFailing canceling statement');
    const recovered = page(kpi('a', { lastError: error, lastSuccess: ago(1) }));
    expect(recovered).toContain('timeout; succeeded since');
    expect(recovered).not.toContain('last run failed');
  });

  it('says which targets are not reached, of several series how many and the worst by name', () => {
    const samples = [0.1, 0.25, 0.05].map((value, index) => ({
      labels: { initiative_id: String(index), initiative: `Joint <b>${index}</b>` },
      value,
    }));
    const labels = ['initiative_id', 'initiative'];
    const metrics = [
      metric('portfolio_x_ratio', null, { labels, samples, target }),
      metric('portfolio_wait_seconds', 190_800, {
        unit: 'seconds',
        target: { value: 172_800, direction: 'at_most', thresholdName: 't' },
      }),
      metric('portfolio_y_ratio', 0.3, { target }),
    ];
    const text = words(status({ kpis: [kpi('a', { metrics })] }));
    expect(text).toContain('✕ behind A : X: 2 of 3 behind, target ≥ 20%, worst 5% (Joint <b>2</b>)');
    expect(text).toContain('✕ behind A : Wait 2 d 5 h, target ≤ 2 d');
    expect(text).toContain('A X 2 of 3 behind worst 5% ≥ 20% ✕ behind 1 of 3 targets met');
    expect(text).toContain('✓ 1 of 1 KPIs on time , 1 of 3 targets met, database up');
  });

  it.each([
    ['count', null, [-3, 0, 7200], '2 of 3 not 0 greatest 7,200'],
    ['count', 'yes_no', [1, 0, 1], '2 of 3 yes'],
    ['seconds', null, [0, 547_200, 60], '6 d 8 h greatest of 3'],
    ['seconds', 'working_time', [0, 547_200, 60], '152 h greatest of 3'],
    ['dollars', null, [], 'none'],
  ] as const)('sums up series in %s, shown as %s, without a target: %j', (unit, shownAs, values, text) => {
    const samples = values.map((value) => ({ labels: { i: String(value) }, value }));
    const metrics = [metric('portfolio_idle', null, { unit, shownAs, labels: ['i'], samples })];
    expect(words(status({ kpis: [kpi('a', { metrics, dataTimestamp: ago(1) })] }))).toContain(`Idle ${text}`);
  });

  it('shows 200 of 10,000 series, the worst first, and where the others are', () => {
    const samples = Array.from({ length: 10_000 }, (_, index) => ({
      labels: { check: `c${index}` },
      value: index / 1e4,
    }));
    const one = kpi('a', { metrics: [metric('portfolio_x_ratio', null, { labels: ['check'], samples, target })] });
    const html = renderKpiPage(status({ kpis: [one] }), one);
    expect(html.match(/<th scope="row" class="label"/g)).toHaveLength(200);
    expect(page(one)).toMatch(/200 of 10,000, worst first; \/metrics has all .* c0 0% ✕ behind c1 0\.01% ✕ behind/);
    expect(html.length).toBeLessThan(200_000);
  });
});

describe('the past of a KPI', () => {
  const of = (day: string, least: number, greatest = least) => ({
    day,
    least,
    greatest,
    series: least === greatest ? 1 : 2,
  });
  // NOW is 8 March 2026: ninety days begin on 9 December, February ended on the 28th.
  const remembered = (days: ReturnType<typeof of>[], more: Partial<KpiStatus['past']> = {}): KpiStatus['past'] => ({
    value: { today: '2026-03-08', days: new Map([['portfolio_a_ratio', days]]) },
    readAt: ago(30),
    problem: null,
    ...more,
  });
  const target = { value: 0.3, direction: 'at_least', thresholdName: 't' } as const;
  const withPast = (past: KpiStatus['past'], more: Partial<MetricStatus> = {}): KpiStatus =>
    kpi('a', { past, metrics: [metric('portfolio_a_ratio', 0.3125, { history: true, ...more })] });
  const line = (one: KpiStatus): string => words(status({ kpis: [one] }));

  it('is compared with the last day of the month before', () => {
    const days = [of('2026-01-31', 0.9), of('2026-02-28', 0.3), of('2026-03-08', 0.3125)];
    expect(line(withPast(remembered(days), { target }))).toContain('since 28 Feb +1.3 pp (better)');
    expect(line(withPast(remembered(days), { target: { ...target, direction: 'at_most' } }))).toContain(
      '+1.3 pp (worse)',
    );
    expect(line(withPast(remembered(days)))).toMatch(/since 28 Feb \+1\.3 pp (?!\()/);
    expect(line(withPast(remembered([of('2026-02-28', 0.3125)])))).toContain('since 28 Feb no change');
  });

  it('names the day where the month was recorded last on another, and invents none', () => {
    expect(line(withPast(remembered([of('2026-02-26', 0.4), of('2026-03-01', 0.1)])))).toContain(
      '−8.8 pp since 26 Feb',
    );
    expect(line(withPast(remembered([of('2026-01-31', 0.4), of('2026-03-01', 0.1)])))).toContain(
      'since 28 Feb not known',
    );
  });

  it('of many series compares the worst with the worst, and draws the worst', () => {
    const samples = [0.2, 0.5].map((value) => ({ labels: { venture: String(value) }, value }));
    const days = [of('2026-02-28', 0.1, 0.8), of('2026-03-08', 0.2, 0.5)];
    const one = withPast(remembered(days), { labels: ['venture'], samples, target });
    expect(line(one)).toContain('+10 pp (better)');
    expect(renderKpiPage(status({ kpis: [one] }), one)).toContain('from 10% on 28 Feb to 20% on 8 Mar');
  });

  it('is drawn on the days that are recorded: gaps are gaps, a day alone is a dot', () => {
    const days = [
      of('2025-12-09', 0),
      of('2025-12-10', 1),
      of('2026-02-28', 0.5),
      of('2026-03-07', 0.5),
      of('2026-03-08', 1),
    ];
    const html = renderStatusPage(status({ kpis: [withPast(remembered(days))] }));
    expect([...html.matchAll(/class="line(?: dot)?" d="([^"]*)"/g)].map(([, d]) => d)).toEqual([
      'M0 30L1 2',
      'M81 16h0',
      'M88 16L89 2',
    ]);
    expect(html).toContain(
      'aria-label="5 of the last 90 days recorded: from 0% on 9 Dec 2025 to 100% on 8 Mar; lowest 0% on 9 Dec 2025, highest 100% on 10 Dec 2025"',
    );
  });

  it('says when it was read and, where it cannot be, why, and how old that is which is drawn', () => {
    const days = [of('2026-02-28', 0.3)];
    expect(line(withPast(remembered(days)))).toContain('read 30 s ago');
    const problem = 'connect ECONNREFUSED <b>';
    expect(line(withPast(remembered(days, { readAt: ago(7_200), problem })))).toContain(
      '! History not read: connect ECONNREFUSED <b>; what is drawn was read 2 h ago',
    );
    const never = line(withPast({ value: null, readAt: null, problem }));
    expect(never).toContain('! History not read: connect ECONNREFUSED <b> ');
    expect(never).not.toMatch(/pp|no change/);
    expect(line(withPast({ value: null, readAt: null, problem: null }))).toContain('History: not read yet.');
    expect(line(kpi('a'))).toContain('no daily record');
  });
});

describe('the page of a KPI', () => {
  it('has its definition, thresholds with their changes, runs and readers, all of it escaped', () => {
    const one = kpi('coordination_overhead', {
      metrics: [metric('portfolio_coordination_overhead_ratio', 0.08)],
      sql: { file: '/etc/kpis/<i>.sql', text: "SELECT '<script>' AS x" },
      parameters: [{ name: 'time_zone', value: 'Europe/Berlin' }],
      thresholds: ['hourly_rate'],
      freshness: 'the oldest heartbeat of <u>x</u>',
      runs: [
        { at: ago(60), seconds: 0.0123, waitSeconds: 0, attempts: 1, result: 'success', message: null },
        { at: ago(120), seconds: 12.34, waitSeconds: 5, attempts: 3, result: 'error', message: 'it <b>broke</b>' },
      ],
    });
    const change = { parameterName: 'hourly_rate', unit: 'dollars', oldValue: '75', newValue: '80' };
    const changes = [
      { ...change, changedAt: ago(86_400), changedBy: 'ops <x>', reason: 'review' },
      { ...change, oldValue: '70', newValue: '75', changedAt: ago(172_800), changedBy: 'ops', reason: null },
      { ...change, parameterName: 'user_growth_target', changedAt: ago(1), changedBy: 'nobody', reason: null },
    ];
    const model = status({ kpis: [one], thresholdChanges: { value: changes, readAt: ago(9), problem: null } });
    const text = plain(renderKpiPage(model, one));
    for (const part of [
      '/etc/kpis/<i>.sql',
      "SELECT '<script>' AS x",
      ':time_zone Europe/Berlin',
      'Age of the rows the oldest heartbeat of <u>x</u>',
      'hourly_rate What this number is compared with, and by whom. $75',
      '2026-03-07 14:05:09 UTC hourly_rate $75 $80 ops <x> review 2026-03-06 14:05:09 UTC hourly_rate $70 $75 ops no reason given',
      '2026-03-08 14:04:09 UTC 12 ms ✓ success',
      '2026-03-08 14:03:09 UTC 12.3 s, 3 attempts, after 5 s of waiting ✕ error it <b>broke</b>',
      'Runbook: CoordinationOverheadExceedsThreshold reads Coordination overhead',
      'Resource efficiency : ',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('nobody');
    const unread = { value: null, readAt: null, problem: 'permission denied' };
    expect(plain(renderKpiPage({ ...model, thresholdChanges: unread }, one))).toContain(
      '! Changes not read: permission denied',
    );
  });

  it('says of a KPI of one’s own that no panel reads it', () => {
    expect(page(kpi('own'))).toContain('No panel that comes with the exporter reads its metrics.');
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
