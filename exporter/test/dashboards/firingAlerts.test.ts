import { describe, expect, it } from 'vitest';
import { PROMTOOL } from '../support/promtool.js';
import { differences, series } from './promDifferences.js';
import type { InputSeries, Labels } from './promDifferences.js';

const DAY = 86_400;
/** What a row's value, by which rows are sorted, has for each step of severity, beside the age. */
const SEVERITY = 1e10;
const RUNBOOK = 'https://git.example.test/Runbook.md';
const SILENCES = 'https://am.example.test/#/silences/new?filter=%7Balertname%3D%22';

/** An alert that has been firing for so many seconds. */
function fires(age: number, alertname: string, labels: Labels): InputSeries[] {
  return [
    { series: series('ALERTS', { alertstate: 'firing', alertname, ...labels }), values: '1 1' },
    { series: series('ALERTS_FOR_STATE', { alertname, ...labels }), values: `0 ${String(DAY - age)}` },
  ];
}

const about = (labels: Labels) => ({ series: series('portfolio:alert_about', labels), values: '9 9' });
const watchdog = (labels: Labels = {}) => fires(DAY, 'Watchdog', { class: 'exporter', severity: 'none', ...labels });

const LINKED = watchdog({ runbook_url: RUNBOOK, alertmanager_url: 'https://am.example.test//' });
/** Twelve instances of one cause, a critical alert that is younger, one that names what it is about, and one of somebody else's rules. */
const NIGHT = [
  ...LINKED,
  ...Array.from({ length: 12 }, (_, index) =>
    fires(240 + index, 'PortfolioKpiDataStale', {
      class: 'sla',
      severity: index < 11 ? 'high' : 'medium',
      kpi: `a_late_kpi_${String(index)}`,
    }),
  ).flat(),
  ...fires(30, 'PortfolioExporterDown', { class: 'exporter', severity: 'critical' }),
  ...fires(2 * DAY, 'SynergyInitiativeDelayed', {
    class: 'kpi',
    severity: 'high',
    kpi: 'initiative_status',
    milestone_id: 'm1',
    initiative_id: 'i1',
  }),
  // Told by address, beside the one above.
  ...fires(2 * DAY, 'SynergyInitiativeDelayed', { class: 'kpi', severity: 'high', addressee: 'InitiativeOwner' }),
  about({
    alertname: 'SynergyInitiativeDelayed',
    milestone_id: 'm1',
    initiative_id: 'i1',
    milestone: 'Beta_1',
    initiative: 'Hub',
  }),
  ...fires(5400, 'PortfolioRollbackCondition', { class: 'kpi', severity: 'high', portfolio: 'acme' }),
  ...fires(10, 'Foreign', { severity: 'page' }),
];

