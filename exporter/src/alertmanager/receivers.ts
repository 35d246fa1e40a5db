import type { RecipientRole, RecipientsFile } from '../config/recipientsFile.js';

/** A receiver as Alertmanager reads it, or a part of one. */
export type ReceiverYaml = Readonly<Record<string, unknown>>;

interface ReceiverPlan {
  /** Says in the file what comes here. */
  readonly comment: string;
  readonly slack: 'always' | 'if asked for' | 'never';
  /** Fixed recipients. */
  readonly roles: readonly RecipientRole[];
  /** A recipient that stands in a label, which the route has to group by; whoever is left out of it goes to the role. */
  readonly fromLabel?: { readonly label: string; readonly fallback: RecipientRole };
}

/** Who hears of what, by the names that the routes in alertmanager.yml use; the Watchdog's receiver comes on top. */
export const RECEIVER_PLANS = {
  'on-call': {
    comment: 'The monitoring itself, late data, and whatever matches no other route.',
    slack: 'always',
    roles: ['OnCall'],
  },
  'performance-degradation': {
    comment: 'Revenue or profit fell.',
    slack: 'always',
    roles: ['Chairman', 'PortfolioOptimizationAdvisor'],
  },
  'initiative-owner': {
    comment: "A milestone is overdue: its owner. The address is the alert's own.",
    slack: 'never',
    roles: [],
    fromLabel: { label: 'owner_email', fallback: 'SynergyExecutionManager' },
  },
  'initiative-manager': {
    comment: 'A milestone is overdue: the one who answers for all of them.',
    slack: 'never',
    roles: ['SynergyExecutionManager'],
  },
  'initiative-chairman': {
    comment: 'A milestone of a critical initiative is overdue, or nobody answered for one.',
    slack: 'never',
    roles: ['Chairman'],
  },
  'resource-conflict': {
    comment: 'A resource is given out more than once.',
    slack: 'always',
    roles: ['CoordinationPlanner', 'Chairman'],
  },
  'venture-leads': {
    comment: "The same: the leads of the ventures it hits. The addresses are the alert's own.",
    slack: 'never',
    roles: [],
    fromLabel: { label: 'venture_leads', fallback: 'CoordinationPlanner' },
  },
  'resource-conflicts-urgent': {
    comment: 'Several resources at once.',
    slack: 'always',
    roles: ['CoordinationPlanner', 'Chairman', 'OnCall'],
  },
  'resource-conflict-escalated': {
    comment: 'A conflict that nobody resolved in time.',
    slack: 'never',
    roles: ['Chairman', 'CoordinationPlanner'],
  },
  'capture-rate': {
    comment: 'Too few synergies are captured, month after month.',
    slack: 'if asked for',
    roles: ['PortfolioAnalyst', 'Chairman'],
  },
  'coordination-overhead': {
    comment: 'Coordination costs too much.',
    slack: 'if asked for',
    roles: ['Chairman', 'CoordinationPlanner'],
  },
  'data-quality': {
    comment: 'Rows that break a rule of the data flow.',
    slack: 'never',
    roles: ['PortfolioAnalyst'],
  },
} as const satisfies Readonly<Record<string, ReceiverPlan>>;

/** The receiver of the Watchdog. */
export const HEARTBEAT_RECEIVER = 'heartbeat';

export interface Receiver {
  readonly name: string;
  readonly comment: string;
  readonly yaml: ReceiverYaml;
}

/** Every receiver that is made from recipients.yaml, in the order of the file. */
export function receivers(recipients: RecipientsFile): Receiver[] {
  const planned = Object.entries<ReceiverPlan>(RECEIVER_PLANS).map(([name, plan]): Receiver => ({
    name,
    comment: plan.comment,
    yaml: receiver(name, plan, recipients),
  }));
  return [...planned, heartbeat(recipients)];
}

function receiver(name: string, plan: ReceiverPlan, recipients: RecipientsFile): ReceiverYaml {
  const { slack, mediumAlertsToSlack } = recipients;
  const bySlack = plan.slack === 'always' || (plan.slack === 'if asked for' && mediumAlertsToSlack);
  return {
    name,
    ...(bySlack && slack !== null ? { slack_configs: [slackConfig(slack.channel)] } : {}),
    email_configs: emailAddresses(plan, recipients).map(emailConfig),
  };
}

/** One rejected recipient blocks a whole mail, so that each address has a mail, and thus an entry, of its own. */
function emailAddresses({ roles, fromLabel }: ReceiverPlan, { recipients }: RecipientsFile): string[] {
  const fixed = roles.flatMap((role) => recipients[role]);
  const distinct = new Map(fixed.map((address) => [address.toLowerCase(), address]));
  if (fromLabel === undefined) return [...distinct.values()];
  // Alertmanager refuses an empty address, but only when it sends: the mail would be lost.
  const [fallback = ''] = recipients[fromLabel.fallback];
  return [`{{ or .GroupLabels.${fromLabel.label} "${fallback}" }}`, ...distinct.values()];
}

function emailConfig(to: string): ReceiverYaml {
  return {
    to,
    send_resolved: true,
    headers: {
      Subject: '{{ template "portfolio.email.subject" . }}',
      Importance: '{{ template "portfolio.email.importance" . }}',
      // Out-of-office replies are for people, not for this sender.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    },
    html: '{{ template "portfolio.email.html" . }}',
    text: '{{ template "portfolio.email.text" . }}',
  };
}

function slackConfig(channel: string): ReceiverYaml {
  const field = (name: string): ReceiverYaml => ({
    title: `{{ template "portfolio.slack.${name}_title" . }}`,
    value: `{{ template "portfolio.slack.${name}" . }}`,
    short: true,
  });
  const button = (name: string): ReceiverYaml => ({
    type: 'button',
    text: `{{ template "portfolio.slack.${name}_text" . }}`,
    url: `{{ template "portfolio.slack.${name}_url" . }}`,
  });
  return {
    channel,
    send_resolved: true,
    // A name with an @ in it would call people.
    link_names: false,
    username: 'Portfolio alerts',
    color: '{{ template "portfolio.slack.color" . }}',
    title: '{{ template "portfolio.slack.title" . }}',
    title_link: '{{ template "portfolio.slack.dashboard_url" . }}',
    text: '{{ template "portfolio.slack.text" . }}',
    fallback: '{{ template "portfolio.slack.fallback" . }}',
    footer: '{{ template "portfolio.slack.footer" . }}',
    mrkdwn_in: ['text'],
    fields: ['value', 'limit', 'since', 'recipients'].map(field),
    actions: ['dashboard', 'runbook', 'silence'].map(button),
  };
}

function heartbeat({ heartbeat: target }: RecipientsFile): Receiver {
  const name = HEARTBEAT_RECEIVER;
  if (target === null) {
    const comment = 'The Watchdog calls nobody: recipients.yaml names no heartbeat.';
    // A receiver without integrations is what is meant here; the linter of the gate takes one for a mistake.
    return { name, comment: `${comment}\n# amlint: disable=empty-receiver`, yaml: { name } };
  }
  const { url, credentialsFile } = target;
  const authorization = { authorization: { credentials_file: credentialsFile } };
  const webhook = {
    url,
    send_resolved: false,
    ...(credentialsFile === null ? {} : { http_config: authorization }),
  };
  return { name, comment: 'The external heartbeat.', yaml: { name, webhook_configs: [webhook] } };
}
