/** Milliseconds since 1970 as ISO 8601 in UTC, without fractions of a second. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** How far away a moment is, for a person: `in 59 min`, `3 days ago`. */
export function relativeTime(milliseconds: number, now: number): string {
  const seconds = Math.round((milliseconds - now) / 1000);
  if (seconds === 0) return 'now';
  const [size, unit] = unitFor(Math.abs(seconds));
  const amount = Math.max(0, Math.round(Math.abs(seconds) / size));
  const text = `${amount} ${unit}${amount === 1 || unit === 'min' || unit === 's' ? '' : 's'}`;
  return seconds >= 0 ? `in ${text}` : `${text} ago`;
}

function unitFor(seconds: number): readonly [number, string] {
  if (seconds < 60) return [1, 's'];
  // As they are rounded: nothing is 60 minutes away, and an hour a moment later.
  if (seconds < 59.5 * 60) return [60, 'min'];
  if (seconds < 47.5 * 3600) return [3600, 'hour'];
  return [86_400, 'day'];
}
