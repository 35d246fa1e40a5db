import { ofPortfolio } from '../../exporter/src/config/recipientsFile.js';
import type { RecipientsFile } from '../../exporter/src/config/recipientsFile.js';
import { ACTIONS_RECEIVER, HEARTBEAT_RECEIVER, ON_CALL_RECEIVER } from './audiences.js';
import type { Audience, Message } from './audiences.js';
import { COMMENT } from './commentedYaml.js';
import type { Commented } from './commentedYaml.js';
import { emailConfig, slackConfig } from './messageConfig.js';

type Receiver = Commented & { readonly name: string };

/** Every receiver, in the order of the file. */
export function receivers(all: readonly Message[], recipients: RecipientsFile): Receiver[] {
  return [
    ...people(all, recipients),
    heartbeat(recipients),
    ...actions(recipients),
    ...[...recipients.portfolios.keys()].flatMap((portfolio) => [...ownReceivers(portfolio, all, recipients).values()]),
  ];
}

/** By the receiver that others have, that of a portfolio in which somebody else is told. */
export function ownReceivers(
  portfolio: string,
  all: readonly Message[],
  recipients: RecipientsFile,
): Map<string, Receiver> {
  const usual = people(all, recipients).map((one) => JSON.stringify(one));
  const own = people(all, ofPortfolio(recipients, portfolio)).filter((one) => !usual.includes(JSON.stringify(one)));
  return new Map(
    own.map((one) => [
      one.name,
      { ...one, [COMMENT]: `Portfolio ${portfolio}. ${one[COMMENT] ?? ''}`, name: `${portfolio}/${one.name}` },
    ]),
  );
}

function people(all: readonly Message[], recipients: RecipientsFile): Receiver[] {
  const audiences = all.flatMap((message) => message.audiences).filter(({ name }) => name !== ON_CALL_RECEIVER);
  return [onCall(recipients), ...audiences.map((audience) => receiver(audience, recipients))];
}

function onCall(recipients: RecipientsFile): Receiver {
  const bySlack = recipients.slack !== null;
  const comment = 'The monitoring itself, late data, and whatever matches no other route.';
  return made(ON_CALL_RECEIVER, comment, { bySlack, roles: ['OnCall'], person: null }, recipients);
}

function receiver(audience: Audience, recipients: RecipientsFile): Receiver {
  const { name, alerts, roles, person } = audience;
  const who = [...roles, ...(person === null ? [] : [`whoever stands in ${person.address}`])];
  const what = alerts.map((alert) => alert.name).join(', ');
  return made(name, [`${what}: ${who.join(', ')}.`, ...untold(audience, recipients)].join('\n'), audience, recipients);
}

/** Whom nobody tells where no process acts on alerts. */
function untold({ alerts, condition }: Audience, { actions: process }: RecipientsFile): string[] {
  if (process !== null || condition !== null) return [];
  return alerts.flatMap(({ name, notify: { toldByActions } }) =>
    toldByActions === undefined
      ? []
      : [`Nobody tells ${toldByActions} of ${name}: recipients.yaml names no process that acts on alerts.`],
  );
}

function made(
  name: string,
  comment: string,
  who: Pick<Audience, 'bySlack' | 'roles' | 'person'>,
  recipients: RecipientsFile,
): Receiver {
  const { slack } = recipients;
  return {
    [COMMENT]: comment,
    name,
    ...(who.bySlack && slack !== null ? { slack_configs: [slackConfig(slack.channel)] } : {}),
    email_configs: addresses(who, recipients).map(emailConfig),
  };
}

/** One rejected recipient blocks a whole mail, so that each address has a mail, and thus an entry, of its own. */
function addresses({ roles, person }: Pick<Audience, 'roles' | 'person'>, { recipients }: RecipientsFile): string[] {
  const fixed = roles.flatMap((role) => recipients[role]);
  const distinct = new Map(fixed.map((address) => [address.toLowerCase(), address]));
  if (person === null) return [...distinct.values()];
  // Alertmanager refuses an empty address, but only when it sends: the mail would be lost.
  const [otherwise = ''] = recipients[person.otherwise];
  return [`{{ or .GroupLabels.${person.address} "${otherwise}" }}`, ...distinct.values()];
}

function heartbeat({ heartbeat: target }: RecipientsFile): Receiver {
  const name = HEARTBEAT_RECEIVER;
  if (target === null) {
    const comment = 'The Watchdog calls nobody: recipients.yaml names no heartbeat.';
    // A receiver without integrations is what is meant here; the linter of the gate takes one for a mistake.
    return { [COMMENT]: `${comment}\namlint: disable=empty-receiver`, name };
  }
  const { url, credentialsFile } = target;
  const authorization = { authorization: { credentials_file: credentialsFile } };
  const webhook = {
    url,
    send_resolved: false,
    ...(credentialsFile === null ? {} : { http_config: authorization }),
  };
  return { [COMMENT]: 'The external heartbeat.', name, webhook_configs: [webhook] };
}

/** All of a group, and its end: the process keeps each call, and does nothing for what it knows. */
function actions({ actions: target }: RecipientsFile): Receiver[] {
  if (target === null) return [];
  const webhook = {
    url: target.url,
    send_resolved: true,
    http_config: { authorization: { credentials_file: target.tokenFile } },
  };
  return [
    {
      [COMMENT]: 'What acts on alerts: portfolio-exporter actions.',
      name: ACTIONS_RECEIVER,
      webhook_configs: [webhook],
    },
  ];
}
