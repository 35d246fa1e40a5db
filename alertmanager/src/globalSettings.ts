import type { RecipientsFile } from '../../exporter/src/config/recipientsFile.js';

const SMTPS_PORT = 465;

/** Alertmanager's `global`. */
export function globalSettings({ smtp, slack, additions }: RecipientsFile): Readonly<Record<string, unknown>> {
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
    ...additions.global,
  };
}
