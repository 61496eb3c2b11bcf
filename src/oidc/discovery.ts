import { checkDiscoveryDocument } from './discovery-document.js';
import { askWithinOrigin, readJsonObject, type Subject } from './http-answer.js';
import { checkIssuer } from './issuer-url.js';
import type { Provider, ProviderOptions } from './provider.js';

/** How a discovery may be ended. */
export interface DiscoveryOptions {
  /** Aborts it with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Finds an OpenID Provider by its issuer (OpenID Connect Discovery 1.0, section 4): one request, plus redirects within
 * the origin. No other endpoint is contacted.
 *
 * @throws LogtoError `config_invalid`, `issuer_insecure`, `discovery_invalid`, `issuer_mismatch`, network codes
 */
export async function discover(
  options: ProviderOptions,
  { signal }: DiscoveryOptions = {},
): Promise<Provider> {
  const { issuer, fetch, now } = options;
  checkIssuer(issuer);
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const subject: Subject = { name: `The discovery document ${url}`, code: 'discovery_invalid', hint, now };
  const init = { headers: { accept: 'application/json' }, ...(signal && { signal }) };
  // Loading the protocol library takes about as long as the answer: both at once.
  const [response, { createProvider }] = await Promise.all([
    askWithinOrigin(fetch, url, init, subject),
    import('./openid-provider.js'),
  ]);
  return createProvider(
    options,
    checkDiscoveryDocument(await readJsonObject(response, subject), issuer, subject),
  );
}

const hint =
  "Check the address: --endpoint takes what Logto's Console shows (Applications > your application > Endpoint, " +
  'without /oidc), --issuer the issuer of any other provider.';
