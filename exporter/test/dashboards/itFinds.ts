import { expect, it } from 'vitest';
import { changed } from './changed.js';
import { dashboardProblems } from './dashboardProblems.js';
import { SAMPLE_CATALOGUE } from './sampleCatalogue.js';
import { sampleDashboard } from './sampleDashboard.js';

/** What is changed in the sample dashboard (`panels.0.title`), into what (undefined: taken away), and what is wrong then. */
export type Case = readonly [path: string, value: unknown, ...problems: string[]];

/** A test for each: exactly these problems, no other. */
export function itFinds(cases: readonly Case[]): void {
  it.each(cases.map(([path, value, ...problems]) => ({ path, value, problems })))(
    '$path: $value',
    async ({ path, value, problems }) => {
      const keys = path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
      const dashboard = changed(sampleDashboard(), keys, value);
      expect(await dashboardProblems(dashboard, SAMPLE_CATALOGUE)).toEqual(problems);
    },
  );
}
