import { RECIPIENT_ROLES } from '../../src/config/recipientsFile.js';
import { DASHBOARDS } from '../../src/http/dashboards.js';
import type { AlertRule } from './ruleFiles.js';
import type { TestedAlert } from './ruleTests.js';

const SEVERITIES = ['critical', 'high', 'medium'];
const CLASSES = ['kpi', 'sla', 'exporter'];
/** Those of recipients.yaml, and the two whose addresses stand in rows. */
const ROLES: readonly string[] = [...RECIPIENT_ROLES, 'InitiativeOwner', 'VentureLeads'];
/** What is told of an alert that always fires. */
const HEARTBEAT_ANNOTATIONS = ['description', 'runbook_url', 'summary'];
const ANNOTATIONS = [...HEARTBEAT_ANNOTATIONS, 'dashboard_url', 'limit', 'next_step', 'value'].sort();
/** Two servers that watch the same exporters would send two alerts. */
const PER_SERVER = ['instance', 'job', 'replica'];

const DASHBOARD_URL = /^\{\{ \$externalLabels\.grafana_url \}\}\/d\/([\w-]+)$/;

/** What an alert lacks of the labels, annotations and links that routes, templates and readers rely on. */
export function alertProblems(rule: AlertRule): string[] {
  const { alert, labels, annotations } = rule;
  const heartbeat = labels['severity'] === 'none';
  const problems = heartbeat ? heartbeatLabels(rule) : messageLabels(rule);
  const expected = heartbeat ? HEARTBEAT_ANNOTATIONS : ANNOTATIONS;
  const missing = expected.filter((name) => (annotations[name] ?? '').trim() === '');
  const unknown = Object.keys(annotations).filter((name) => !expected.includes(name));
  problems.push(...missing.map((name) => `lacks the annotation ${name}`));
  problems.push(...unknown.map((name) => `has an annotation that no template shows: ${name}`));
  if (!heartbeat) problems.push(...dashboardProblems(annotations['dashboard_url'] ?? ''));
  const runbook = `{{ $externalLabels.runbook_url }}#${alert.toLowerCase()}`;
  if (annotations['runbook_url'] !== runbook) problems.push(`runbook_url is not ${runbook}`);
  return problems.map((problem) => `${alert}: ${problem}`);
}

function heartbeatLabels({ alert, labels }: AlertRule): string[] {
  return alert === 'Watchdog' && labels['class'] === 'exporter' ? [] : ['severity none is the Watchdog alone'];
}

function messageLabels({ labels }: AlertRule): string[] {
  const problems: string[] = [];
  if (!SEVERITIES.includes(labels['severity'] ?? '')) problems.push(`severity is none of ${SEVERITIES.join(', ')}`);
  if (!CLASSES.includes(labels['class'] ?? '')) problems.push(`class is none of ${CLASSES.join(', ')}`);
  const roles = (labels['recipients'] ?? '').replaceAll(/\{\{.*?\}\}/g, '').split(',');
  problems.push(...roles.filter((role) => !ROLES.includes(role)).map((role) => `no such recipient: '${role}'`));
  return problems;
}

function dashboardProblems(url: string): string[] {
  const uid = DASHBOARD_URL.exec(url)?.[1];
  if (uid === undefined) return ['dashboard_url is not {{ $externalLabels.grafana_url }}/d/<uid>'];
  return DASHBOARDS.some((dashboard) => dashboard.uid === uid) ? [] : [`there is no dashboard ${uid}`];
}

/** What the labels of an alert that fired, as its tests expect them, lack: some come only from the expression. */
export function firedProblems({ alertname, expected }: TestedAlert): string[] {
  const problems = expected.flatMap(({ exp_labels: labels }) => [
    ...PER_SERVER.filter((name) => name in labels).map((name) => `has the label ${name}`),
    ...(needsKpi(labels) && !('kpi' in labels) ? ['lacks the label kpi'] : []),
  ]);
  return [...new Set(problems)].map((problem) => `${alertname}: ${problem}`);
}

/** Data that are too old silence the alerts that read them by this label. That Grafana is gone says nothing about data. */
function needsKpi(labels: Readonly<Record<string, string>>): boolean {
  return labels['class'] === 'kpi' || (labels['class'] === 'sla' && labels['component'] !== 'grafana');
}
