import { LogtoError } from '../../errors.js';
import type { ClientAuthentication } from '../authentication-method.js';
import { type AuthorizationProbe, probeAuthorization } from './authorization-probe.js';
import { probeClient } from './client-probe.js';
import { probeDeviceFlow } from './device-probe.js';
import { type ProbeTarget, unknown, type Verdict } from './probe.js';
import { clientCodes } from './probe-request.js';
import type { ProbedRequest } from './probed-authorization.js';

/** Whether a sign-in could succeed, and how the application has to authenticate where that was found out. */
export type ApplicationVerdict = Verdict & { readonly authentication?: ClientAuthentication };

/**
 * Asks in one round trip whether a sign-in could succeed: an authorization request and a token request with a made-up
 * code, at the same time. What either refuses is refused, but for what a stranger hears as well.
 *
 * @throws LogtoError network codes, and the reason of the target's signal, where nothing is refused
 */
export async function checkApplication(
  target: ProbeTarget,
  request: ProbedRequest,
): Promise<ApplicationVerdict> {
  const [authorization, client] = await Promise.allSettled([
    probeAuthorization(target, request, { control: 'of-refusals' }),
    probeClient(target, request.redirectUri, { control: false }),
  ]);
  const authentication = client.status === 'fulfilled' ? client.value.authentication : undefined;
  if (authentication === undefined) return explained(target, both(authorization, client));
  const isPushed = target.metadata.require_pushed_authorization_requests === true;
  // It was pushed in the way that was not taken.
  const [again] = isPushed
    ? await Promise.allSettled([
        probeAuthorization({ ...target, authentication }, request, { control: 'of-refusals' }),
      ])
    : [authorization];
  return { ...both(again, client), authentication };
}

/** The same; an application that may not exchange codes may be one for the device flow, and is asked for that. */
async function explained(target: ProbeTarget, verdict: Verdict): Promise<Verdict> {
  if (verdict.verdict !== 'refused' || verdict.error.code !== 'grant_type_not_allowed') return verdict;
  const { code, details } = verdict.error;
  // What is refused already is refused, whatever becomes of this question.
  const device = await probeDeviceFlow(target).catch(() => null);
  if (device?.verdict !== 'accepted') return verdict;
  const words = [details?.['error'], details?.['error_description']].filter(Boolean).join(': ');
  const error = new LogtoError(
    code,
    `The application is made for the device flow: no browser is sent back to it (${words}).`,
    'Sign in by a code, in a browser on any device: logto-cli sign-in --device',
    details,
  );
  return { verdict: 'refused', error };
}

type Outcome = PromiseSettledResult<Verdict>;

function both(asked: PromiseSettledResult<AuthorizationProbe>, client: Outcome): Verdict {
  const authorization = isAccepted(client) ? asked : withoutGuess(asked);
  const refusal = truest(refusalIn(authorization), refusalIn(client), isAccepted(authorization));
  if (refusal !== null) return { verdict: 'refused', error: refusal };
  if (authorization.status === 'rejected') throw authorization.reason;
  if (client.status === 'rejected') throw client.reason;
  const doubt = [authorization.value, client.value].find(({ verdict }) => verdict === 'unknown');
  return doubt ?? { verdict: 'accepted' };
}

/**
 * Some tell an unknown application that its redirect URI is not registered: which of the two it is does not show then.
 */
function withoutGuess(asked: PromiseSettledResult<AuthorizationProbe>): PromiseSettledResult<Verdict> {
  if (asked.status === 'rejected') return asked;
  const { value } = asked;
  const isGuess =
    value.verdict === 'refused' &&
    value.error.code === 'redirect_uri_not_registered' &&
    !value.proof.application;
  const reason = 'The authorization endpoint refuses the redirect URI to an unknown application as well.';
  return isGuess ? { status: 'fulfilled', value: unknown(reason) } : asked;
}

/**
 * The refusal to tell. An application that does not exist has nothing else wrong with it; one of the wrong type has no
 * redirect URIs either.
 */
function truest(
  authorization: LogtoError | null,
  client: LogtoError | null,
  isKnown: boolean,
): LogtoError | null {
  if (client === null || (authorization !== null && clientCodes.includes(authorization.code))) {
    return authorization;
  }
  return isKnown ? withoutUnknown(client) : client;
}

/** The authorization endpoint has just shown that it knows the application. */
function withoutUnknown(error: LogtoError): LogtoError {
  const { possible } = error.details ?? {};
  if (!Array.isArray(possible)) return error;
  const left = possible.filter((code) => code !== 'client_unknown');
  return new LogtoError(error.code, error.message, error.hint, { ...error.details, possible: left });
}

function refusalIn(outcome: Outcome): LogtoError | null {
  return outcome.status === 'fulfilled' && outcome.value.verdict === 'refused' ? outcome.value.error : null;
}

function isAccepted(outcome: Outcome): boolean {
  return outcome.status === 'fulfilled' && outcome.value.verdict === 'accepted';
}
