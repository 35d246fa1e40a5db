import { describe, expect, it } from 'vitest';
import { metric } from '../support/kpiUnit.js';
import { alertProblems, firedProblems } from './alertContract.js';
import { coverageProblems } from './alertCoverage.js';
import type { Places } from './alertCoverage.js';
import type { AlertRule, RecordRule, Rule } from './ruleFiles.js';
import { referenceProblems } from './ruleReferences.js';
import { parseRuleTestFile, testedAlerts } from './ruleTests.js';
import { readThresholds, unreadThresholdProblems, watchedThresholdProblems } from './thresholdReaders.js';

const alert = (changes: Partial<AlertRule> = {}): AlertRule => ({
  alert: 'ResourceConflictDetected',
  expr: 'portfolio_conflicts > max(portfolio_threshold{name="urgent_conflict_threshold"})',
  labels: { class: 'kpi', severity: 'high', kpi: 'resource_conflicts', recipients: 'Chairman,OnCall' },
  annotations: {
    summary: 'Conflicts',
    description: 'There are conflicts.',
    value: '{{ $value }}',
    limit: '1',
    next_step: 'Settle them.',
    dashboard_url: '{{ $externalLabels.grafana_url }}/d/resource-efficiency',
    runbook_url: '{{ $externalLabels.runbook_url }}#resourceconflictdetected',
  },
  ...changes,
});
const record = (name: string, expr: string, labels: Record<string, string> = {}): RecordRule => ({
  record: name,
  expr,
  labels,
});

describe('an alert is missed', () => {
  const whole: Places = {
    alerts: ['ConflictDetectionDown', 'Watchdog'],
    tested: [
      { alertname: 'ConflictDetectionDown', fires: true, silent: true },
      { alertname: 'Watchdog', fires: true, silent: false },
    ],
    runbook: '# Runbook\n\n## Silences and more\n\n## ConflictDetectionDown\n\n## Watchdog\n',
    alerting: [
      '| alert | goes to |\n| --- | --- |\n| `ConflictDetectionDown`, `Watchdog` | OnCall |',
      '| while this fires | this is not told |\n| --- | --- |\n| `Another` | `SomethingElse` |',
    ].join('\n\n'),
    routed: ['ConflictDetectionDown', 'Watchdog', 'Watchdog'],
  };

  it('nowhere, where everything speaks of it', () => {
    expect(coverageProblems(whole)).toEqual([]);
  });

  it.each<[string, Partial<Places>, string[]]>([
    [
      'by the tests',
      { tested: [{ alertname: 'ConflictDetectionDown', fires: false, silent: true }] },
      [
        'ConflictDetectionDown lacks a promtool test in which it fires',
        'Watchdog lacks a promtool test in which it fires',
      ],
    ],
    [
      'by the tests in which it is silent',
      { tested: whole.tested.map((one) => ({ ...one, silent: false })) },
      ['ConflictDetectionDown lacks a promtool test in which it does not fire'],
    ],
    [
      'by the runbook, where other words stand in its heading',
      { runbook: '## ConflictDetectionDown, again\n## Watchdog\n' },
      ['ConflictDetectionDown lacks a heading in docs/runbook.md'],
    ],
    [
      'by the list of alerts, where only a sentence and another table name it',
      { alerting: '`ConflictDetectionDown` is.\n\n| while |\n| --- |\n| `ConflictDetectionDown` |\n\n## Watchdog\n' },
      ['ConflictDetectionDown lacks an entry in docs/alerting.md'],
    ],
    ['by the routes', { routed: ['ConflictDetectionDown'] }, ['Watchdog lacks a case in routeCases.ts']],
  ])('%s', (_where, changes, problems) => {
    expect(coverageProblems({ ...whole, ...changes })).toEqual(problems);
  });

  it('by the rules, while others still speak of it', () => {
    const problems = coverageProblems({ ...whole, alerts: ['Watchdog'] });
    expect(problems).toEqual([
      'ConflictDetectionDown has a promtool test in which it fires and is no alert',
      'ConflictDetectionDown has a promtool test in which it does not fire and is no alert',
      'ConflictDetectionDown has a heading in docs/runbook.md and is no alert',
      'ConflictDetectionDown has an entry in docs/alerting.md and is no alert',
      'ConflictDetectionDown has a case in routeCases.ts and is no alert',
    ]);
  });

  it('with tests told apart by what they expect', () => {
    const file = parseRuleTestFile(`
rule_files: [a.yml]
tests:
  - alert_rule_test:
      - { eval_time: 1m, alertname: A }
      - { eval_time: 2m, alertname: A, exp_alerts: [{ exp_labels: { class: kpi }, exp_annotations: { value: '1' } }] }
      - { eval_time: 1m, alertname: B, exp_alerts: [] }
`);
    expect(testedAlerts([file])).toEqual([
      {
        alertname: 'A',
        fires: true,
        silent: true,
        expected: [{ exp_labels: { class: 'kpi' }, exp_annotations: { value: '1' } }],
      },
      { alertname: 'B', fires: false, silent: true, expected: [] },
    ]);
  });
});

