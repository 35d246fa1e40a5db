import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { KPIS } from '../../../prometheus/src/catalogue.js';
import { THRESHOLD_NAMES } from '../../src/config/thresholdCatalogue.js';
import { PROMTOOL, runPromtool } from '../support/promtool.js';
import { RULES_DIRECTORY } from './ruleFiles.js';
import { loadRuleTests } from './ruleTests.js';
import type { RuleTestFile } from './ruleTests.js';

type Series = RuleTestFile['tests'][number]['input_series'][number];

const LABELS = 'job="portfolio-exporter",instance="south:10039",portfolio="south"';
const series = (metric: string, values: string, more = ''): Series => ({
  series: `${metric}{${LABELS}${more}}`,
  values,
});

/** An exporter of another portfolio that is well: it must not hide what is wrong with the first, nor lend it its limits. */
const WELL: Series[] = [
  ...['up', 'portfolio_database_up', 'portfolio_config_recorded', 'portfolio_config_last_reload_successful'].map(
    (name) => series(name, '1x9000'),
  ),
  ...THRESHOLD_NAMES.map((name) => series('portfolio_threshold', '1000000x9000', `,name="${name}"`)),
  ...Object.keys(KPIS).flatMap((kpi) => {
    const of = `,kpi="${kpi}"`;
    const now = ['attempt', 'success'].map((what) =>
      series(`portfolio_kpi_last_${what}_timestamp_seconds`, '0+5x9000', of),
    );
    return [
      series('portfolio_kpi_acceptable_lag_seconds', '100000000x9000', of),
      series('portfolio_kpi_lag_alert_enabled', '1x9000', of),
      series('portfolio_kpi_history_pending_records', '0x9000', of),
      series('portfolio_kpi_history_last_success_timestamp_seconds', '0+5x9000', of),
      ...now,
    ];
  }),
];
/** One whose exporter is gone: it must not hold back, age or carry on anything of the first. */
const GONE: Series[] = [series('up', '0x9000')];

const directory = mkdtempSync(join(tmpdir(), 'portfolios-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** The alert tests of a file, with all that it watches in portfolio `north` beside another portfolio. */
function besides(file: RuleTestFile, other: readonly Series[]): object {
  const north = (text: string): string => text.replace('{', '{portfolio="north",');
  const tests = file.tests.map(({ input_series, alert_rule_test, promql_expr_test: _, ...test }) => ({
    ...test,
    input_series: [...input_series.map((one) => ({ ...one, series: north(one.series) })), ...other],
    alert_rule_test: alert_rule_test.map(({ exp_alerts, ...one }) => ({
      ...one,
      exp_alerts: exp_alerts.map((alert) => ({ ...alert, exp_labels: { ...alert.exp_labels, portfolio: 'north' } })),
    })),
  }));
  const rule_files = file.rule_files.map((path) => join(RULES_DIRECTORY, path.replace('../rules/', '')));
  return { ...file, rule_files, tests: tests.filter((test) => test.input_series.length > other.length) };
}

const files = [...loadRuleTests()].filter(([, { tests }]) => tests.some((test) => test.alert_rule_test.length > 0));
/** Without any exporter the alert has no portfolio; one that is gone fires itself. */
const OWN = ['PortfolioExporterDown.test.yml', 'Watchdog.test.yml'];

describe.skipIf(PROMTOOL === null)('every alert of a portfolio', () => {
  it.each(files.filter(([name]) => !OWN.includes(name)))('is the same beside others: %s', async (name, file) => {
    for (const [other, present] of Object.entries({ WELL, GONE })) {
      const path = join(directory, `${other}-${name}.json`);
      writeFileSync(path, JSON.stringify(besides(file, present)));
      const { code, output } = await runPromtool(['test', 'rules', path]);
      expect(code, `beside one that is ${other}: ${output.slice(0, 3000)}`).toBe(0);
    }
  });
});
