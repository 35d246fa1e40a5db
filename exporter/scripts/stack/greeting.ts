import type { Stack } from './startStack.js';

/** What a person needs to know of a stack that is up. */
export function greeting(stack: Stack): string {
  const { grafana } = stack;
  const dashboards =
    grafana === null
      ? 'none: grafana is not on PATH, or --no-grafana was given'
      : `${grafana.url}/   user admin, password ${grafana.adminPassword}`;
  const changes = Object.entries(stack.changes).flatMap(([file, lines]) =>
    lines.flatMap(({ line, before, after }) => [`  ${file}:${line}`, `    - ${before}`, `    + ${after}`]),
  );
  return `
The stack is up with the demo portfolio. Open

  dashboards    ${dashboards}
  status page   ${stack.exporterUrl}/
  Prometheus    ${stack.prometheusUrl}/
  Alertmanager  ${stack.alertmanagerUrl}/
  after alerts  ${stack.actions.url}/   user ${stack.actions.user}, password ${stack.actions.password}
  its mails     ${stack.actions.mailUrl}/

Mail and Slack's messages leave a line here; each mail of Alertmanager is a file in ${stack.mailDirectory}. Change a row and watch the numbers
and the messages follow (docs/demo-alerts.md has a line for each alert):

  ${stack.psql}

It runs from the files of the repository, read once (thresholds.yaml: as soon as it changes). Lines that are others here:

${changes.join('\n')}

Ctrl-C stops everything and leaves nothing behind.
`;
}
