import { z } from 'zod';
import { readYaml } from '../yaml/yamlDocument.js';

/** Whom a message can be meant for, as the `recipients` label of every alert names them. */
export const RECIPIENT_ROLES = [
  'Chairman',
  'PortfolioOptimizationAdvisor',
  'CoordinationPlanner',
  'SynergyExecutionManager',
  'PortfolioAnalyst',
  'OnCall',
] as const;

export type RecipientRole = (typeof RECIPIENT_ROLES)[number];

/** recipients.yaml as checked: whom messages reach, and by which servers. Secrets are only named by their files. */
export interface RecipientsFile {
  /** At least one address each. */
  readonly recipients: Readonly<Record<RecipientRole, readonly string[]>>;
  /** null: no Slack. */
  readonly slack: { readonly apiUrlFile: string; readonly channel: string } | null;
  readonly mediumAlertsToSlack: boolean;
  readonly smtp: SmtpConfig;
  /** The external heartbeat that the Watchdog calls; null: none. */
  readonly heartbeat: { readonly url: string; readonly credentialsFile: string | null } | null;
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

// The form that the KPI queries demand of addresses in rows: no display name, no comma, nothing that a header, a
// template or a shell would read.
const ADDRESS =
  /^[A-Za-z0-9_%+'-]+(\.[A-Za-z0-9_%+'-]+)*@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$/;
const HOST_NAME = String.raw`[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?`;
const SMARTHOST = new RegExp(String.raw`^(${HOST_NAME}|\[[0-9A-Fa-f:.]+\]):(\d{1,5})$`);
const SMTPS_PORT = 465;

const address = (description: string) =>
  z
    .string()
    .max(254, 'is longer than an address may be (254 characters)')
    .regex(ADDRESS, 'is not an address such as name@example.test: no display name, no list, no blanks')
    .meta({ description });

const addressList = z
  .array(address('One address.'))
  .min(1, 'has no address: nobody would be told')
  .refine((list) => new Set(list.map((one) => one.toLowerCase())).size === list.length, 'names an address twice');

function roleSchema(role: RecipientRole) {
  // Not a union: its errors would not say which address of the list is wrong.
  return z
    .unknown()
    .transform((raw, context): string[] => {
      const result = addressList.safeParse(Array.isArray(raw) ? raw : [raw]);
      if (result.success) return result.data;
      for (const issue of result.error.issues) {
        const path = Array.isArray(raw) ? issue.path : [];
        context.issues.push({ code: 'custom', message: explain(raw, issue), path, input: raw });
      }
      return z.NEVER;
    })
    .meta({
      description: `Whom docs/alerting.md calls ${role}. One address, or a list of them.`,
      anyOf: [
        { type: 'string', pattern: ADDRESS.source },
        { type: 'array', items: { type: 'string', pattern: ADDRESS.source }, minItems: 1, uniqueItems: true },
      ],
    });
}

function explain(raw: unknown, issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type') return issue.message;
  return `${raw === undefined ? 'is missing; ' : ''}expected an address or a list of addresses`;
}

const absoluteFile = (description: string) =>
  z
    .string()
    // A relative one would be looked for in the directory in which Alertmanager was started.
    .regex(/^\/[^\p{Cc}{}]+$/u, 'is not an absolute path such as /run/secrets/name')
    .meta({ description });

