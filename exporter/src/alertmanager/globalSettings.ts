import type { RecipientsFile } from '../config/recipientsFile.js';

const SMTPS_PORT = 465;

/** Whether a key of `global` is made from recipients.yaml, whether or not it has a value now. */
export function isOwnedGlobalKey(key: string): boolean {
  return /^(resolve_timeout|smtp_.*|slack_api_url(_file)?)$/.test(key);
}

/** The part of Alertmanager's `global` that is made from recipients.yaml. */
export function globalSettings({ smtp, slack }: RecipientsFile): Readonly<Record<string, unknown>> {
  return {
    // Prometheus sends an end time of its own; this is for alerts from elsewhere.
    resolve_timeout: '5m',
    smtp_smarthost: `${smtp.host}:${smtp.port}`,
    smtp_from: smtp.from,
    ...(smtp.hello === null ? {} : { smtp_hello: smtp.hello }),
    ...(smtp.authUsername === null ? {} : { smtp_auth_username: smtp.authUsername }),
    ...(smtp.authPasswordFile === null ? {} : { smtp_auth_password_file: smtp.authPasswordFile }),
    // Port 465 is encrypted before the first word: Alertmanager 0.25 would ask for STARTTLS on top and give up.
    smtp_require_tls: smtp.requireTls && smtp.port !== SMTPS_PORT,
    ...(slack === null ? {} : { slack_api_url_file: slack.apiUrlFile }),
  };
}
