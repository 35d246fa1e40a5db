import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { THRESHOLD_NAMES } from '../../src/config/thresholdCatalogue.js';
import { shippedUnits } from '../../scripts/shippedUnits.js';
import { ROUTE_CASES } from '../alertmanager/routeCases.js';
import { alertProblems, firedProblems } from './alertContract.js';
import { coverageProblems } from './alertCoverage.js';
import { LATER_READERS } from './laterReaders.js';
import { ownMetrics } from './ownMetrics.js';
import { isAlert, loadRuleFiles, rulesOf } from './ruleFiles.js';
import { referenceProblems } from './ruleReferences.js';
import { loadRuleTests, testedAlerts } from './ruleTests.js';
import { readThresholds, unreadThresholdProblems, watchedThresholdProblems } from './thresholdReaders.js';

const REPOSITORY = new URL('../../../', import.meta.url);
const SOURCES = fileURLToPath(new URL('exporter/src/', REPOSITORY));

const rules = rulesOf(loadRuleFiles().values());
const alerts = rules.filter(isAlert);
const tested = testedAlerts(loadRuleTests().values());
const units = await shippedUnits();

const read = (path: string): string => readFileSync(new URL(path, REPOSITORY), 'utf8');

describe('every alert', () => {
  it('is tested, routed, and explained in the runbook and in the list of alerts; no other one is', () => {
    const problems = coverageProblems({
      alerts: alerts.map(({ alert }) => alert),
      tested,
      runbook: read('docs/runbook.md'),
      alerting: read('docs/alerting.md'),
      routed: ROUTE_CASES.map(({ alertname }) => alertname),
    });
    expect(problems).toEqual([]);
  });

  it('has the labels, annotations and links that routes, templates and readers rely on', () => {
    expect(alerts.flatMap(alertProblems)).toEqual([]);
    expect(tested.flatMap(firedProblems)).toEqual([]);
  });
});

describe('every rule', () => {
  it('names only metrics, KPIs and thresholds that there are', async () => {
    const catalogue = {
      metrics: new Set([...(await ownMetrics()), ...units.flatMap((unit) => unit.metrics.map(({ name }) => name))]),
      kpis: new Set(units.map(({ name }) => name)),
      thresholds: new Set<string>(THRESHOLD_NAMES),
    };
    expect(referenceProblems(rules, catalogue)).toEqual([]);
  });
});

describe('every threshold', () => {
  it('that an alert reads is watched by PortfolioThresholdMissing, and no other one', () => {
    expect(watchedThresholdProblems(rules)).toEqual([]);
  });

  it('is read by something', () => {
    const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' });
    const program = files.filter((file) => /\.tsx?$/.test(file) && !file.startsWith('config'));
    const sources = program.map((file) => readFileSync(`${SOURCES}${file}`, 'utf8'));
    const found = readThresholds({ units, rules, sources });
    expect(unreadThresholdProblems(THRESHOLD_NAMES, found, LATER_READERS)).toEqual([]);
  });
});
