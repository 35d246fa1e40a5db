import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROMETHEUS_FLAGS } from '../../../scripts/stack/prometheusFlags.js';
import { startShippedAlertmanager } from '../../alertmanager/shippedAlertmanager.js';
import { RULES_DIRECTORY } from '../../prometheus/ruleFiles.js';
import { freePort } from '../freePort.js';
import { startPrometheus } from './startPrometheus.js';

/** Every wait of Prometheus is divided by this: five minutes become 25 seconds. Alertmanager is told an end 20 s after the last news. */
const HURRY = 12;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };
const GRACE = '--rules.alert.for-grace-period=';

export interface HurriedStack {
  /** What the exporter's page says from now on, at each scrape. */
  page(text: () => string): void;
  /** Names of the alerts that fire, each once, sorted. */
  firing(): Promise<string[]>;
  /** Titles of the messages to Slack so far. */
  titles(): readonly string[];
  stopPrometheus(): Promise<void>;
  /** With its past. */
  startPrometheus(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A real Prometheus with the shipped rules, of which only the waits are shorter, and a real Alertmanager; the exporter is a page
 * of the test's own.
 */
export async function startHurriedStack(prometheusBinary: string, firstPage: () => string): Promise<HurriedStack> {
  const directory = await mkdtemp(join(tmpdir(), 'portfolio-hurried-'));
  const alertmanager = await startShippedAlertmanager();
  let page = firstPage;
  const exporter = createServer((_request, response) => response.end(page())).listen(0, '127.0.0.1');
  await once(exporter, 'listening');
  const options = {
    binary: prometheusBinary,
    directory,
    targets: {
      'portfolio-exporter': [`127.0.0.1:${(exporter.address() as AddressInfo).port}`],
      alertmanager: [new URL(alertmanager.url).host],
      // Nobody answers there.
      grafana: [`127.0.0.1:${await freePort()}`],
    },
    alertmanagers: [new URL(alertmanager.url).host],
    rules: await hurriedRules(join(directory, 'rules')),
    flags: hurriedFlags(),
  };
  let prometheus = await startPrometheus(options);
  return {
    page(text) {
      page = text;
    },
    async firing() {
      const alerts = await prometheus.alerts();
      const names = alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels['alertname'] ?? '');
      return [...new Set(names)].toSorted();
    },
    titles: () => alertmanager.slackTitles(),
    stopPrometheus: () => prometheus.stop(),
    async startPrometheus() {
      prometheus = await startPrometheus(options);
    },
    async stop() {
      await prometheus.stop();
      exporter.closeAllConnections();
      exporter.close();
      await alertmanager.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function hurried(duration: string): string {
  const [, amount = '', unit = ''] = /^(\d+)([smh])$/.exec(duration) ?? [];
  return `${Math.max(1, Math.round((Number(amount) * (SECONDS[unit] ?? Number.NaN)) / HURRY))}s`;
}

/** The shipped rules; only how long they wait and how often they are evaluated is shorter. */
export async function hurriedRules(directory: string): Promise<string> {
  await mkdir(directory);
  for (const name of await readdir(RULES_DIRECTORY)) {
    const text = await readFile(join(RULES_DIRECTORY, name), 'utf8');
    const faster = text.replaceAll(
      /^( +(?:for|keep_firing_for|interval): )(\w+)$/gm,
      (_all, key: string, duration: string) => key + hurried(duration),
    );
    await writeFile(join(directory, name), faster);
  }
  return join(directory, '*.yml');
}

function hurriedFlags(): string[] {
  return [
    ...PROMETHEUS_FLAGS.map((flag) => (flag.startsWith(GRACE) ? GRACE + hurried(flag.slice(GRACE.length)) : flag)),
    // As it is by default, hurried like the rest.
    ...(PROMETHEUS_FLAGS.some((flag) => flag.startsWith(GRACE)) ? [] : [GRACE + hurried('10m')]),
    `--rules.alert.resend-delay=${hurried('1m')}`,
  ];
}