const slackSchema = z
  .strictObject({
    api_url_file: absoluteFile("File that holds the address of Slack's incoming webhook and nothing else."),
    channel: z
      .string()
      .regex(/^(#[\p{L}\p{N}_-]{1,80}|[CG][A-Z0-9]{8,20})$/u, "is not a channel such as '#portfolio-alerts'")
      .meta({ description: "Channel of every message, such as '#portfolio-alerts' (in quotes: # begins a comment)." }),
  })
  .meta({ description: 'Slack.' });

const smtpSchema = z
  .strictObject({
    smarthost: z
      .string()
      .regex(SMARTHOST, 'is not host:port such as smtp.example.test:587')
      .refine((text) => isPort(SMARTHOST.exec(text)?.[3] ?? '1'), 'has a port that is not from 1 to 65535')
      .meta({ description: 'Mail server, host:port. 587: STARTTLS; 465: TLS from the start.' }),
    from: address('Sender of every mail.'),
    hello: z
      .string()
      .regex(new RegExp(`^${HOST_NAME}$`), 'is not a host name')
      .nullable()
      .default(null)
      .meta({ description: 'Host name given in EHLO; null: localhost.' }),
    auth_username: z
      .string()
      .regex(/^[^\p{Cc}{}]+$/u, 'is not a user name; write null for none')
      .nullable()
      .default(null)
      .meta({ description: 'User at the mail server; null: none.' }),
    auth_password_file: absoluteFile('File that holds the password and nothing else, not even a line break at its end.')
      .nullable()
      .default(null),
    require_tls: z.boolean().default(true).meta({ description: 'Whether a server without STARTTLS is refused.' }),
  })
  .refine(({ auth_username: user, auth_password_file: file }) => (user === null) === (file === null), {
    error: 'go together: give both auth_username and auth_password_file, or null for both',
    path: ['auth_username'],
  })
  .refine(({ smarthost, auth_username: user, require_tls: tls }) => tls || user === null || isPrivate(smarthost), {
    error: 'is false: the password would travel unencrypted; write true, or use port 465',
    path: ['require_tls'],
  })
  .meta({ description: 'The mail server.' });

const heartbeatSchema = z
  .strictObject({
    url: z
      .string()
      // The address is in a file that many read: whatever proves who calls belongs into credentials_file.
      .regex(
        /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?(\/[^\s?#@{}\p{Cc}]*)?$/u,
        'is not an http or https address without user, password, ? and #; the credential goes into credentials_file',
      )
      .meta({ description: 'Address that is posted to every five minutes.' }),
    credentials_file: absoluteFile('File that holds the bearer token and nothing else; null: none.')
      .nullable()
      .default(null),
  })
  .meta({ description: 'External heartbeat that tells when these messages themselves stop.' });

const OWN_GLOBAL = /^(resolve_timeout|smtp_.*|slack_api_url(_file)?)$/;
const anything = z.record(z.string(), z.unknown());
const additionsSchema = z
  .strictObject({
    global: anything
      .default({})
      .superRefine((global, context) => {
        for (const key of Object.keys(global).filter((name) => OWN_GLOBAL.test(name))) {
          const message = 'is made from smtp and slack above; change it there';
          context.addIssue({ code: 'custom', message, path: [key] });
        }
      })
      .meta({ description: 'Settings of global, such as http_config; not those of mail and Slack.' }),
    routes: z.array(anything).default([]).meta({ description: 'Routes; they come before the shipped ones.' }),
    receivers: z
      .array(z.looseObject({ name: z.string() }))
      .default([])
      .meta({ description: 'Receivers.' }),
    inhibit_rules: z.array(anything).default([]).meta({ description: 'Inhibitions beside the shipped ones.' }),
    time_intervals: z.array(anything).optional().meta({ description: 'Times by name, for mute_time_intervals.' }),
    tracing: anything.optional().meta({ description: 'Tracing of Alertmanager itself.' }),
  })
  .meta({ description: "Parts of Alertmanager's own configuration, taken over as they are." });

const ROLES = Object.fromEntries(RECIPIENT_ROLES.map((role) => [role, roleSchema(role)])) as Record<
  RecipientRole,
  ReturnType<typeof roleSchema>
>;

/** The form of recipients.yaml; its JSON Schema is generated from this. */
export const recipientsSchema = z
  .strictObject({
    recipients: z.strictObject(ROLES).meta({ description: 'Who is told.' }),
    slack: slackSchema.nullable().meta({ description: 'Slack; null: everything goes by e-mail alone.' }),
    medium_alerts_to_slack: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether alerts of severity medium about KPIs go to Slack too, beside their e-mails.' }),
    smtp: smtpSchema,
    heartbeat: heartbeatSchema
      .nullable()
      .default(null)
      .meta({ description: 'External heartbeat that tells when these messages themselves stop; null: none.' }),
    additions: additionsSchema.prefault({}),
  })
  .refine(({ slack, medium_alerts_to_slack: medium }) => !medium || slack !== null, {
    error: 'is true, but slack is null',
    path: ['medium_alerts_to_slack'],
  })
  .meta({ title: 'Recipients', description: 'Who is told of what, and by which servers.' });

/**
 * Reads recipients.yaml.
 * @throws {ConfigError} with every problem at once, each with file, line, path and what would be right
 */
export function parseRecipients(text: string, file: string): RecipientsFile {
  const { recipients, slack, medium_alerts_to_slack, smtp, heartbeat, additions } = readYaml(
    text,
    file,
    recipientsSchema,
  );
  const { global, routes, receivers, inhibit_rules: inhibitRules, ...other } = additions;
  const [, host = '', , port = ''] = SMARTHOST.exec(smtp.smarthost) ?? [];
  return {
    recipients,
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
    additions: { global, routes, receivers, inhibitRules, other },
  };
}

function isPort(text: string): boolean {
  return Number(text) >= 1 && Number(text) <= 65_535;
}

/** Whether what is said to the server stays unread without STARTTLS: TLS from the start, or the same machine. */
function isPrivate(smarthost: string): boolean {
  const [, host = '', , port = ''] = SMARTHOST.exec(smarthost) ?? [];
  return Number(port) === SMTPS_PORT || ['localhost', '127.0.0.1', '[::1]'].includes(host);
}
