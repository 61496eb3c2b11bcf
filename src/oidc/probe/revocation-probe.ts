import { LogtoError } from '../../errors.js';
import { describeBody } from '../http-answer.js';
import { randomValue } from '../pkce.js';
import { type ProbeTarget, unknown, type Verdict } from './probe.js';
import { askAsClient, clientCodes, verdictOn } from './probe-request.js';

/**
 * Asks whether the client can revoke tokens, by revoking a made-up one: an unknown token is answered like one that was
 * revoked (RFC 7009, section 2.2).
 *
 * @throws LogtoError network codes; the reason of the target's signal
 */
export async function probeRevocation(target: ProbeTarget): Promise<Verdict> {
  const { revocation_endpoint: url } = target.metadata;
  if (url === undefined) return unknown('The discovery document lists no revocation endpoint.');
  const answer = await askAsClient(target, {
    url,
    endpoint: 'revocation endpoint',
    kind: 'revocation',
    parameters: { token: randomValue(), token_type_hint: 'refresh_token' },
  });
  const { status, text, error, refusal } = answer;
  if (status === 401 && error === null) return { verdict: 'refused', error: unauthenticated() };
  if (refusal !== null) return verdictOn(refusal, clientCodes, answer);
  const isPage = describeBody(text) === 'an HTML page';
  return status === 200 && !isPage
    ? { verdict: 'accepted' }
    : unknown(`The revocation endpoint answered with ${isPage ? 'a page' : `the status ${status}`}.`);
}

/** 401 by itself says what is missing (RFC 9110, section 15.5.2), and some say no more. */
function unauthenticated(): LogtoError {
  return new LogtoError(
    'client_rejected',
    'The revocation endpoint wants an application that authenticates (status 401).',
    'Check --app-id; a confidential application needs LOGTO_APP_SECRET.',
    { status: 401 },
  );
}
