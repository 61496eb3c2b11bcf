import { madeUpParameters } from './made-up-request.js';
import { type ProbeTarget, unknown, type Verdict } from './probe.js';
import { askAsClient, type ClientAnswer } from './probe-request.js';

/**
 * Asks whether the client can refresh its tokens, by a made-up refresh token, which only somebody refuses as one
 * (`invalid_grant`) who takes the grant type (RFC 6749, sections 5.2 and 6): for a grant type that is made up it must be
 * another refusal.
 *
 * @throws LogtoError network codes; the reason of the target's signal
 */
export async function probeRefresh(target: ProbeTarget): Promise<Verdict> {
  const { error, refusal } = await ask(target, madeUpParameters('refresh'));
  if (refusal !== null && error?.error === 'unsupported_grant_type')
    return { verdict: 'refused', error: refusal };
  if (error?.error !== 'invalid_grant')
    return unknown('The token endpoint does not say whether it takes refresh tokens.');
  const control = await ask(target, { grant_type: 'urn:logto-cli-test' });
  return control.error === null || control.error.error === 'invalid_grant'
    ? unknown('The token endpoint refuses every grant type alike.')
    : { verdict: 'accepted' };
}

function ask(target: ProbeTarget, parameters: Readonly<Record<string, string>>): Promise<ClientAnswer> {
  const url = target.metadata.token_endpoint;
  return askAsClient(target, { url, endpoint: 'token endpoint', kind: 'refresh', parameters });
}
