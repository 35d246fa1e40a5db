/** A recipients.yaml with a value of its own in every place, as the text of the file. */
export const RECIPIENTS_TEXT = `recipients:
  Chairman: chair@corp.test
  PortfolioOptimizationAdvisor: advisor@corp.test
  CoordinationPlanner: planner@corp.test
  SynergyExecutionManager: [manager@corp.test, deputy@corp.test]
  PortfolioAnalyst: analyst@corp.test
  OnCall:
    - first@corp.test
    - second@corp.test
slack:
  api_url_file: /run/secrets/slack
  channel: '#alerts'
medium_alerts_to_slack: false
smtp:
  smarthost: mail.corp.test:587
  from: alerts@corp.test
  hello: monitor.corp.test
  auth_username: alerts
  auth_password_file: /run/secrets/mail
  require_tls: true
heartbeat:
  url: https://heartbeat.corp.test/ping
  credentials_file: /run/secrets/heartbeat
actions:
  url: http://actions.corp.test:10040/alerts
  token_file: /run/secrets/actions
`;

/** The same with one piece of text replaced. Throws where the piece is not there. */
export function recipientsWith(...changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`no such text: ${from}`);
    return text.replace(from, to);
  }, RECIPIENTS_TEXT);
}
