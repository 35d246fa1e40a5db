/** When an alert of one set of labels began and ended, in ms; null: it fires. */
export interface Span {
  readonly startsAt: number;
  readonly endsAt: number | null;
}

/** An episode of one entity, as far as alerts change it. */
export interface EpisodeSpan extends Span {
  readonly id: string;
  /** By digest of the labels. */
  readonly series: Readonly<Record<string, Span>>;
}

export type AlertEffect =
  | { readonly kind: 'new'; readonly episode: Omit<EpisodeSpan, 'id'> }
  | { readonly kind: 'changed'; readonly episode: EpisodeSpan }
  | { readonly kind: 'known' };

/**
 * What one alert does to the episodes of its entity, the newest first. Order, repetition and a second Alertmanager make no
 * difference to whether it is over: an alert that is known to have ended is old news, and an episode lasts as long as any set
 * of labels fires, because a label that changes (a new owner) ends one alert and begins another.
 */
export function applyAlert(episodes: readonly EpisodeSpan[], series: string, told: Span): AlertEffect {
  const isIn = (span: Span | undefined): boolean => span !== undefined && overlaps(span, told);
  const episode =
    episodes.find((one) => isIn(one.series[series])) ??
    episodes.find((one) => one.endsAt === null && isIn(one)) ??
    episodes.find(isIn);
  if (episode === undefined) return { kind: 'new', episode: { ...told, series: { [series]: told } } };
  const before = episode.series[series];
  const after = before === undefined ? told : applied(before, told);
  if (after === before) return { kind: 'known' };
  const spans = { ...episode.series, [series]: after };
  return { kind: 'changed', episode: { ...episode, series: spans, endsAt: endOf(Object.values(spans)) } };
}

function applied(before: Span, told: Span): Span {
  if (before.endsAt === null) return told.endsAt === null ? before : { ...before, endsAt: told.endsAt };
  // Two Alertmanagers may give one end a few seconds apart.
  return told.startsAt > before.endsAt ? told : before;
}

function overlaps(episode: Span, told: Span): boolean {
  return (
    (episode.endsAt === null || episode.endsAt >= told.startsAt) &&
    (told.endsAt === null || told.endsAt >= episode.startsAt)
  );
}

function endOf(spans: readonly Span[]): number | null {
  const ends = spans.map(({ endsAt }) => endsAt);
  return ends.includes(null) ? null : Math.max(...ends.filter((end) => end !== null));
}
