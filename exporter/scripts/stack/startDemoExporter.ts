import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { startExporter } from '../../src/app/startExporter.js';
import type { RunningExporter } from '../../src/app/startExporter.js';
import { readEnvironment } from '../../src/config/environment.js';
import { withValues } from './withValues.js';
import type { ChangedLine } from './withValues.js';

/** exporter.yaml and thresholds.yaml as they stand in the repository. */
export const CONFIG_DIRECTORY = fileURLToPath(new URL('../../config/', import.meta.url));

export interface DemoExporterOptions {
  readonly databaseUrl: string;
  readonly port: number;
  /** Where Grafana will be, and the directory for a copy of exporter.yaml that says so; null: exporter.yaml as it stands. */
  readonly grafana: { readonly url: string; readonly directory: string } | null;
  readonly log: Logger;
}

/** The exporter on the demo portfolio, in this process. Throws what startExporter throws. */
export async function startDemoExporter(
  options: DemoExporterOptions,
): Promise<{ exporter: RunningExporter; changes: ChangedLine[] }> {
  const shipped = join(CONFIG_DIRECTORY, 'exporter.yaml');
  let configFile = shipped;
  let changes: ChangedLine[] = [];
  if (options.grafana !== null) {
    const copy = withValues(await readFile(shipped, 'utf8'), [[['grafana_url'], options.grafana.url]]);
    configFile = join(options.grafana.directory, 'exporter.yaml');
    await writeFile(configFile, copy.text);
    ({ changes } = copy);
  }
  const exporter = await startExporter({
    paths: { configFile, thresholdsFile: join(CONFIG_DIRECTORY, 'thresholds.yaml') },
    environment: readEnvironment({ DATABASE_URL: options.databaseUrl }),
    listenAddress: { host: '127.0.0.1', port: options.port },
    note: { changedBy: 'demo', reason: 'demo portfolio' },
    log: options.log,
  });
  return { exporter, changes };
}
