import type { RecipientsFile } from '../../exporter/src/config/recipientsFile.js';
import { HEARTBEAT_RECEIVER, ON_CALL_RECEIVER } from './audiences.js';
import type { Audience, Message } from './audiences.js';
import { COMMENT } from './commentedYaml.js';
import type { Commented } from './commentedYaml.js';
import { emailConfig, slackConfig } from './messageConfig.js';

/** Every receiver, in the order of the file. */
export function receivers(all: readonly Message[], recipients: RecipientsFile): Commented[] {
  const audiences = all.flatMap((message) => message.audiences).filter(({ name }) => name !== ON_CALL_RECEIVER);
  return [onCall(recipients), ...audiences.map((audience) => receiver(audience, recipients)), heartbeat(recipients)];
}

function onCall(recipients: RecipientsFile): Commented {
  const bySlack = recipients.slack !== null;
  const comment = 'The monitoring itself, late data, and whatever matches no other route.';
  return made(ON_CALL_RECEIVER, comment, { bySlack, roles: ['OnCall'], person: null }, recipients);
}

function receiver(audience: Audience, recipients: RecipientsFile): Commented {
  const { name, alerts, roles, person } = audience;
  const who = [...roles, ...(person === null ? [] : [`whoever stands in ${person.address}`])];
  const what = alerts.map((alert) => alert.name).join(', ');
  return made(name, `${what}: ${who.join(', ')}.`, audience, recipients);
}

function made(
  name: string,
  comment: string,
  who: Pick<Audience, 'bySlack' | 'roles' | 'person'>,
  recipients: RecipientsFile,
): Commented {
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

function heartbeat({ heartbeat: target }: RecipientsFile): Commented {
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
