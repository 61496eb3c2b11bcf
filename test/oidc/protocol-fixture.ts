import { inspect } from 'node:util';
import { expect } from 'vitest';
import { LogtoError } from '../../src/errors.js';
import { createFetch } from '../../src/network/create-fetch.js';
import { type DiscoveryOptions, discover } from '../../src/oidc/discovery.js';
import { createPkce, randomValue } from '../../src/oidc/pkce.js';
import type { Provider } from '../../src/oidc/provider.js';
import type { ProviderOptions } from '../../src/oidc/provider-options.js';
import type { CodeExchange, RefreshRequest, RefreshResponse, TokenResponse } from '../../src/oidc/request.js';
import type { LyingProvider } from '../support/lying-provider.js';

/** A real fetch, with limits that a test can wait for. */
export const testFetch = () => createFetch({ environment: {}, timeout: 5000 });

/** The secret that {@link connect} may be given: it must not turn up in errors. */
export const clientSecret = 'app-secret-0123456789';

/** Discovers a lying provider as its one client. */
export async function connect(
  lying: LyingProvider,
  options: Partial<ProviderOptions> = {},
  discovery: DiscoveryOptions = {},
): Promise<Provider> {
  const defaults = {
    issuer: lying.issuer,
    clientId: lying.clientId,
    fetch: await testFetch(),
    now: Date.now,
  };
  return discover({ ...defaults, ...options }, discovery);
}

/** Signs in up to the callback. */
export async function prepare(
  lying: LyingProvider,
  provider: Provider,
  changes: Partial<CodeExchange> = {},
): Promise<CodeExchange> {
  const { verifier, challenge } = await createPkce();
  const { redirectUri = 'http://localhost:3000/callback', maxAge } = changes;
  const exchange = { redirectUri, state: randomValue(), nonce: randomValue(), scopes: ['openid'] };
  const url = await provider.authorizationUrl({
    redirect_uri: redirectUri,
    scope: 'openid profile offline_access',
    state: exchange.state,
    nonce: exchange.nonce,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...(maxAge !== undefined && { max_age: String(maxAge) }),
  });
  return { ...exchange, codeVerifier: verifier, callbackUrl: await lying.authorize(url), ...changes };
}

/** A whole sign-in. An error is looked through for secrets before it is passed on. */
export async function signIn(
  lying: LyingProvider,
  options: Partial<ProviderOptions> = {},
  changes: Partial<CodeExchange> = {},
): Promise<TokenResponse> {
  const provider = await connect(lying, options);
  const exchange = await prepare(lying, provider, changes);
  return guarded(provider.exchangeCode(exchange), [
    ...lying.issued,
    exchange.state,
    exchange.nonce,
    exchange.codeVerifier,
  ]);
}

/** A session that has begun, at a provider that knows it. */
export interface Session {
  readonly provider: Provider;
  readonly tokens: TokenResponse;
  /** Refreshes it. An error is looked through for secrets before it is passed on. */
  readonly refresh: (changes?: Partial<RefreshRequest>, provider?: Provider) => Promise<RefreshResponse>;
}

/** Signs in, and forgets the requests that it took. */
export async function startSession(
  lying: LyingProvider,
  options: Partial<ProviderOptions> = {},
  changes: Partial<CodeExchange> = {},
): Promise<Session> {
  const provider = await connect(lying, options);
  const exchange = await prepare(lying, provider, changes);
  const tokens = await provider.exchangeCode(exchange);
  lying.issued.push(exchange.nonce);
  lying.requests.length = 0;
  return {
    provider,
    tokens,
    refresh: (changes = {}, by = provider) =>
      guarded(
        by.refresh({
          refreshToken: tokens.refreshToken ?? '',
          idToken: tokens.idToken,
          scopes: tokens.scopes,
          ...changes,
        }),
        lying.issued,
      ),
  };
}

/** Passes a result on, and an error only if it is ours and says none of these in any way. */
export async function guarded<T>(result: Promise<T>, secrets: readonly string[]): Promise<T> {
  return result.catch((error: unknown) => {
    expect(error).toBeInstanceOf(LogtoError);
    const everything = [inspect(error, { depth: null, showHidden: true }), JSON.stringify(error)].join();
    for (const secret of [...secrets, clientSecret]) expect(everything).not.toContain(secret);
    expect((error as LogtoError).hint).not.toBe('');
    throw error;
  });
}
