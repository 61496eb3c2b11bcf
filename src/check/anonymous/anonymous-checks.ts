import type { Check } from '../check.js';
import { type AnonymousCheck, withClause } from './anonymous-check.js';
import { authorizationChecks } from './authorization.js';
import { crossOriginChecks } from './cross-origin.js';
import { discoveryChecks } from './discovery.js';
import { keyChecks } from './keys.js';
import { protectedEndpointChecks } from './protected-endpoints.js';
import { redirectUriChecks } from './redirect-uri.js';
import { refusedRequestChecks } from './refused-requests.js';
import { tokenEndpointChecks } from './token-endpoint.js';

/** Every check that needs no user, each after those that it needs. */
export const anonymousChecks: readonly AnonymousCheck[] = [
  ...discoveryChecks,
  ...keyChecks,
  ...authorizationChecks,
  ...redirectUriChecks,
  ...refusedRequestChecks,
  ...tokenEndpointChecks,
  ...protectedEndpointChecks,
  ...crossOriginChecks,
].map(withClause);

/** The group of a check: what stands before the dot of its id. */
export function groupOf({ id }: { readonly id: string }): string {
  return id.slice(0, id.indexOf('.'));
}

/** A check that names what it stands on. */
export interface ClausedCheck<Subject> extends Check<Subject> {
  readonly clause: string;
}

/**
 * The checks that these words choose, each an id or a group, and those that they need, in order.
 *
 * @returns the words that choose nothing, when there are any
 */
export function choose<Subject>(
  all: readonly ClausedCheck<Subject>[],
  words: readonly string[],
): { checks: readonly ClausedCheck<Subject>[]; unknown: readonly string[] } {
  const isChosen = (word: string) => (check: ClausedCheck<Subject>) =>
    check.id === word || groupOf(check) === word;
  const unknown = words.filter((word) => !all.some(isChosen(word)));
  const wanted = new Set(words.flatMap((word) => all.filter(isChosen(word)).map(({ id }) => id)));
  // What a check needs comes before it, so that one way back finds all.
  for (const { id, needs = [] } of [...all].reverse()) {
    if (wanted.has(id)) for (const need of needs) wanted.add(need);
  }
  return { checks: all.filter(({ id }) => wanted.has(id)), unknown };
}
