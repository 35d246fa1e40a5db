import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explanationCsv } from '../../src/cli/explanationCsv.js';
import { explanationTables } from '../../src/cli/explanationTables.js';
import { groupTotals, shareOutChange } from '../../src/explain/contributions.js';
import type { MetricExplanation, Part } from '../../src/explain/explanation.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { createExporterLogin } from '../support/exporterLogin.js';
import type { ExporterLogin } from '../support/exporterLogin.js';
import { runCommand } from '../support/runCommand.js';

function parts(numbers: Readonly<Record<string, number | null>>): Part[] {
  return Object.entries(numbers).map(([name, numerator]) => ({
    id: `id of ${name}`,
    name,
    component: null,
    group: null,
    numerator,
    denominator: null,
  }));
}

const contributions = shareOutChange(
  'sum',
  parts({ Alpha: 1100, '=Beta, "B"': 400, Delta: null, New: 250 }),
  parts({ Alpha: 1000, '=Beta, "B"': 600, Delta: 300, Old: 100 }),
);

/** 2000 dollars then, 1750 now: +100 - 200 - 300 + 250 - 100 = -250. */
const explanation: MetricExplanation = {
  metric: 'portfolio_revenue_dollars',
  kpi: 'portfolio_performance',
  help: '',
  unit: 'dollars',
  kind: 'sum',
  part: 'venture',
  terms: null,
  asOf: '2026-11-30',
  against: '2026-10-31',
  isApproximate: false,
  series: [
    {
      labels: {},
      value: 1750,
      then: 2000,
      change: -250,
      relativeChange: -0.125,
      contributions,
      groups: groupTotals(contributions),
    },
  ],
};

describe('what is printed', () => {
  it('is a table under a line with value and change, and one of the groups', () => {
    expect(explanationTables(explanation))
      .toBe(`portfolio_revenue_dollars: $2,000 on 31 Oct 2026, $1,750 on 30 Nov 2026: −$250, −12.5%

venture                         then     now  changes it by  of the change
----------  ----------------  ------  ------  -------------  -------------
Alpha       on both sides     $1,000  $1,100          +$100           −40%
=Beta, "B"  on both sides       $600    $400          −$200            80%
Delta       has not reported    $300                  −$300           120%
Old         left                $100                  −$100            40%
New         joined                      $250          +$250          −100%
all                                                   −$250

                  ventures  changes it by  of the change
----------------  --------  -------------  -------------
on both sides            2          −$100            40%
joined                   1          +$250          −100%
left                     1          −$100            40%
has not reported         1          −$300           120%
`);
  });

  it('has cents on every amount where one has them, and points between two percentages', () => {
    const [series] = explanation.series;
    if (series === undefined) throw new Error('no series');
    const shared = (now: number) => shareOutChange('sum', parts({ Alpha: now }), parts({ Alpha: 1000 }));
    const of = (unit: 'dollars' | 'ratio', then: number, value: number, contributions: typeof series.contributions) =>
      explanationTables({
        ...{ ...explanation, unit },
        series: [{ ...series, value, then, change: value - then, relativeChange: null, contributions, groups: [] }],
      });
    const dollars = of('dollars', 1000, 1000.5, shared(1000.5));
    expect(dollars).toContain('$1,000.00 on 31 Oct 2026, $1,000.50 on 30 Nov 2026: +$0.50\n');
    expect(dollars).toMatch(/^Alpha +\$1,000\.00 +\$1,000\.50 +\+\$0\.50 +100%$/m);
    const ratio = of('ratio', 0.25, 0.375, shareOutChange('sum', parts({ Alpha: 0.375 }), parts({ Alpha: 0.25 })));
    expect(ratio).toContain('25% on 31 Oct 2026, 37.5% on 30 Nov 2026: +12.5 pp\n');
    expect(ratio).toMatch(/^Alpha +25% +37\.5% +\+12\.5 pp +100%\nall +\+12\.5 pp$/m);
  });

  it('as CSV is quoted, and no name is a formula', () => {
    const lines = explanationCsv(explanation).split('\r\n');
    expect(lines[0]).toBe(
      'metric,as_of,against,part_id,part,component,group,numerator,denominator,numerator_then,denominator_then,amount,share',
    );
    expect(lines[2]).toBe(
      `portfolio_revenue_dollars,2026-11-30,2026-10-31,"id of =Beta, ""B""","'=Beta, ""B""",,stayed,400,,600,,-200,0.8`,
    );
    expect(lines).toHaveLength(7);
  });
});

