import { z } from 'zod';
import { suggestion } from '../yaml/didYouMean.js';
import { ConfigError } from '../yaml/problem.js';
import { readYamlDocument } from '../yaml/yamlDocument.js';
import type { YamlPath } from '../yaml/yamlLocator.js';
import type { RecipientRole, RoleAddresses } from './recipientRoles.js';
import { recipientsSchema, SMARTHOST } from './recipientsSchema.js';

/** recipients.yaml as checked: whom messages reach, and by which servers. Secrets are only named by their files. */
export interface RecipientsFile {
  readonly recipients: RoleAddresses;
  /** The same for the portfolios that have a section of their own, by their label `portfolio`. */
  readonly portfolios: ReadonlyMap<string, RoleAddresses>;
  /** null: no Slack. */
  readonly slack: { readonly apiUrlFile: string; readonly channel: string } | null;
  readonly mediumAlertsToSlack: boolean;
  readonly smtp: SmtpConfig;
  /** The external heartbeat that the Watchdog calls; null: none. */
  readonly heartbeat: { readonly url: string; readonly credentialsFile: string | null } | null;
  /** The process that acts on alerts (`portfolio-exporter actions`); null: none. */
  readonly actions: { readonly url: string; readonly tokenFile: string } | null;
  readonly additions: Additions;
}

type Plain = Readonly<Record<string, unknown>>;

/** What goes into alertmanager.yml as it is; Alertmanager itself checks it. */
export interface Additions {
  readonly global: Plain;
  /** They come before the shipped ones. */
  readonly routes: readonly Plain[];
  readonly receivers: readonly Plain[];
  readonly inhibitRules: readonly Plain[];
  /** Whole sections of other names. */
  readonly other: Plain;
}

export interface SmtpConfig {
  readonly host: string;
  readonly port: number;
  readonly from: string;
  /** The name given in EHLO; null: the sender's own choice. */
  readonly hello: string | null;
  /** Set if and only if there is a password file. */
  readonly authUsername: string | null;
  readonly authPasswordFile: string | null;
  /** Whether a server without STARTTLS is refused; port 465 speaks TLS from the start. */
  readonly requireTls: boolean;
}

/**
 * Reads recipients.yaml.
 * @param generatedReceivers the names of those that are made of it: a route of `additions` may name one of them or one of its own
 * @throws {ConfigError} with every problem at once, each with file, line, path and what would be right
 */
export function parseRecipients(
  text: string,
  file: string,
  generatedReceivers?: (recipients: RecipientsFile) => readonly string[],
): RecipientsFile {
  const { value, problemAt } = readYamlDocument(text, file, recipientsSchema);
  const recipients = recipientsOf(value);
  if (generatedReceivers === undefined) return recipients;
  const { routes, receivers } = value.additions;
  const names = [...receivers.map(({ name }) => name), ...generatedReceivers(recipients)];
  const unknown = routes.flatMap((route, index) => receiversNamed(route, ['additions', 'routes', index]));
  const problems = unknown
    .filter(({ name }) => !names.includes(name))
    .map(({ name, path }) => problemAt(path, `there is no receiver ${name}${suggestion(name, names)}`));
  if (problems.length > 0) throw new ConfigError(problems);
  return recipients;
}

/** The receivers that a route and those below it name, each with its place. */
function receiversNamed(route: unknown, path: YamlPath): { readonly name: string; readonly path: YamlPath }[] {
  const { data } = routeSchema.safeParse(route);
  if (data === undefined) return [];
  const below = data.routes.flatMap((one, index) => receiversNamed(one, [...path, 'routes', index]));
  return data.receiver === undefined ? below : [{ name: data.receiver, path: [...path, 'receiver'] }, ...below];
}

const routeSchema = z.looseObject({ receiver: z.string().optional(), routes: z.array(z.unknown()).default([]) });

function recipientsOf(content: z.output<typeof recipientsSchema>): RecipientsFile {
  const { recipients, portfolios, slack, medium_alerts_to_slack, smtp, heartbeat, actions, additions } = content;
  const { global, routes, receivers, inhibit_rules: inhibitRules, ...other } = additions;
  const [, host = '', , port = ''] = SMARTHOST.exec(smtp.smarthost) ?? [];
  return {
    recipients,
    portfolios: new Map(Object.entries(portfolios).map(([name, own]) => [name, withOwn(recipients, own)])),
    slack: slack === null ? null : { apiUrlFile: slack.api_url_file, channel: slack.channel },
    mediumAlertsToSlack: medium_alerts_to_slack,
    smtp: {
      host,
      port: Number(port),
      from: smtp.from,
      hello: smtp.hello,
      authUsername: smtp.auth_username,
      authPasswordFile: smtp.auth_password_file,
      requireTls: smtp.require_tls,
    },
    heartbeat: heartbeat === null ? null : { url: heartbeat.url, credentialsFile: heartbeat.credentials_file },
    actions: actions === null ? null : { url: actions.url, tokenFile: actions.token_file },
    additions: { global, routes, receivers, inhibitRules, other },
  };
}

function withOwn(
  recipients: RoleAddresses,
  own: { readonly [R in RecipientRole]?: readonly string[] | undefined },
): RoleAddresses {
  const given = Object.entries(own).filter(([, addresses]) => addresses !== undefined);
  return { ...recipients, ...(Object.fromEntries(given) as Partial<RoleAddresses>) };
}

/** The file as it is for one portfolio, by its label: its own addresses where it has a section. */
export function ofPortfolio(file: RecipientsFile, portfolio: string): RecipientsFile {
  return { ...file, recipients: file.portfolios.get(portfolio) ?? file.recipients };
}
