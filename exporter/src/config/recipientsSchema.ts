import { z } from 'zod';
import { address } from './emailAddress.js';
import { roleSchemas } from './recipientRoles.js';

const HOST_NAME = String.raw`[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?`;
/** host:port: the first group is the host, the third the port. */
export const SMARTHOST = new RegExp(String.raw`^(${HOST_NAME}|\[[0-9A-Fa-f:.]+\]):(\d{1,5})$`);
const SMTPS_PORT = 465;

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

const actionsSchema = z
  .strictObject({
    url: z
      .string()
      .regex(
        /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?\/alerts$/,
        'is not the address of /alerts of the process, such as http://actions:10040/alerts',
      )
      .meta({ description: 'Its webhook, such as http://actions:10040/alerts.' }),
    token_file: absoluteFile(
      'File that holds the bearer token of the webhook and nothing else; actions.yaml names the same.',
    ),
  })
  .meta({ description: 'The process that acts on alerts about KPIs: `portfolio-exporter actions`.' });

const portfolioLabel = z
  .string()
  .min(1, 'is empty: alerts without a label portfolio go to those of recipients')
  .max(128, 'is longer than a label portfolio may be (128 characters)')
  .regex(/^\P{Cc}*$/u, 'has a control character: write the label as prometheus.yml has it');

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

/** The form of recipients.yaml; its JSON Schema is generated from this. */
export const recipientsSchema = z
  .strictObject({
    recipients: z.strictObject(roleSchemas).meta({ description: 'Who is told.' }),
    portfolios: z.record(portfolioLabel, z.strictObject(roleSchemas).partial()).default({}).meta({
      description:
        'By the label portfolio of the alerts: the roles that have other addresses there. The others are as in recipients.',
    }),
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
    actions: actionsSchema.nullable().default(null).meta({
      description:
        'The process that acts on alerts about KPIs, `portfolio-exporter actions`; null: none, and nobody tells venture leads.',
    }),
    additions: additionsSchema.prefault({}),
  })
  .refine(({ slack, medium_alerts_to_slack: medium }) => !medium || slack !== null, {
    error: 'is true, but slack is null',
    path: ['medium_alerts_to_slack'],
  })
  .meta({ title: 'Recipients', description: 'Who is told of what, and by which servers.' });

function isPort(text: string): boolean {
  return Number(text) >= 1 && Number(text) <= 65_535;
}

/** Whether what is said to the server stays unread without STARTTLS: TLS from the start, or the same machine. */
function isPrivate(smarthost: string): boolean {
  const [, host = '', , port = ''] = SMARTHOST.exec(smarthost) ?? [];
  return Number(port) === SMTPS_PORT || ['localhost', '127.0.0.1', '[::1]'].includes(host);
}
