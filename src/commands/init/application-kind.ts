import { requestedScopes } from '../../client/requested-scopes.js';
import { LogtoError } from '../../errors.js';
import { probeAuthorization } from '../../oidc/probe/authorization-probe.js';
import { type ClientProbe, probeClient } from '../../oidc/probe/client-probe.js';
import { probeDeviceFlow } from '../../oidc/probe/device-probe.js';
import { type ProbeTarget, unknown, type Verdict } from '../../oidc/probe/probe.js';
import type { ProbedRequest } from '../../oidc/probe/probed-authorization.js';
import type { FoundProvider } from './find-provider.js';

/**
 * What an application is, as far as a provider's answers prove it. `refused`: it is not known, or may do nothing here.
 * `unclear`: nobody can tell, for this reason.
 */
export type ApplicationKind =
  | { readonly kind: 'public' | 'confidential' | 'device' }
  | { readonly kind: 'refused'; readonly error: LogtoError }
  | { readonly kind: 'unclear'; readonly reason: string };

/** What a provider makes of a secret. `refused`: not right. `not-wanted`: the application has none. */
export type SecretVerdict =
  | { readonly verdict: 'right' | 'not-wanted' | 'machine' }
  | { readonly verdict: 'refused'; readonly error: LogtoError }
  | { readonly verdict: 'unclear'; readonly reason: string };

/** The sign-in that an application is asked about. */
export function examinedRequest({ named, metadata }: FoundProvider, redirectUri: string): ProbedRequest {
  const scopes = requestedScopes({ ...named, appId: '' }, metadata.scopes_supported);
  return { redirectUri, scopes, resources: [] };
}

/**
 * What kind of application it is, asked without its secret: both endpoints at once, and that of the device flow where it
 * may exchange no codes.
 *
 * @throws LogtoError `interrupted`
 */
export async function kindOf(target: ProbeTarget, request: ProbedRequest): Promise<ApplicationKind> {
  const [client, authorization] = await Promise.all([
    settled(target, probeClient(target, request.redirectUri)),
    settled(target, probeAuthorization(target, request)),
  ]);
  const refusals = [authorization, client].flatMap((found) =>
    found.verdict === 'refused' ? [found.error] : [],
  );
  const unknownOne = refusals.find(({ code }) => code === 'client_unknown');
  if (unknownOne !== undefined) return { kind: 'refused', error: unknownOne };
  if (client.verdict === 'accepted')
    return { kind: target.clientKey === undefined ? 'public' : 'confidential' };
  if (client.verdict === 'unknown') return { kind: 'unclear', reason: client.reason };
  const { error } = client;
  if (error.code === 'client_secret_missing') return { kind: 'confidential' };
  if (error.code === 'grant_type_not_allowed') {
    const device = await settled(target, probeDeviceFlow(target));
    return device.verdict === 'accepted' ? { kind: 'device' } : { kind: 'refused', error };
  }
  return { kind: 'unclear', reason: error.message };
}

/**
 * What the provider makes of the target's secret.
 *
 * @throws LogtoError `interrupted`
 */
export async function verdictOnSecret(target: ProbeTarget, redirectUri: string): Promise<SecretVerdict> {
  const found: ClientProbe = await settled(target, probeClient(target, redirectUri));
  if (found.verdict === 'accepted') return { verdict: 'right' };
  if (found.verdict === 'unknown') return { verdict: 'unclear', reason: found.reason };
  const { error, kind } = found;
  if (error.code === 'client_secret_unexpected') return { verdict: 'not-wanted' };
  // It has authenticated, and may exchange no codes.
  if (error.code === 'grant_type_not_allowed' && kind === 'confidential') return { verdict: 'machine' };
  return { verdict: 'refused', error };
}

/** What a probe came to; of one that failed on the way nothing follows. */
export async function settled<Of extends Verdict>(
  { signal }: ProbeTarget,
  probe: Promise<Of>,
): Promise<Of | (Verdict & { readonly verdict: 'unknown' })> {
  try {
    return await probe;
  } catch (error) {
    if (signal?.aborted || !(error instanceof LogtoError)) throw error;
    return unknown(error.message);
  }
}
