import { Gauge, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../src/kpi/unit/unit.js';
import { renderKpi } from '../../src/metrics/renderKpi.js';
import { kpiUnit, metric } from '../support/kpiUnit.js';
import { parseMetrics } from '../support/metricsText.js';
import { checkMetrics, PROMTOOL } from '../support/promtool.js';

const NAMES = [
  'Northwind',
  'quote " quote',
  "it's",
  'back\\slash',
  'ends in a backslash\\',
  '\\n is no line end',
  'two\nlines',
  '\r carriage return',
  'tab\tbed',
  '"><script>alert(1)</script>',
  '{a="b",c="d"} 7',
  '# HELP portfolio_a x',
  '🙂 größe 東京 \u2028 \u200b',
  '',
  ' ',
  'x'.repeat(5_000),
];

const sample = (value: number, labels: Record<string, string> = {}, name = 'portfolio_a'): Sample => ({
  metric: name,
  labels,
  value,
});

describe('renderKpi', () => {
  it('writes HELP, TYPE and a line per sample, in the order of the YAML', async () => {
    const unit = kpiUnit({
      metrics: [
        metric('portfolio_b', { labels: ['venture', 'owner'] }),
        metric('portfolio_a'),
        metric('portfolio_none'),
      ],
    });
    const samples = [
      sample(1),
      sample(2, { venture: 'x', owner: 'Ada' }, 'portfolio_b'),
      sample(3, { venture: 'y', owner: '' }, 'portfolio_b'),
    ];
    expect(await renderKpi(unit, samples)).toBe(
      [
        '# HELP portfolio_b Help of portfolio_b.',
        '# TYPE portfolio_b gauge',
        'portfolio_b{venture="x",owner="Ada"} 2',
        'portfolio_b{venture="y",owner=""} 3',
        '',
        '# HELP portfolio_a Help of portfolio_a.',
        '# TYPE portfolio_a gauge',
        'portfolio_a 1',
        '',
      ].join('\n'),
    );
  });

  it('writes nothing at all for a metric without a sample: no 0 is invented', async () => {
    const unit = kpiUnit({ metrics: [metric('portfolio_a'), metric('portfolio_b', { labels: ['venture'] })] });
    expect(await renderKpi(unit, [])).toBe('');
    expect(await renderKpi(unit, [sample(1)])).not.toContain('portfolio_b');
  });

  it.each([
    [0, '0'],
    [-0, '0'],
    [0.1, '0.1'],
    [-1.5, '-1.5'],
    [1e21, '1e+21'],
    [123456789012, '123456789012'],
    [5e-324, '5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [2 ** 63, '9223372036854776000'],
  ])('writes %s so that nothing of it is lost', async (value, text) => {
    const page = await renderKpi(kpiUnit({ metrics: [metric('portfolio_a')] }), [sample(value)]);
    expect(page).toContain(`\nportfolio_a ${text}\n`);
    expect(parseMetrics(page)[0]?.value).toBe(value === 0 ? 0 : value);
  });

  it('escapes names so that each comes back as it is', async () => {
    const unit = kpiUnit({ metrics: [metric('portfolio_a', { labels: ['venture'] })] });
    const page = await renderKpi(
      unit,
      NAMES.map((venture, index) => sample(index, { venture })),
    );
    expect(parseMetrics(page)).toEqual(
      NAMES.map((venture, value) => ({ metric: 'portfolio_a', labels: { venture }, value })),
    );
    // HELP, TYPE and a line each, whatever line ends the names have.
    expect(page.trimEnd().split('\n')).toHaveLength(2 + NAMES.length);
  });

  it('keeps every series apart, whatever the labels have between them', async () => {
    const unit = kpiUnit({ metrics: [metric('portfolio_a', { labels: ['owner', 'venture'] })] });
    const samples = [
      sample(1, { owner: 'a,venture:b', venture: 'c' }),
      sample(2, { owner: 'a', venture: 'b,venture:c' }),
      sample(3, { owner: 'constructor', venture: '__proto__' }),
      sample(4, { owner: 'toString', venture: 'hasOwnProperty' }),
    ];
    expect(parseMetrics(await renderKpi(unit, samples)).map(({ value }) => value)).toEqual([1, 2, 3, 4]);
  });

  it('writes a help of several lines in one', async () => {
    const unit = kpiUnit({
      metrics: [metric('portfolio_a', { help: 'First line.\nSecond \\ "line".\n# TYPE x gauge' })],
    });
    expect(await renderKpi(unit, [sample(1)])).toBe(
      '# HELP portfolio_a First line.\\nSecond \\\\ "line".\\n# TYPE x gauge\n# TYPE portfolio_a gauge\nportfolio_a 1\n',
    );
  });

  it('writes byte for byte what prom-client writes', async () => {
    const labels = ['venture', 'owner'];
    const unit = kpiUnit({
      metrics: [
        metric('portfolio_a', { labels, help: 'Line one.\nLine two \\ "quoted".' }),
        metric('portfolio_none'),
        metric('portfolio_b', { labels }),
      ],
    });
    const numbers = [0, 1, -1.5, 0.1, 1e21, 5e-324, 123456789012, 1 / 3, 2 ** 63];
    const samples = Array.from({ length: 1_300 }, (_, n) =>
      sample(
        (numbers[n % numbers.length] ?? 0) * (n + 1),
        { venture: `${NAMES[n % NAMES.length] ?? ''} ${n}`, owner: NAMES[(n * 7) % NAMES.length] ?? '' },
        n % 3 === 0 ? 'portfolio_a' : 'portfolio_b',
      ),
    );
    const registry = new Registry();
    for (const name of ['portfolio_a', 'portfolio_b']) {
      const help = unit.metrics.find((one) => one.name === name)?.help ?? '';
      const gauge = new Gauge({ name, help, labelNames: labels, registers: [registry] });
      for (const one of samples.filter((each) => each.metric === name)) gauge.set(one.labels, one.value);
    }
    expect(await renderKpi(unit, samples)).toBe(await registry.metrics());
  });

  it('lets others have their turn while it writes 10,000 series', async () => {
    const unit = kpiUnit({ metrics: [metric('portfolio_a', { labels: ['venture'] })] });
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 0);
    await renderKpi(
      unit,
      Array.from({ length: 10_000 }, (_, n) => sample(n, { venture: `v${n}` })),
    );
    clearInterval(timer);
    expect(turns).toBeGreaterThan(2);
  });

  it('writes 10,000 series', async () => {
    const unit = kpiUnit({ metrics: [metric('portfolio_a', { labels: ['venture'] })] });
    const samples = Array.from({ length: 10_000 }, (_, n) => sample(n, { venture: `v${n}` }));
    const page = await renderKpi(unit, samples);
    expect(parseMetrics(page)).toHaveLength(10_000);
  });

  it.skipIf(PROMTOOL === null)('writes what promtool accepts without a word', async () => {
    const unit = kpiUnit({
      metrics: [
        metric('portfolio_backlog', { labels: ['venture'], help: 'Line one.\nLine two \\ "quoted".' }),
        metric('portfolio_backlog_dollars', { unit: 'dollars' }),
        metric('portfolio_share_ratio', { unit: 'ratio', labels: ['owner', 'venture'] }),
      ],
    });
    const samples = [
      ...NAMES.map((venture, index) => sample(index, { venture }, 'portfolio_backlog')),
      sample(-1e300, {}, 'portfolio_backlog_dollars'),
      sample(0.25, { owner: 'a,venture:b', venture: 'c' }, 'portfolio_share_ratio'),
      sample(0.5, { owner: 'a', venture: 'b,venture:c' }, 'portfolio_share_ratio'),
    ];
    expect(await checkMetrics(await renderKpi(unit, samples))).toEqual({ code: 0, output: '' });
  });
});
