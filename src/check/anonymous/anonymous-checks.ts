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

/**
 * The checks that these words choose, each an id or a group, and those that they need, in order.
 *
 * @returns the words that choose nothing, when there are any
 */
export function choose(words: readonly string[]): {
  checks: readonly AnonymousCheck[];
  unknown: readonly string[];
} {
  const isChosen = (word: string) => (check: AnonymousCheck) => check.id === word || groupOf(check) === word;
  const unknown = words.filter((word) => !anonymousChecks.some(isChosen(word)));
  const wanted = new Set(words.flatMap((word) => anonymousChecks.filter(isChosen(word)).map(({ id }) => id)));
  // What a check needs comes before it, so that one way back finds all.
  for (const { id, needs = [] } of [...anonymousChecks].reverse()) {
    if (wanted.has(id)) for (const need of needs) wanted.add(need);
  }
  return { checks: anonymousChecks.filter(({ id }) => wanted.has(id)), unknown };
}
