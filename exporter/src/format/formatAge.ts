const UNITS = [
  { seconds: 86_400, name: 'd' },
  { seconds: 3600, name: 'h' },
  { seconds: 60, name: 'min' },
] as const;

/** A span of time in its two largest parts: `12 s`, `2 min`, `23 h 40 min`, `3 d 4 h`. Below two days it is told in hours. */
export function formatAge(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  const [large, small] =
    whole >= 2 * 86_400 ? [UNITS[0], UNITS[1]] : whole >= 3600 ? [UNITS[1], UNITS[2]] : [UNITS[2], null];
  const count = Math.floor(whole / large.seconds);
  const rest = small === null ? 0 : Math.floor((whole % large.seconds) / small.seconds);
  const first = `${count.toLocaleString('en-US')} ${large.name}`;
  return small === null || rest === 0 ? first : `${first} ${rest} ${small.name}`;
}

/** `2026-03-08 14:05:09 UTC` in the given IANA zone, with the zone's short name. */
export function formatTime(moment: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  }).formatToParts(moment);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((p) => p.type === type)?.value ?? '';
  const day = `${part('year')}-${part('month')}-${part('day')}`;
  return `${day} ${part('hour')}:${part('minute')}:${part('second')} ${part('timeZoneName')}`;
}
