/** What reached a person: one mail, or one request in the form of Slack's incoming webhooks. */
export interface SentMessage {
  readonly channel: 'mail' | 'slack';
  /** Addresses of the envelope, sorted; for Slack the channel. */
  readonly to: readonly string[];
  /** The subject; for Slack the attachment's title. */
  readonly title: string;
  /** The text part; for Slack the attachment as JSON. */
  readonly text: string;
  readonly html: string;
  /** As it came over the wire. */
  readonly raw: string;
  /** When it was complete, in milliseconds since 1970. */
  readonly at: number;
}
