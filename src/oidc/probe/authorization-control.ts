import { isNetworkError } from '../http-answer.js';
import { randomValue } from '../pkce.js';
import type { ProbeTarget } from './probe.js';
import { authorize, type ProbedAnswer, type ProbedRequest } from './probed-authorization.js';

/** Nobody has it: it is there for examples (RFC 2606, section 2). */
export const strangersHost = 'logto-cli-test.example';

/** Whether an answer is one that the provider gives to this application, and to this redirect URI, alone. */
export interface AuthorizationProof {
  /** False: an application that nobody registered got the same, or nobody can tell. */
  readonly application: boolean;
  /** False: so did the application with an address that nobody registered. */
  readonly redirectUri: boolean;
}

/**
 * Makes the same request as somebody else, and for another address. Providers that look at `prompt=none` first tell
 * everybody alike that nobody is signed in: from such an answer nothing follows.
 *
 * @param answer what the request itself was answered with
 * @throws LogtoError the reason of the target's signal
 */
export async function proveAuthorization(
  target: ProbeTarget,
  request: ProbedRequest,
  answer: Promise<ProbedAnswer>,
): Promise<AuthorizationProof> {
  const { clientSecret: _, clientKey: __, ...anyone } = target;
  const somebody: ProbeTarget = { ...anyone, clientId: randomValue(), authentication: 'none' };
  const [stranger, elsewhere, ours] = await Promise.all([
    shortAnswer(authorize(somebody, request, 'none')),
    shortAnswer(authorize(target, { ...request, redirectUri: foreignUri(request.redirectUri) }, 'none')),
    shortAnswer(answer),
  ]);
  const differs = (other: string | null) => other !== null && other !== ours;
  return { application: differs(stranger), redirectUri: differs(elsewhere) };
}

/** A redirect URI like this one, at a host where nobody is and that nobody has registered. */
export function foreignUri(redirectUri: string): string {
  const host = `unregistered.${strangersHost}`;
  const url = new URL(redirectUri);
  if (!/^https?:$/.test(url.protocol)) return `https://${host}/callback`;
  url.hostname = host;
  return url.href;
}

/** What two answers that mean the same have in common; `null`: there was none. */
async function shortAnswer(asked: Promise<ProbedAnswer>): Promise<string | null> {
  try {
    const answer = await asked;
    if (answer.kind === 'sent-back') return `sent back: ${answer.error?.error ?? 'a code'}`;
    const { verdict } = answer;
    return verdict.verdict === 'refused' ? `refused: ${verdict.error.code}` : verdict.verdict;
  } catch (error) {
    if (!isNetworkError(error)) throw error;
    // One that fails at a stranger's request has told it from ours.
    return Number(error.details?.['status']) >= 500 ? 'failed' : null;
  }
}
