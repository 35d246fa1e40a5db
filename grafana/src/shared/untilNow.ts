interface TimeOverride {
  timeFrom(from: string): this;
  hideTimeOverride(hidden: boolean): this;
}

/**
 * A panel on Prometheus on a page whose time range ends in the future: an instant query is evaluated at the end of the range,
 * where there is no sample yet. Its own range ends now.
 */
export function untilNow<T extends TimeOverride>(panel: T): T {
  return panel.timeFrom('1h').hideTimeOverride(true);
}