describe('portfolio-exporter explain', () => {
  let database: TestDatabase;
  let login: ExporterLogin;
  beforeAll(async () => {
    database = await createDatabase({ template: 'demo' });
    login = await createExporterLogin(database);
  });
  afterAll(async () => {
    await login.drop();
    await database.drop();
  });
  const explain = (...args: string[]) => runCommand(['explain', ...args], { env: { DATABASE_URL: login.url } });

  it('lists every metric with what it is made of, or why it is made of nothing, without a database', async () => {
    const { code, stdout } = await runCommand(['explain']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^portfolio_coordination_overhead_ratio +ratio by venture$/m);
    expect(stdout).toMatch(/^portfolio_conflict_resolution_median_seconds +no parts: a median is /m);
  });

  it('with the rights of the exporter: the change since the end of the previous month, which is what run says of both days', async () => {
    const change = await explain('portfolio_profit_dollars', '--against', '--format', 'json');
    expect(change).toMatchObject({ code: 0, stderr: '' });
    const { against, asOf, series } = JSON.parse(change.stdout) as MetricExplanation;
    expect(against).toBe(new Date(Date.parse(`${asOf.slice(0, 7)}-01`) - 86_400_000).toISOString().slice(0, 10));
    for (const [day, value] of [
      [asOf, series[0]?.value],
      [against ?? '', series[0]?.then],
    ] as const) {
      const run = await runCommand(['run', 'portfolio_performance', '--as-of', day, '--format', 'json'], {
        env: { DATABASE_URL: login.url },
      });
      expect(JSON.parse(run.stdout)).toContainEqual({ metric: 'portfolio_profit_dollars', labels: {}, value });
    }
  });

  it('prints the series that are asked for, and says of which days it knows only part', async () => {
    const all = await explain('portfolio_resource_allocation_ratio');
    const people = await explain('portfolio_resource_allocation_ratio', '--label', 'resource_type=people');
    expect(people.stdout.match(/^portfolio_/gm)?.length).toBeLessThan(all.stdout.match(/^portfolio_/gm)?.length ?? 0);
    expect(all.stderr).toBe('');
    expect((await explain('portfolio_resource_allocation_ratio', '--against')).stderr).toContain(
      'approximate, because',
    );
  });

  it.each([
    [
      ['portfolio_profit_dolars'],
      'no KPI has a metric named portfolio_profit_dolars; did you mean portfolio_profit_dollars?\n',
    ],
    [['portfolio_gate_passed'], 'portfolio_gate_passed has no parts that add up to it: it is passed or not passed'],
    [['portfolio_profit_dollars', '--label', 'venture=Alpha'], 'has no series with venture=Alpha; it has no labels\n'],
    [
      ['portfolio_profit_dollars', '--as-of', '2026-01-01', '--against', '2026-01-01'],
      '--against 2026-01-01 does not lie before 2026-01-01\n',
    ],
    [['portfolio_profit_dollars', '--as-of', '2999-01-01'], '2999-01-01 lies ahead'],
  ])('%j is refused with a sentence', async (args, sentence) => {
    const refused = await explain(...args);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(sentence);
    expect(refused.stderr).not.toMatch(/^\s+at /m);
  });

  it('does not take a KPI of somebody else for the one that it knows', async () => {
    // A function that both queries call, by which they no longer agree.
    const own = await createDatabase({ template: 'demo' });
    try {
      await own.client.query(`
        CREATE OR REPLACE FUNCTION portfolio_silent_ventures(at_day date, carry_forward_days integer) RETURNS TABLE (venture_id uuid)
        LANGUAGE sql STABLE AS 'SELECT NULL::uuid FROM ventures LIMIT 1'`);
      const refused = await runCommand(['explain', 'portfolio_ventures_missing_metrics'], {
        env: { DATABASE_URL: own.url },
      });
      expect(refused.code).toBe(1);
      expect(refused.stderr).toBe(
        'the parts of portfolio_ventures_missing_metrics add up to 0, and the KPI says 1: its SQL is another than the one that sql/explain takes apart\n',
      );
    } finally {
      await own.drop();
    }
  });
});
