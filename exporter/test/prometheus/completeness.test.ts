import { readFileSync, readdirSync } from 'node:fs';
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

const rules = rulesOf(loadRuleFiles().values());
const alerts = rules.filter(isAlert);
const tested = testedAlerts(loadRuleTests().values());
const units = await shippedUnits();

const read = (path: string): string => readFileSync(new URL(path, REPOSITORY), 'utf8');

/** The texts of a folder's files, by the path below it. */
function filesIn(folder: string, pattern: RegExp): string[] {
  const paths = readdirSync(new URL(folder, REPOSITORY), { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => pattern.test(path)).map((path) => read(`${folder}${path}`));
}

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
    const sources = [...filesIn('exporter/src/', /^(?!config\/).*\.tsx?$/), ...filesIn('grafana/src/', /\.ts$/)];
    const found = readThresholds({ units, rules, sources, views: filesIn('sql/migrations/', /_reporting.*\.sql$/) });
    expect(unreadThresholdProblems(THRESHOLD_NAMES, found, LATER_READERS)).toEqual([]);
  });
});