describe.skipIf(PROMTOOL === null)('firing alerts', () => {
  const TABLE = 'portfolio-operations / Firing alerts / A';
  const exporterDown = [
    {
      severity: 'critical',
      alertname: 'PortfolioExporterDown',
      about: 'the monitoring',
      age: '0 min',
      instances: '1',
      runbook: `${RUNBOOK}#portfolioexporterdown`,
      silence: `${SILENCES}PortfolioExporterDown%22%2Cportfolio%3D%22%22%7D`,
    },
    3 * SEVERITY + 30,
  ] as const;
  const stale = [
    {
      severity: 'high',
      alertname: 'PortfolioKpiDataStale',
      about: 'a late kpi 10 and others',
      age: '4 min',
      instances: '12',
      runbook: `${RUNBOOK}#portfoliokpidatastale`,
      silence: `${SILENCES}PortfolioKpiDataStale%22%2Cportfolio%3D%22%22%7D`,
    },
    // The oldest of the worst; the medium one is older.
    2 * SEVERITY + 250,
  ] as const;
  const delayed = [
    {
      severity: 'high',
      alertname: 'SynergyInitiativeDelayed',
      about: 'Beta_1, Hub',
      age: '2 d',
      instances: '1',
      runbook: `${RUNBOOK}#synergyinitiativedelayed`,
      silence: `${SILENCES}SynergyInitiativeDelayed%22%2Cportfolio%3D%22%22%7D`,
      page: 'initiative-tracking',
    },
    2 * SEVERITY + 2 * DAY,
  ] as const;
  const foreign = [
    {
      severity: 'page',
      alertname: 'Foreign',
      about: 'not said',
      age: '0 min',
      instances: '1',
      silence: `${SILENCES}Foreign%22%2Cportfolio%3D%22%22%7D`,
    },
    10,
  ] as const;
  const rollback = [
    {
      severity: 'high',
      alertname: 'PortfolioRollbackCondition',
      about: 'the portfolio',
      age: '1 h',
      instances: '1',
      runbook: `${RUNBOOK}#portfoliorollbackcondition`,
      silence: `${SILENCES}PortfolioRollbackCondition%22%2Cportfolio%3D%22acme%22%7D`,
      page: 'portfolio-performance',
    },
    2 * SEVERITY + 5400,
  ] as const;

  it('are a row each, with the worst and oldest of its instances, how many there are, and where to go', async () => {
    expect(await differences(TABLE, '', NIGHT, [exporterDown, stale, delayed, foreign])).toBe('');
  });

  it('are those of the chosen portfolio and those that all share; the silence is for that portfolio', async () => {
    expect(await differences(TABLE, 'acme', NIGHT, [exporterDown, stale, delayed, foreign, rollback])).toBe('');
  });

  it('are all there where what one of them fires for differs in a label that others do not have', async () => {
    const rolledBack = (age: number, condition: string) => [
      ...fires(age, 'PortfolioRollbackCondition', { class: 'kpi', severity: 'high', kpi: 'rollback', condition }),
      about({ alertname: 'PortfolioRollbackCondition', condition }),
    ];
    const both = [
      {
        severity: 'high',
        alertname: 'PortfolioRollbackCondition',
        about: 'conflicts escalate and others',
        age: '1 h',
        instances: '2',
        page: 'portfolio-performance',
      },
      2 * SEVERITY + 5400,
    ] as const;
    const input = [...watchdog(), ...rolledBack(5400, 'conflicts_escalate'), ...rolledBack(60, 'value_below_cost')];
    expect(await differences(TABLE, '', input, [both])).toBe('');
  });

  it('lead nowhere where Prometheus has no addresses, and are all there without the Watchdog', async () => {
    const bare = [
      { severity: 'page', alertname: 'Foreign', about: 'not said', age: '0 min', instances: '1' },
      10,
    ] as const;
    const input = fires(10, 'Foreign', { severity: 'page' });
    expect(await differences(TABLE, '', [...input, ...watchdog()], [bare])).toBe('');
    expect(await differences(TABLE, '', input, [bare])).toBe('');
  });
});

describe.skipIf(PROMTOOL === null)('the tile of firing alerts', () => {
  const tile = (refId: string, input: Parameters<typeof differences>[2], expected: Parameters<typeof differences>[3]) =>
    differences(`portfolio-performance / Alerts firing / ${refId}`, '', input, expected);

  it('counts each alert once, has the colour of the worst, and says for how many things they fire', async () => {
    expect(await tile('A', NIGHT, [[{}, 4]])).toBe('');
    expect(await tile('worst', NIGHT, [[{ severity: 'critical', worst: 'critical', critical: '1' }, 4]])).toBe('');
    const words = { both: 'critical, 15', instances: '15', worst: 'critical', label: 'critical, 15 instances' };
    expect(await tile('text', NIGHT, [[words, 4]])).toBe('');
  });

  it.each([
    ['medium', 'medium', 2],
    ['high', 'high', 3],
    // Nobody knows how bad it is.
    ['page', 'high', 1],
  ])('of one alert with severity %s it is %s', async (severity, worst, rank) => {
    const input = [...watchdog(), ...fires(10, 'Other', { severity })];
    expect(await tile('A', input, [[{}, 1]])).toBe('');
    expect(await tile('worst', input, [[{ severity, worst, [worst]: '1' }, rank]])).toBe('');
    const words = { both: `${worst}, 1`, instances: '1', worst, label: `${worst}, 1 instance` };
    expect(await tile('text', input, [[words, rank]])).toBe('');
  });

  it('is 0 and no colour while nothing fires', async () => {
    expect(await tile('A', watchdog(), [[{}, 0]])).toBe('');
    expect(await tile('worst', watchdog(), [])).toBe('');
  });
});
