/** What the info icon of a panel says. Markdown. */
export interface PanelText {
  /** What the panel shows, over which window: plain sentences for the Chairman, without any name of a metric or a threshold. */
  readonly shows: string;
  /** Where its target or limit comes from; left out where it has none. */
  readonly target?: string;
  /** Metrics and files by name; left out where they say nothing more. */
  readonly source?: string;
  /** How its rows leave Grafana as numbers; of a table. */
  readonly exported?: string;
  /** What to do when it is red, or empty where it should not be. */
  readonly whenRed: string;
}

export function describe({ shows, target, whenRed, source, exported }: PanelText): string {
  const parts = [
    shows,
    `**When it is red:** ${whenRed}`,
    ...(target === undefined ? [] : [`**Target:** ${target}`]),
    ...(source === undefined ? [] : [`**Source:** ${source}`]),
    ...(exported === undefined ? [] : [`**As CSV:** ${exported}`]),
  ];
  return parts.join('\n\n');
}