describe('an alert breaks the contract', () => {
  const { labels, annotations } = alert();

  it('not, where nothing is wrong', () => {
    expect(alertProblems(alert())).toEqual([]);
    const template = 'InitiativeOwner{{ if eq $labels.critical "true" }},Chairman{{ end }}';
    expect(alertProblems(alert({ labels: { ...labels, recipients: template } }))).toEqual([]);
  });

  it.each<[string, Partial<AlertRule>, string]>([
    [
      'a severity of its own',
      { labels: { ...labels, severity: 'urgent' } },
      'severity is none of critical, high, medium',
    ],
    ['no class', { labels: { severity: 'high', recipients: 'OnCall' } }, 'class is none of kpi, sla, exporter'],
    ['no recipient', { labels: { class: 'kpi', severity: 'high' } }, `no such recipient: ''`],
    ['an unknown one', { labels: { ...labels, recipients: 'Chairman,Owner' } }, `no such recipient: 'Owner'`],
    ['a blank', { labels: { ...labels, recipients: 'Chairman, OnCall' } }, `no such recipient: ' OnCall'`],
    ['an empty annotation', { annotations: { ...annotations, value: ' ' } }, 'lacks the annotation value'],
    [
      'an annotation too many',
      { annotations: { ...annotations, message: 'x' } },
      'has an annotation that no template shows: message',
    ],
    [
      'a dashboard that does not exist',
      { annotations: { ...annotations, dashboard_url: '{{ $externalLabels.grafana_url }}/d/conflicts' } },
      'there is no dashboard conflicts',
    ],
    [
      'a link to one Grafana',
      { annotations: { ...annotations, dashboard_url: 'https://grafana.example.test/d/resource-efficiency' } },
      'dashboard_url is not {{ $externalLabels.grafana_url }}/d/<uid>',
    ],
    [
      'the anchor of another alert',
      { annotations: { ...annotations, runbook_url: '{{ $externalLabels.runbook_url }}#watchdog' } },
      'runbook_url is not {{ $externalLabels.runbook_url }}#resourceconflictdetected',
    ],
    [
      'the severity of the heartbeat',
      { labels: { ...labels, severity: 'none' } },
      'severity none is the Watchdog alone',
    ],
  ])('by %s', (_how, changes, problem) => {
    expect(alertProblems(alert(changes))).toContain(`ResourceConflictDetected: ${problem}`);
  });

  it('by the labels that it fires with', () => {
    const expected = [
      { class: 'kpi', severity: 'high' },
      { class: 'sla', kpi: 'synergy_value', instance: 'a:10039', replica: 'a' },
      { class: 'sla', component: 'grafana' },
      { class: 'exporter' },
    ].map((exp_labels) => ({ exp_labels, exp_annotations: {} }));
    expect(firedProblems({ alertname: 'A', fires: true, silent: true, expected })).toEqual([
      'A: lacks the label kpi',
      'A: has the label instance',
      'A: has the label replica',
    ]);
  });
});

