import type { ErrorCode, LogtoError } from '../../errors.js';
import type { OAuthError } from '../error/oauth-error.js';
import { isNetworkError } from '../http-answer.js';
import { type AuthorizationProof, proveAuthorization } from './authorization-control.js';
import { type ProbeTarget, unknown, type Verdict } from './probe.js';
import { authorize, type ProbedAnswer, type ProbedRequest, refusalOf } from './probed-authorization.js';

/** What became of an authorization request, and what its answer says of those who made it. */
export type AuthorizationProbe = Verdict & { readonly proof: AuthorizationProof };

/**
 * Asks whether the provider would begin a sign-in: the same authorization request with `prompt=none` (OpenID Connect
 * Core 1.0, section 3.1.2.1). Only an answer that sends the browser to our redirect URI with our state is believed, and
 * only where an unknown application and an unregistered address get another; it proves the application and the redirect
 * URI, and an error in it that nobody being signed in explains is acceptance. A page of 400 and above is believed where
 * it names its error.
 *
 * @param control when strangers are asked for: `always`, at the same time; `of-refusals`: only about refusals that they
 * may hear as well, so that acceptance is not proved; `none`: they get something else, as is known already
 * @throws LogtoError network codes; the reason of the target's signal
 */
export async function probeAuthorization(
  target: ProbeTarget,
  request: ProbedRequest,
  { control = 'always' }: { readonly control?: 'always' | 'of-refusals' | 'none' } = {},
): Promise<AuthorizationProbe> {
  const asked = authorize(target, request, 'none');
  const prove = () => proveAuthorization(target, request, asked);
  const early = control === 'always' ? await prove() : null;
  const verdict = await verdictOfAnswer(target, request, await asked);
  const isLate =
    control === 'of-refusals' && verdict.verdict === 'refused' && ofStrangers.includes(verdict.error.code);
  const proof = early ?? (isLate ? await prove() : { application: true, redirectUri: true });
  return { ...(unprovedBy(verdict, proof) ?? verdict), proof };
}

/** Refusals that may be due to what an application is, and that one which nobody registered may hear too. */
const ofStrangers: readonly ErrorCode[] = ['grant_type_not_allowed', 'redirect_uri_not_registered'];

/** What only says that nobody is signed in (OpenID Connect Core 1.0, section 3.1.2.6). */
const wantsPerson = /^(login|consent|interaction|account_selection)_required$/;

const accepted: Verdict = { verdict: 'accepted' };

function refused(error: LogtoError): Verdict {
  return { verdict: 'refused', error };
}

async function verdictOfAnswer(
  target: ProbeTarget,
  request: ProbedRequest,
  answer: ProbedAnswer,
): Promise<Verdict> {
  if (answer.kind !== 'sent-back') return answer.verdict;
  const { error } = answer;
  // A code for nobody proves as much.
  if (error === null || wantsPerson.test(error.error)) return accepted;
  if (error.error === 'access_denied') {
    return unknown('The provider denies access before anybody signs in, so that nothing else shows.');
  }
  if (error.error === 'invalid_target') return refusedTarget(target, request, error);
  const refusal = refusalOf(target, request, error);
  if (isNetworkError(refusal)) throw refusal;
  if (['unauthorized_client', 'unsupported_response_type'].includes(error.error)) return refused(refusal);
  // It may be prompt=none that is not wanted: then the same request without it begins a sign-in.
  const again = await authorize(
    target,
    request,
    request.scopes.includes('offline_access') ? 'consent' : null,
  );
  return again.kind === 'sent-back' && again.error?.error === error.error ? refused(refusal) : accepted;
}

/** Why a verdict says nothing of this application or its redirect URI; `null`: it does, or needs not. */
function unprovedBy(verdict: Verdict, proof: AuthorizationProof): Verdict | null {
  const isAccepted = verdict.verdict === 'accepted';
  // What the request itself is refused for it is refused for, whoever makes it.
  const isOfApplication =
    isAccepted || (verdict.verdict === 'refused' && verdict.error.code === 'grant_type_not_allowed');
  const others = [
    ...(isOfApplication && !proof.application ? ['an application'] : []),
    ...(isAccepted && !proof.redirectUri ? ['a redirect URI'] : []),
  ];
  return others.length === 0
    ? null
    : unknown(`The authorization endpoint answers ${others.join(' and ')} that nobody registered alike.`);
}

/** Finds out which resource it is: each is asked for alone. */
async function refusedTarget(
  target: ProbeTarget,
  request: ProbedRequest,
  error: OAuthError,
): Promise<Verdict> {
  const { resources } = request;
  const single = async (resource: string) => {
    const answer = await authorize(target, { ...request, resources: [resource] }, 'none');
    return answer.kind === 'sent-back' && answer.error?.error === 'invalid_target' ? [resource] : [];
  };
  const unknownOnes = resources.length > 1 ? (await Promise.all(resources.map(single))).flat() : resources;
  const resource = unknownOnes.join(', ');
  return refused(refusalOf(target, request, error, resource === '' ? {} : { resource }));
}
