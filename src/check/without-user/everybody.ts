import type { CheckResult } from '../run/check.js';
import { unclear } from '../run/claused-check.js';
import type { TestedProvider } from '../tested-provider.js';
import { type AuthorizationAnswer, describe } from './authorization-answer.js';

/**
 * What the authorization endpoint answers everybody proves nothing. Some look at `prompt=none` before they look at who
 * asks and what for: whatever is judged by such an answer is compared with what strangers get.
 *
 * @param answer one that would mean that a request is accepted
 * @returns that it cannot be told, and why; `null`: the answer stands
 */
export async function givenToEverybody(
  subject: TestedProvider,
  answer: AuthorizationAnswer,
): Promise<CheckResult | null> {
  const isPage = answer.returned === null;
  const [application, redirectUri] = isPage
    ? [await subject.ofUnknownApplicationAtPage(), null]
    : await Promise.all([subject.ofUnknownApplication(), subject.toForeignUri()]);
  if (redirectUri !== null && isAlike(redirectUri, answer)) {
    return unclear(
      `Cannot tell: the endpoint answers everybody alike, an unregistered redirect URI too (${describe(answer)}).`,
    );
  }
  return isAlike(application, answer)
    ? unclear(
        `Cannot tell: the endpoint answers everybody alike, an unknown application too (${describe(answer)}).`,
      )
    : null;
}

/**
 * The same for what is judged by where browsers are sent: an unknown application is no matter there.
 *
 * @param answer one that sends the browser back
 */
export async function givenToAnyAddress(
  subject: TestedProvider,
  answer: AuthorizationAnswer,
): Promise<CheckResult | null> {
  return isAlike(await subject.toForeignUri(), answer)
    ? unclear(
        `Cannot tell: browsers are sent to any address (${describe(answer)}). See the check redirect-uri.host.`,
      )
    : null;
}

/** Whether two answers say the same. */
function isAlike(one: AuthorizationAnswer, other: AuthorizationAnswer): boolean {
  return describe(one) === describe(other);
}
