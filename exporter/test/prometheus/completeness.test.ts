import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadAlerts } from '../../../prometheus/src/alerts.js';
import { shippedUnits } from '../../scripts/shippedUnits.js';
import { THRESHOLD_NAMES } from '../../src/config/thresholdCatalogue.js';
import { ROUTE_CASES } from '../alertmanager/routeCases.js';
import { bothWays, coverageProblems } from './alertCoverage.js';
import { LATER_READERS } from './laterReaders.js';
import { readThresholds, unreadThresholdProblems } from './thresholdReaders.js';

const REPOSITORY = new URL('../../../', import.meta.url);

/** The texts of a folder's files, by the path below it. */
function filesIn(folder: string, pattern: RegExp): string[] {
  const paths = readdirSync(new URL(folder, REPOSITORY), { recursive: true, encoding: 'utf8' });
  return paths
    .filter((path) => pattern.test(path))
    .map((path) => readFileSync(new URL(`${folder}${path}`, REPOSITORY), 'utf8'));
}

describe('every alert', async () => {
  const names = (await loadAlerts()).map(({ name }) => name);

  it('is tested and explained in the runbook; no other one is', () => {
    expect(coverageProblems(names, REPOSITORY)).toEqual([]);
  });

  it('has a case of its route', () => {
    const routed = ROUTE_CASES.map(({ alertname }) => alertname);
    expect(bothWays(names, routed, 'a case in routeCases.ts')).toEqual([]);
  });
});

describe('every threshold', () => {
  it('is read by something', async () => {
    const sources = [
      ...filesIn('exporter/src/', /^(?!config\/).*\.tsx?$/),
      ...filesIn('grafana/src/', /\.ts$/),
      ...filesIn('prometheus/src/alerts/', /\.ts$/),
    ];
    const views = [...filesIn('sql/repeatable/', /\.sql$/), ...filesIn('sql/migrations/', /recursion\.sql$/)];
    const conditions = filesIn('sql/recursion/', /\.sql$/);
    const found = readThresholds({ units: await shippedUnits(), sources, views, conditions });
    expect(unreadThresholdProblems(THRESHOLD_NAMES, found, LATER_READERS)).toEqual([]);
  });
});
