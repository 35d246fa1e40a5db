import { defineConfig } from 'vitest/config';
import { LongestFirst } from './exporter/test/support/longestFirst.js';

export default defineConfig({
  test: {
    include: ['exporter/test/**/*.test.ts', 'exporter/test/**/*.test.tsx'],
    globalSetup: ['exporter/test/support/globalSetup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: more workers only make servers and browsers wait for each other. The third is for the end-to-end test of the
    // alerts, which starts first and spends its minutes waiting.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // The gate counts from the JSON report.
    ...(process.env['CI'] === undefined
      ? {}
      : { reporters: ['default', 'json'], outputFile: { json: 'coverage/test-results.json' } }),
  },
});
