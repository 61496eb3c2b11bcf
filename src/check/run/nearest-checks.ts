import { editDistance } from '../../explanation/edit-distance.js';
import { type ClausedCheck, groupOf } from './claused-check.js';

/** Names of checks and groups that somebody may have meant, the nearest first, at most 3. */
export function nearestChecks(
  checks: readonly Pick<ClausedCheck<never>, 'id'>[],
  word: string,
): readonly string[] {
  const name = word.toLowerCase();
  if (name.length < 3) return [];
  const all = checks.flatMap((check) => [groupOf(check), check.id]);
  return [...new Set(all)]
    .map((known) => ({ known, distance: editDistance(name, known) }))
    .filter(({ known, distance }) => distance <= Math.ceil(known.length / 4))
    .sort((one, other) => one.distance - other.distance)
    .slice(0, 3)
    .map(({ known }) => known);
}

/** A question about names that there are not, to stand before a hint; empty where nothing is near. */
export function didYouMean(
  checks: readonly Pick<ClausedCheck<never>, 'id'>[],
  unknown: readonly string[],
): string {
  const names = [...new Set(unknown.flatMap((word) => nearestChecks(checks, word)))];
  return names.length === 0 ? '' : `Did you mean ${names.join(' or ')}? `;
}
