import { readdirSync, readFileSync } from 'node:fs';
import { parseRuleTestFile, testedAlerts } from './ruleTests.js';

/**
 * What the runbook and the promtool tests lack of the alerts, and what they say of alerts that do not exist.
 * @param repository where docs and prometheus/tests stand
 */
export function coverageProblems(alerts: readonly string[], repository: URL): string[] {
  const read = (path: string): string => readFileSync(new URL(path, repository), 'utf8');
  const tests = readdirSync(new URL('prometheus/tests/', repository)).map((name) => read(`prometheus/tests/${name}`));
  const tested = testedAlerts(tests.map(parseRuleTestFile));
  const names = (some: typeof tested): string[] => some.map(({ alertname }) => alertname);
  const silent = names(tested.filter((one) => one.silent));
  return [
    ...bothWays(alerts, names(tested.filter(({ fires }) => fires)), 'a promtool test in which it fires'),
    // The Watchdog always fires.
    ...bothWays(alerts, [...silent, 'Watchdog'], 'a promtool test in which it does not fire'),
    ...bothWays(alerts, runbookHeadings(read('docs/runbook.md')), 'a heading in docs/runbook.md'),
  ];
}

export function bothWays(alerts: readonly string[], there: readonly string[], what: string): string[] {
  const missing = alerts.filter((alert) => !there.includes(alert));
  const unknown = [...new Set(there)].filter((name) => !alerts.includes(name));
  return [
    ...missing.map((alert) => `${alert} lacks ${what}`),
    ...unknown.map((name) => `${name} has ${what} and is no alert`),
  ];
}

/** `## AlertName`: a heading of one word and no other. */
export function runbookHeadings(markdown: string): string[] {
  return [...markdown.matchAll(/^## ([A-Z][A-Za-z0-9]*)$/gm)].map(([, name = '']) => name);
}
