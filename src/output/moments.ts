/**
 * Milliseconds since 1970 as ISO 8601 in UTC, without fractions of a second.
 *
 * @throws RangeError for what is no moment that a `Date` can hold
 */
export function isoTime(milliseconds: number): string {
  // The first date that Node writes makes it read the time zone of this machine: a hundredth of a whole start.
  if (!(milliseconds >= 0 && milliseconds < endOfYears))
    return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const seconds = Math.floor(milliseconds / 1000);
  const ofDay = seconds % 86_400;
  const time = [ofDay / 3600, (ofDay / 60) % 60, ofDay % 60].map(twoDigits).join(':');
  return `${isoDate((seconds - ofDay) / 86_400)}T${time}Z`;
}

/** The end of 9999: later years have more digits. */
const endOfYears = 253_402_300_800_000;

/** Days since 1970 as a date of the Gregorian calendar, counted in its cycles of 400 years that begin with a March. */
function isoDate(days: number): string {
  const sinceMarch0 = days + 719_468;
  const cycle = Math.floor(sinceMarch0 / 146_097);
  const ofCycle = sinceMarch0 % 146_097;
  const leapDays = Math.floor(ofCycle / 1460) - Math.floor(ofCycle / 36_524) + Math.floor(ofCycle / 146_096);
  const year = Math.floor((ofCycle - leapDays) / 365);
  const ofYear = ofCycle - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const month = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * month + 2) / 5) + 1;
  const isNextYear = month >= 10;
  return [400 * cycle + year + (isNextYear ? 1 : 0), month + (isNextYear ? -9 : 3), day]
    .map(twoDigits)
    .join('-');
}

function twoDigits(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
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
