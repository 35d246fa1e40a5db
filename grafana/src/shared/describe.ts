/** What the info icon of a panel says. Markdown. */
export interface PanelText {
  /** What the panel shows, over which window. */
  readonly shows: string;
  /** Where its target or limit comes from; left out where it has none. */
  readonly target?: string;
  /** What to do when it is red, or empty where it should not be. */
  readonly whenRed: string;
}

export function describe({ shows, target, whenRed }: PanelText): string {
  const parts = [shows, ...(target === undefined ? [] : [`**Target:** ${target}`]), `**When it is red:** ${whenRed}`];
  return parts.join('\n\n');
}
