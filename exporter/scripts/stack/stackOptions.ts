/** What a person may choose; a port of 0 takes a free one. */
export interface StackOptions {
  readonly exporterPort: number;
  readonly prometheusPort: number;
  readonly alertmanagerPort: number;
  readonly grafanaPort: number;
  /** What happens after alerts, and the pages of the mails that it sends. */
  readonly actionsPort: number;
  readonly mailPort: number;
  /** Whether Grafana is started where it is installed. */
  readonly grafana: boolean;
}

/** Something that a person can mend: printed without a stack. */
export class StackError extends Error {
  override readonly name = 'StackError';
}
