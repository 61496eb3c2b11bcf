import { nearestNames } from '../../explanation/nearest-names.js';
import { type ClausedCheck, groupOf } from './claused-check.js';

/** Names of checks and groups that somebody may have meant, at most 3. */
export function nearestChecks(
  checks: readonly Pick<ClausedCheck<never>, 'id'>[],
  word: string,
): readonly string[] {
  const name = word.toLowerCase().slice(0, 60);
  if (name.length < 3) return [];
  const names = checks.flatMap((check) => [groupOf(check), check.id]);
  return nearestNames(name, names).slice(0, 3);
}

/** A question about names that there are not, to stand before a hint; empty where nothing is near. */
export function didYouMean(
  checks: readonly Pick<ClausedCheck<never>, 'id'>[],
  unknown: readonly string[],
): string {
  const names = [...new Set(unknown.flatMap((word) => nearestChecks(checks, word)))];
  return names.length === 0 ? '' : `Did you mean ${names.join(' or ')}? `;
}
