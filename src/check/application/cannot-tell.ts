import type { CheckResult } from '../run/check.js';

/** What a check says of an application that it could not find out. */
export function cannotTell(
  message: string,
  hint = 'Run this check alone, with --only and its id, and look at what the application writes to its log meanwhile.',
): CheckResult {
  return { outcome: 'incomplete', message, hint };
}
