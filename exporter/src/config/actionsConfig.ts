import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { readYamlDocument, type YamlInspection } from '../yaml/yamlDocument.js';
import { databaseSchema, type DatabaseConfig } from './exporterConfig.js';
import { durationMs } from './quantitySchema.js';
import { type RequestsConfig, requestsOf, requestsSchema } from './requestsSchema.js';

/** actions.yaml as checked; file paths are absolute. */
export interface ActionsConfig {
  /** Where people reach this process, without a slash at the end; links in mails begin with it. */
  readonly externalUrl: string;
  /** The target label `portfolio` of the alerts that are acted upon; '' where Prometheus watches one portfolio. */
  readonly portfolio: string;
  readonly database: DatabaseConfig;
  /** How many jobs run at once. */
  readonly workers: number;
  readonly webhook: { readonly tokenFile: string };
  readonly links: { readonly keyFile: string; readonly validForMs: number };
  /** Passwords as bcrypt hashes, in the format of Prometheus' exporter-toolkit. */
  readonly usersFile: string;
  readonly recipientsFile: string;
  readonly meetings: {
    readonly noticeMs: number;
    /** HH:MM in the time zone of exporter.yaml. */
    readonly startsAt: string;
    readonly durationMs: number;
  };
  /** Numbers that ventures are asked for; null: none are. */
  readonly requests: RequestsConfig | null;
}

const file = (description: string) => z.string().min(1, 'is empty').meta({ description });

/** The form of actions.yaml; its JSON Schema is generated from this. */
export const actionsSchema = z
  .strictObject({
    external_url: z
      .string()
      .regex(
        /^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/,
        'is not an http or https address such as https://actions.example.test',
      )
      .meta({ description: 'Address under which people reach this process: links in mails begin with it.' }),
    portfolio: z.string().max(128).default('').meta({
      description: "The alerts' label portfolio that is acted upon; empty: that of a Prometheus with one portfolio.",
    }),
    database: databaseSchema('one for each worker and five more').prefault({}),
    workers: z
      .int()
      .min(1)
      .max(20)
      .default(4)
      .meta({ description: 'How many jobs run at once. Range: 1 - 20. Needs a restart.' }),
    webhook: z
      .strictObject({
        token_file: file(
          'File with the bearer token that Alertmanager sends, and nothing else; relative to this file.',
        ),
      })
      .meta({ description: 'What Alertmanager calls: POST /alerts.' }),
    links: z
      .strictObject({
        key_file: file(
          'File with one or two keys, a line each: the first signs the links in mails, all verify; relative to this file.',
        ),
        valid_for: durationMs({ min: '1h', max: '366d' }, 'How long a link in a mail can be used').prefault('14d'),
      })
      .meta({ description: 'Links by which people answer and decide.' }),
    users_file: file(
      'File with basic_auth_users: names and bcrypt hashes, as in the web configuration of Prometheus; relative to this file.',
    ),
    recipients_file: file('Who is told and by which mail server: recipients.yaml; relative to this file.'),
    meetings: z
      .strictObject({
        notice: durationMs({ min: '0s', max: '30d' }, 'Least time between an invitation and its meeting').prefault(
          '1d',
        ),
        starts_at: z
          .string()
          .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "is not a time of day such as '10:00' (in quotes)")
          .default('10:00')
          .meta({ description: "When meetings begin, HH:MM in exporter.yaml's time zone." }),
        duration: durationMs({ min: '5m', max: '1d' }, 'How long a meeting takes').prefault('1h'),
      })
      .meta({ description: 'Meetings that alerts invite to: the first working day after the notice.' })
      .prefault({}),
    requests: requestsSchema.nullable().default(null),
  })
  .meta({ title: 'Actions', description: 'What happens after an alert: portfolio-exporter actions.' });

/**
 * Reads actions.yaml, together with `problemAt(path, message)` for what only the files that it names can tell.
 * @throws {ConfigError} with every problem at once
 */
export function readActionsConfig(
  text: string,
  path: string,
): { readonly config: ActionsConfig; readonly problemAt: YamlInspection<unknown>['problemAt'] } {
  const { value, problemAt } = readYamlDocument(text, path, actionsSchema);
  const absolute = (relative: string): string => resolve(dirname(path), relative);
  const { database, links, meetings } = value;
  const config: ActionsConfig = {
    externalUrl: value.external_url.replace(/\/+$/, ''),
    portfolio: value.portfolio,
    database: {
      passwordFile: database.password_file === null ? null : absolute(database.password_file),
      maxConnections: database.max_connections,
      connectTimeoutMs: database.connect_timeout,
      probeIntervalMs: database.probe_interval,
      listen: database.listen,
    },
    workers: value.workers,
    webhook: { tokenFile: absolute(value.webhook.token_file) },
    links: { keyFile: absolute(links.key_file), validForMs: links.valid_for },
    usersFile: absolute(value.users_file),
    recipientsFile: absolute(value.recipients_file),
    meetings: { noticeMs: meetings.notice, startsAt: meetings.starts_at, durationMs: meetings.duration },
    requests: value.requests === null ? null : requestsOf(value.requests),
  };
  return { config, problemAt };
}
