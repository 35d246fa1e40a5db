import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/** By their paths: what takes longest, the alerts in real time, comes first, and each run has the same order. */
class ByPath extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(files.toSorted((a, b) => a.moduleId.localeCompare(b.moduleId)));
  }
}

/** `npm test` leaves out `*.slow.test.ts`, what mutates or waits in real time; `npm run test:slow` runs nothing else. */
export default defineConfig({
  test: {
    include: ['exporter/test/**/*.test.ts', 'exporter/test/**/*.test.tsx'],
    globalSetup: ['exporter/test/support/globalSetup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: more workers only make servers and browsers wait for each other. The third is for what waits itself.
    maxWorkers: 3,
    sequence: { sequencer: ByPath },
  },
});
