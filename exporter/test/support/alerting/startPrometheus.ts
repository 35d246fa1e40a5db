import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { prometheusCopy } from '../../../scripts/stack/prometheusCopy.js';
import { PROMETHEUS_FLAGS } from '../../../scripts/stack/prometheusFlags.js';
import { startProgram } from '../childProgram.js';
import { freePort } from '../freePort.js';
import { untilAnswering } from './untilAnswering.js';

const SHIPPED = fileURLToPath(new URL('../../../../prometheus/', import.meta.url));

export interface PrometheusOptions {
  readonly binary: string;
  readonly directory: string;
  /** host:port of what each job of the shipped prometheus.yml scrapes; its own port is put in by itself. */
  readonly targets: Readonly<Record<'portfolio-exporter' | 'alertmanager' | 'grafana', readonly string[]>> & {
    /** None where left out. */
    readonly 'portfolio-actions'?: readonly string[];
  };
  readonly alertmanagers: readonly string[];
  /** The label `portfolio` of exporters, by their host:port; those that are left out have none. */
  readonly portfolios?: Readonly<Record<string, string>>;
  /** Pattern of other rule files than the shipped ones. */
  readonly rules?: string;
  /** In place of the shipped flags. */
  readonly flags?: readonly string[];
}

export interface Prometheus {
  readonly url: string;
  /** Instant query; each sample as its labels and number. */
  query(expression: string): Promise<{ labels: Record<string, string>; value: number }[]>;
  /** Alerts that are pending or firing now. */
  alerts(): Promise<{ labels: Record<string, string>; state: 'pending' | 'firing' }[]>;
  stop(): Promise<void>;
}

const vectorSchema = z.object({
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});
const alertsSchema = z.object({
  data: z.object({
    alerts: z.array(z.object({ labels: z.record(z.string(), z.string()), state: z.enum(['pending', 'firing']) })),
  }),
});

/** A real Prometheus with the shipped configuration and rules; only the addresses are others. Started again, it has its past. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const directory = join(options.directory, 'prometheus');
  await mkdir(directory, { recursive: true });
  const { text } = prometheusCopy(await readFile(join(SHIPPED, 'prometheus.yml'), 'utf8'), {
    targets: { 'portfolio-actions': [], ...options.targets, prometheus: [address] },
    alertmanagers: options.alertmanagers,
    rules: options.rules ?? join(SHIPPED, 'rules', '*.yml'),
  });
  const file = join(directory, 'prometheus.yml');
  await writeFile(file, withPortfolios(text, options.portfolios ?? {}));
  const program = startProgram(
    options.binary,
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      ...(options.flags ?? PROMETHEUS_FLAGS),
      `--web.listen-address=${address}`,
    ],
    {},
  );
  const url = `http://${address}`;
  await untilAnswering(`${url}/-/ready`, program);
  const get = async (path: string): Promise<unknown> => (await fetch(`${url}${path}`)).json();
  return {
    url,
    async query(expression) {
      const body = await get(`/api/v1/query?query=${encodeURIComponent(expression)}`);
      return vectorSchema
        .parse(body)
        .data.result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
    },
    alerts: async () => alertsSchema.parse(await get('/api/v1/alerts')).data.alerts,
    stop: () => program.stop(),
  };
}

/** The exporters as target groups of their own, each with its label. */
function withPortfolios(text: string, portfolios: Readonly<Record<string, string>>): string {
  const document = parseDocument(text);
  // The first job is the exporter's.
  const groups = ['scrape_configs', 0, 'static_configs'];
  for (const [target, portfolio] of Object.entries(portfolios))
    document.addIn(groups, { targets: [target], labels: { portfolio } });
  return document.toString();
}
