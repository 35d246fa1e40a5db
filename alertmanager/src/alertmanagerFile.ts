import { createHash } from 'node:crypto';
import type { RecipientsFile } from '../../exporter/src/config/recipientsFile.js';
import type { Alert } from '../../prometheus/src/shared/alert.js';
import { messages } from './audiences.js';
import { COMMENT, commentedYaml } from './commentedYaml.js';
import { globalSettings } from './globalSettings.js';
import { inhibitRules } from './inhibitions.js';
import { receivers } from './receivers.js';
import { routeTree } from './routes.js';

const HEADER = `# Generated from the alerts (prometheus/src/alerts) and recipients.yaml by \`npm run alertmanager\`
# (\`portfolio-exporter alertmanager\`): edit those. What recipients.yaml has no setting for goes into its \`additions\`.
# Alertmanager 0.25 or newer, started with --data.retention=9600h: a shorter memory would forget what was sent, and so
# send the mails of a repeat_interval beyond it once more.
`;
const CHECKSUM = /^# sha256 of what follows: ([0-9a-f]{64})\n/m;

/** The whole of alertmanager.yml. */
export function alertmanagerFile(alerts: readonly Alert[], recipients: RecipientsFile): string {
  const told = messages(alerts, recipients);
  const { additions } = recipients;
  const content = commentedYaml({
    global: globalSettings(recipients),
    templates: ['templates/*.tmpl'],
    ...additions.other,
    route: {
      [COMMENT]: `By alert name within each class. A misspelt name, class or severity ends with on-call: nothing is lost.`,
      ...routeTree(told, recipients),
    },
    inhibit_rules: [...inhibitRules(alerts), ...additions.inhibitRules],
    receivers: [...receivers(told, recipients), ...additions.receivers],
  });
  return `${HEADER}# sha256 of what follows: ${sha256(content)}\n\n${content}`;
}

/** The names of the receivers that it has beside those of `additions`. */
export function generatedReceivers(alerts: readonly Alert[], recipients: RecipientsFile): string[] {
  return receivers(messages(alerts, recipients), recipients).map(({ name }) => name);
}

/** Whether a file is as it was once generated, from whatever recipients.yaml. */
export function isAsGenerated(text: string): boolean {
  const found = CHECKSUM.exec(text);
  if (found === null) return false;
  return found[1] === sha256(text.slice(found.index + found[0].length).replace(/^\n/, ''));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