describe('a rule names something that nobody has', () => {
  const catalogue = {
    metrics: new Set(['portfolio_conflicts', 'portfolio_threshold']),
    kpis: new Set(['resource_conflicts', 'synergy_value']),
    thresholds: new Set(['urgent_conflict_threshold']),
  };

  it('not, where all of it is there', () => {
    const rules = [
      alert(),
      record('kpi:conflicts:max', 'max(portfolio_conflicts)'),
      record('again', 'kpi:conflicts:max{kpi=~"resource_conflicts|synergy_value"} and on () up'),
    ];
    expect(referenceProblems(rules, catalogue)).toEqual([]);
  });

  it.each<[string, Rule, string]>([
    ['a metric', record('a', 'portfolio_conflict > 0'), 'a: no such metric: portfolio_conflict'],
    [
      'a metric by its label alone',
      record('a', 'max({kpi="synergy_value"})'),
      'a: no such metric: a selector without a name',
    ],
    ['a KPI', record('a', 'portfolio_conflicts{kpi="synergy_values"}'), 'a: no such KPI: synergy_values'],
    ['a KPI among others', record('a', 'up{kpi!~"synergy_value|conflicts"}'), 'a: no such KPI: conflicts'],
    ['a KPI as its label', record('a', 'vector(1)', { kpi: 'conflicts' }), 'a: no such KPI: conflicts'],
    ['a threshold', record('a', 'portfolio_threshold{name="urgent"}'), 'a: no such threshold: urgent'],
    [
      'a metric in an annotation',
      alert({ annotations: { value: `{{ with query "max(portfolio_wrong{kpi='synergy_value'})" }}1{{ end }}` } }),
      'ResourceConflictDetected: no such metric: portfolio_wrong',
    ],
    [
      'a threshold in a label',
      alert({ labels: { limit: `{{ with query (printf "portfolio_threshold{name='x%s'}" $labels.a) }}{{ end }}` } }),
      'ResourceConflictDetected: no such threshold: x%s',
    ],
  ])('%s', (_what, rule, problem) => {
    expect(referenceProblems([rule], catalogue)).toEqual([problem]);
  });
});

describe('a threshold', () => {
  const missing = (...names: string[]): AlertRule =>
    alert({
      alert: 'PortfolioThresholdMissing',
      expr: names.map((name) => `absent(portfolio_threshold{name="${name}"})`).join(' or '),
    });

  it('that an alert compares with is not watched, or is watched for nothing', () => {
    const limit = (name: string): RecordRule =>
      record('portfolio:alert_limit', `max(portfolio_threshold{name="${name}"})`);
    const text = alert({
      expr: 'held',
      annotations: { limit: `{{ query "portfolio_threshold{name='min_viable_score'}" }}` },
    });
    const limits = [limit('urgent_conflict_threshold'), limit('hourly_rate'), text];
    expect(watchedThresholdProblems([...limits, missing('urgent_conflict_threshold', 'hourly_rate')])).toEqual([]);
    expect(watchedThresholdProblems([...limits, missing('urgent_conflict_threshold', 'user_growth_target')])).toEqual([
      'hourly_rate is read by an alert and not watched',
      'user_growth_target is watched and no alert reads it',
    ]);
    expect(watchedThresholdProblems([alert()])).toEqual([
      'ResourceConflictDetected compares with a threshold itself, not with portfolio:alert_limit',
    ]);
  });

  it('is read by SQL, by a target, by a rule, by the program or by a view, and not by a comment', () => {
    const target = {
      threshold: 'value_capture_events_target',
      direction: 'at_least',
      onlyWhen: { metric: 'm', atLeast: 'value_capture_events_min_initiatives' },
    } as const;
    const read = readThresholds({
      units: [{ parameters: ['as_of', 'hourly_rate'], metrics: [metric('m', { target })] }],
      rules: [alert()],
      sources: [
        '// synergy_roi_target\nconst a: string = "min_viable_score"; const b = t.excellent_score; const c = `user_growth_target`;',
      ],
      views: [`-- 'initiative_success_rate_target'\nSELECT value FROM t WHERE name = 'stalled_initiative_threshold'`],
    });
    for (const name of [
      'hourly_rate',
      'value_capture_events_target',
      'value_capture_events_min_initiatives',
      'urgent_conflict_threshold',
      'min_viable_score',
      'excellent_score',
      'user_growth_target',
      'stalled_initiative_threshold',
    ])
      expect(read).toContain(name);
    expect(read).not.toContain('synergy_roi_target');
    expect(read).not.toContain('initiative_success_rate_target');
  });

  it('is read by nothing, is read by now, or is none', () => {
    const read = new Set(['a', 'b']);
    expect(unreadThresholdProblems(['a', 'b', 'c'], read, { c: 'dashboards' })).toEqual([]);
    expect(
      unreadThresholdProblems(['a', 'b', 'c', 'd'], read, { b: 'dashboards', c: 'actions', e: 'actions' }),
    ).toEqual(['d is read by nothing', 'b is read by now: take it off the list', 'e on the list is no threshold']);
  });
});
