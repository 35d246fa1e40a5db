/** A part of a receiver as Alertmanager reads it. */
export type ReceiverYaml = Readonly<Record<string, unknown>>;

/** Everything that a mail says is in templates/. */
export function emailConfig(to: string): ReceiverYaml {
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

/** Everything that a post says is in templates/. */
export function slackConfig(channel: string): ReceiverYaml {
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
