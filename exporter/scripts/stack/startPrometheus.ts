import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prometheusCopy } from './prometheusCopy.js';
import { PROMETHEUS_FLAGS } from './prometheusFlags.js';
import type { StackPorts } from './stackPorts.js';
import { supervise } from './supervise.js';
import type { SupervisedProgram } from './supervise.js';
import type { ChangedLine } from './withValues.js';

const SHIPPED = fileURLToPath(new URL('../../../prometheus/', import.meta.url));

export interface PrometheusOptions {
  readonly file: string;
  /** Its own directory. */
  readonly directory: string;
  readonly ports: StackPorts;
  /** null where there is none: then it is no target, and no alert tells that it does not answer. */
  readonly grafanaUrl: string | null;
}

/** Prometheus with the shipped jobs and rules; the addresses are this machine's. */
export async function startPrometheus(
  options: PrometheusOptions,
): Promise<{ program: SupervisedProgram; changes: ChangedLine[] }> {
  const at = (port: number): string => `127.0.0.1:${port}`;
  const { ports, grafanaUrl } = options;
  const { text, changes } = prometheusCopy(await readFile(join(SHIPPED, 'prometheus.yml'), 'utf8'), {
    targets: {
      'portfolio-exporter': [at(ports.exporter)],
      'portfolio-actions': [at(ports.actions)],
      prometheus: [at(ports.prometheus)],
      alertmanager: [at(ports.alertmanager)],
      grafana: grafanaUrl === null ? [] : [at(ports.grafana)],
    },
    alertmanagers: [at(ports.alertmanager)],
    rules: join(SHIPPED, 'rules', '*.yml'),
    ...(grafanaUrl === null ? {} : { grafanaUrl }),
    alertmanagerUrl: `http://${at(ports.alertmanager)}`,
  });
  const config = join(options.directory, 'prometheus.yml');
  await writeFile(config, text);
  const program = supervise({
    name: 'Prometheus',
    file: options.file,
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(options.directory, 'data')}`,
      ...PROMETHEUS_FLAGS,
      `--web.listen-address=${at(ports.prometheus)}`,
      `--web.external-url=http://${at(ports.prometheus)}/`,
    ],
    directory: options.directory,
  });
  return { program, changes };
}
