import { existsSync, realpathSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { supervise } from './supervise.js';
import type { SupervisedProgram } from './supervise.js';

const SHIPPED = fileURLToPath(new URL('../../../grafana/', import.meta.url));

export interface GrafanaOptions {
  readonly file: string;
  /** Its own directory. */
  readonly directory: string;
  readonly port: number;
  readonly adminPassword: string;
  readonly secretKey: string;
  /** How the role portfolio_grafana connects. */
  readonly databaseUrl: string;
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
}

/** Grafana with the shipped settings, data sources and dashboards. */
export async function startGrafana(options: GrafanaOptions): Promise<SupervisedProgram> {
  const database = new URL(options.databaseUrl);
  const home = grafanaHome(options.file);
  const plugins = join(options.directory, 'plugins');
  // Without it Grafana logs an error.
  await mkdir(plugins);
  return supervise({
    name: 'Grafana',
    file: options.file,
    args: ['server', `--config=${join(SHIPPED, 'grafana.ini')}`, ...(home === null ? [] : [`--homepath=${home}`])],
    env: {
      HOME: options.directory,
      GF_PATHS_DATA: join(options.directory, 'data'),
      GF_PATHS_LOGS: join(options.directory, 'log'),
      GF_PATHS_PLUGINS: plugins,
      GF_PATHS_PROVISIONING: join(SHIPPED, 'provisioning'),
      GF_SERVER_HTTP_ADDR: '127.0.0.1',
      GF_SERVER_HTTP_PORT: String(options.port),
      GF_SERVER_ROOT_URL: `http://127.0.0.1:${options.port}/`,
      GF_SECURITY_ADMIN_PASSWORD: options.adminPassword,
      GF_SECURITY_SECRET_KEY: options.secretKey,
      GF_PORTFOLIO_DASHBOARDS: join(SHIPPED, 'dashboards'),
      GF_PORTFOLIO_POSTGRES_ADDRESS: database.host,
      GF_PORTFOLIO_POSTGRES_DATABASE: database.pathname.slice(1),
      GF_PORTFOLIO_POSTGRES_SSLMODE: 'disable',
      GF_PORTFOLIO_POSTGRES_USER: database.username,
      GF_PORTFOLIO_POSTGRES_PASSWORD: database.password,
      GF_PORTFOLIO_PROMETHEUS_URL: options.prometheusUrl,
      GF_PORTFOLIO_ALERTMANAGER_URL: options.alertmanagerUrl,
    },
    directory: options.directory,
  });
}

/** The directory with conf/ and public/: named by GF_PATHS_HOME, around the program, or Debian's; null: it knows by itself. */
function grafanaHome(file: string): string | null {
  const beside = dirname(realpathSync(file));
  const candidates = [process.env['GF_PATHS_HOME'] ?? '', dirname(beside), beside, '/usr/share/grafana'];
  return candidates.find((home) => home !== '' && existsSync(join(home, 'conf', 'defaults.ini'))) ?? null;
}
