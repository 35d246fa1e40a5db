import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/** The most time that a file gives to a test of its own, in ms: `timeout: 300_000`, `testTimeout: 15 * 60_000`, `}, 600_000);`. */
function longestLimit({ moduleId }: TestSpecification): number {
  const limits = readFileSync(moduleId, 'utf8').matchAll(/(?:imeout: |^\s*\}, )(?:(\d+) \* )?([\d_]+)\b/gm);
  return Math.max(0, ...[...limits].map(([, times = '1', ms = '']) => Number(times) * Number(ms.replaceAll('_', ''))));
}

/** What takes longest first, so that nothing is waited for at the end: by the last run; where there was none, what asks for most time. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isKnown = ({ moduleId, project }: TestSpecification): boolean =>
      this.ctx.cache.getFileTestResults(`${project.name}:${relative(this.ctx.config.root, moduleId)}`) !== undefined;
    if (files.every(isKnown)) return sorted;
    return sorted.toSorted((a, b) => longestLimit(b) - longestLimit(a));
  }
}

/** `npm test` leaves out `*.slow.test.ts`, what mutates or waits in real time; `npm run test:slow` runs nothing else. */
export default defineConfig({
  test: {
    include: ['exporter/test/**/*.test.ts', 'exporter/test/**/*.test.tsx'],
    globalSetup: ['exporter/test/support/globalSetup.ts'],
    setupFiles: ['exporter/test/support/endPrograms.ts'],
    // A worker keeps what it has imported for its next file: to load it anew costs a third of a second a file.
    isolate: false,
    // A zone far from UTC: the machine's own zone must not matter.
    env: { TZ: 'Asia/Tokyo' },
    // For what hangs: a machine with other work takes five times as long for everything.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    // Two cores: more workers only make servers and browsers wait for each other. The third is for what waits itself.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
  },
});
