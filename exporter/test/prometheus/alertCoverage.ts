import type { TestedAlert } from './ruleTests.js';

/** Where each alert must be spoken of. */
export interface Places {
  readonly alerts: readonly string[];
  readonly tested: readonly Pick<TestedAlert, 'alertname' | 'fires' | 'silent'>[];
  /** docs/runbook.md */
  readonly runbook: string;
  /** docs/alerting.md */
  readonly alerting: string;
  readonly routed: readonly string[];
}

/** The alerts that a place lacks, and what a place says of alerts that do not exist. */
export function coverageProblems({ alerts, tested, runbook, alerting, routed }: Places): string[] {
  const rules = [...new Set(alerts)];
  return [
    ...bothWays(rules, tested.filter(({ fires }) => fires).map(nameOf), 'a promtool test in which it fires'),
    ...bothWays(rules, tested.filter(({ silent }) => silent).map(nameOf), 'a promtool test in which it does not fire', [
      'Watchdog',
    ]),
    ...bothWays(rules, runbookHeadings(runbook), 'a heading in docs/runbook.md'),
    ...bothWays(rules, alertingEntries(alerting), 'an entry in docs/alerting.md'),
    ...bothWays(rules, routed, 'a case in routeCases.ts'),
  ];
}

const nameOf = ({ alertname }: { readonly alertname: string }): string => alertname;

/** @param never those that can have no such entry */
function bothWays(
  rules: readonly string[],
  there: readonly string[],
  what: string,
  never: readonly string[] = [],
): string[] {
  const missing = rules.filter((rule) => !there.includes(rule) && !never.includes(rule));
  const unknown = [...new Set(there)].filter((name) => !rules.includes(name));
  return [
    ...missing.map((rule) => `${rule} lacks ${what}`),
    ...unknown.map((name) => `${name} has ${what} and is no alert`),
  ];
}

const NAME = '[A-Z][A-Za-z0-9]*';

/** `## AlertName`: a heading of one word and no other. */
export function runbookHeadings(markdown: string): string[] {
  return [...markdown.matchAll(new RegExp(`^## (${NAME})$`, 'gm'))].map(([, name = '']) => name);
}

/** Headings, and every name in the first cell of a table whose first column is the alert. Other tables may name alerts, too. */
function alertingEntries(markdown: string): string[] {
  const tables = markdown.split(/\n{2,}/).filter((block) => /^\| alert +\|/.test(block));
  const cells = tables.flatMap((table) => table.split('\n').map((row) => row.split('|')[1] ?? ''));
  const named = cells.flatMap((cell) => [...cell.matchAll(new RegExp(`\`(${NAME})\``, 'g'))]);
  const headed = [...markdown.matchAll(new RegExp(`^#{2,4} \`?((?:[A-Z][a-z]+){2,}|Watchdog)\`?$`, 'gm'))];
  return [...named, ...headed].map(([, name = '']) => name);
}
