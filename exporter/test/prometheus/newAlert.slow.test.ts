import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PROMTOOL, runPromtool } from '../support/promtool.js';
import { coverageProblems } from './alertCoverage.js';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);

/** The whole of a new alert, as CONTRIBUTING.md has it: its file, its promtool test, its heading in the runbook. */
const ALERT = `import { where } from '../shared/promql.js';
import { newest, threshold } from '../../../prometheus/src/shared/selectors.js';
import { numberAlert } from '../../../prometheus/src/shared/numberAlert.js';

export const synergyIdle = numberAlert({
  name: 'SynergyIdle',
  class: 'kpi',
  severity: 'medium',
  kpi: 'initiative_status',
  unit: 'duration',
  when: 'an initiative had no news for more than \`stalled_initiative_threshold\`',
  limit: threshold('stalled_initiative_threshold'),
  breach: (limit) => where(newest('portfolio_initiative_idle_seconds'), '>', limit),
  texts: ({ label, value }) => ({
    summary: \`\${label('initiative')}: no news for \${value}\`,
    description: \`Nobody wrote anything about \${label('initiative')}.\`,
    nextStep: \`Ask \${label('owner', 'somebody')}.\`,
  }),
  dashboard: 'initiative-tracking',
  notify: { recipients: ['SynergyExecutionManager'], slack: 'never' },
});
`;
const TEST = `rule_files: [../rules/freshness.yml, ../rules/kpi-alerts.yml]
evaluation_interval: 5s
group_eval_order: [portfolio-freshness, portfolio-sla, portfolio-kpis]
tests:
  - interval: 5s
    input_series:
      - { series: 'up{job="portfolio-exporter",instance="a"}', values: '1x20' }
      - { series: 'portfolio_threshold{job="portfolio-exporter",instance="a",name="stalled_initiative_threshold"}', values: '86400x20' }
      - { series: 'portfolio_kpi_acceptable_lag_seconds{job="portfolio-exporter",instance="a",kpi="initiative_status"}', values: '300x20' }
      - { series: 'portfolio_kpi_last_success_timestamp_seconds{job="portfolio-exporter",instance="a",kpi="initiative_status"}', values: '0+5x20' }
      - { series: 'portfolio_initiative_idle_seconds{job="portfolio-exporter",instance="a",initiative_id="i1",initiative="Hub",owner="Ann"}', values: '86400x5 90000x20' }
    alert_rule_test:
      - { eval_time: 25s, alertname: SynergyIdle }
      - eval_time: 30s
        alertname: SynergyIdle
        exp_alerts:
          - exp_labels: { class: kpi, severity: medium, kpi: initiative_status, recipients: SynergyExecutionManager, initiative_id: i1, initiative: Hub, owner: Ann }
            exp_annotations:
              summary: 'Hub: no news for 1 d 1 h'
              description: Nobody wrote anything about Hub.
              value: 1 d 1 h
              limit: 1 d
              next_step: Ask Ann.
              dashboard_url: /d/initiative-tracking
              runbook_url: '#synergyidle'
`;

let copy: string;
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'new-alert-'));
  for (const part of [
    'exporter/src',
    'exporter/scripts',
    'exporter/config',
    'sql',
    'docs',
    'alertmanager',
    'prometheus',
  ])
    await cp(join(REPOSITORY, part), join(copy, part), { recursive: true });
  for (const file of ['package.json', 'tsconfig.json', '.prettierrc.json'])
    await cp(join(REPOSITORY, file), join(copy, file));
  await symlink(join(REPOSITORY, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rm(copy, { recursive: true }));

const rules = (...flags: string[]) =>
  run('node', ['--import', 'tsx', 'prometheus/src/writeRules.ts', ...flags], { cwd: copy });
const names = async (): Promise<string[]> => {
  const text = await readFile(join(copy, 'docs/alerting.md'), 'utf8');
  return [
    ...new Set([...text.matchAll(/^\| `([A-Z]\w+)` \|.*\|.*\|.*\|.*\|.*\| .* \|$/gm)].map(([, name = '']) => name)),
  ];
};

it('an alert is one file, its test and its heading in the runbook', { timeout: 120_000 }, async () => {
  const folder = pathToFileURL(`${copy}/`);
  await writeFile(join(copy, 'prometheus/src/alerts/synergyIdle.ts'), ALERT);
  await expect(rules('--check')).rejects.toThrow('prometheus/rules/kpi-alerts.yml is not what its sources say');
  await rules();
  await rules('--check');
  expect(coverageProblems(await names(), folder)).toEqual([
    'SynergyIdle lacks a promtool test in which it fires',
    'SynergyIdle lacks a promtool test in which it does not fire',
    'SynergyIdle lacks a heading in docs/runbook.md',
  ]);

  const test = join(copy, 'prometheus/tests/SynergyIdle.test.yml');
  await writeFile(test, TEST);
  await appendFile(join(copy, 'docs/runbook.md'), '\n## SynergyIdle\n');
  expect(coverageProblems(await names(), folder)).toEqual([]);
  expect(await readFile(join(copy, 'prometheus/rules/exporter-alerts.yml'), 'utf8')).toContain(
    'portfolio_threshold{name="stalled_initiative_threshold"}',
  );
  const alertmanager = 'exporter/src/main.ts alertmanager'.split(' ');
  await run('node', ['--import', 'tsx', ...alertmanager], { cwd: copy });
  const routed = await readFile(join(copy, 'alertmanager/alertmanager.yml'), 'utf8');
  for (const line of ['- matchers: [alertname="SynergyIdle"]', 'receiver: synergy-idle', '- name: synergy-idle'])
    expect(routed).toContain(line);
  if (PROMTOOL === null) return;
  const tested = await runPromtool(['test', 'rules', test]);
  expect(tested.code, tested.output).toBe(0);
  const checked = await runPromtool(['check', 'rules', join(copy, 'prometheus/rules/kpi-alerts.yml')]);
  expect(checked.code, checked.output).toBe(0);
});
