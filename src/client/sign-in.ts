import { LogtoError } from '../errors.js';
import { callbackUri } from '../local-address.js';
import { checkProvider } from '../oidc/check-provider.js';
import { hasBraces } from '../oidc/issuer-template.js';
import { isSamePlace, type ProviderPlace } from '../oidc/issuer-url.js';
import type { ProbedRequest } from '../oidc/probe/probed-authorization.js';
import type { Provider } from '../oidc/provider.js';
import type { TokenResponse } from '../oidc/request.js';
import type { Storage } from '../storage/storage.js';
import { assertResource } from './access-token.js';
import { type LogtoConfig, normalizeEndpoint, placeOf } from './logto-config.js';
import {
  type ParameterContext,
  type SignInChoices,
  type SignInOptions,
  signInParameters,
} from './logto-parameters.js';
import { requestedScopes } from './requested-scopes.js';
import { parseSignInSession, type SignInSession } from './sign-in-session.js';
import type { TokenSet } from './token-set.js';

const signInSessionKey = 'signInSession';

/**
 * Refuses a sign-in that could not succeed whatever the provider says, before anything else happens.
 *
 * @throws LogtoError `config_missing`, `config_invalid`, `issuer_insecure`
 */
export function checkSignIn(config: LogtoConfig, options: SignInChoices): void {
  checkConfiguration(config);
  // Whether the provider can create users is its to say, later.
  signInParameters(options, { ...parameterContext(config), promptValues: ['create'] });
}

/**
 * Refuses a configuration that nobody could sign in with, before anything is asked.
 *
 * @throws LogtoError `config_missing`, `config_invalid`, `issuer_insecure`
 */
export function checkConfiguration(config: LogtoConfig): void {
  checkProvider(placeOf(config));
  for (const resource of config.resources ?? []) assertResource(resource);
}

/** Starts a sign-in: remembers what its callback will need, and returns the address to open. */
export async function startSignIn(
  config: LogtoConfig,
  provider: Provider,
  storage: Storage,
  options: SignInOptions,
): Promise<string> {
  const { createPkce, randomValue } = await import('../oidc/pkce.js');
  const { metadata } = provider;
  const parameters = signInParameters(options, {
    ...parameterContext(config),
    promptValues: metadata.prompt_values_supported ?? [],
  });
  const { scopes, resources } = targetOf(config, provider);
  const pkce = await createPkce();
  const session: SignInSession = {
    ...placeOf(config),
    appId: config.appId,
    redirectUri: options.redirectUri,
    state: options.state ?? randomValue(),
    nonce: randomValue(),
    codeVerifier: pkce.verifier,
    ...(options.maxAge !== undefined && { maxAge: options.maxAge }),
    scopes,
    resources,
  };
  const url = await provider.authorizationUrl({
    ...parameters,
    redirect_uri: options.redirectUri,
    scope: scopes.join(' '),
    ...(resources.length > 0 && { resource: resources }),
    state: session.state,
    nonce: session.nonce,
    code_challenge: pkce.challenge,
    code_challenge_method: 'S256',
  });
  await storage.set(signInSessionKey, JSON.stringify(session));
  return url;
}

/** What can be asked of the provider about such a sign-in before there is one: nothing in it names a person. */
export function probedRequest(
  config: LogtoConfig,
  provider: Provider,
  options: SignInOptions,
): ProbedRequest {
  const { redirectUri, extraParams } = options;
  return { redirectUri, ...targetOf(config, provider), ...(extraParams && { parameters: extraParams }) };
}

/** How a callback is handled. */
export interface CallbackOptions {
  /** Ends it with its reason, until the tokens are stored. */
  readonly signal?: AbortSignal | undefined;
  /** When the browser came back, in milliseconds since 1970, if that is known: it helps to explain a refused code. */
  readonly receivedAt?: number | undefined;
}

/** Finishes the sign-in under way with the address that the browser came back to, and returns what it brought. */
export async function finishSignIn(
  config: LogtoConfig,
  discover: () => Promise<Provider>,
  storage: Storage,
  callback: CallbackOptions & { readonly url: string; readonly now: () => number },
): Promise<TokenSet> {
  if (!URL.canParse(callback.url)) {
    throw new LogtoError(
      'config_invalid',
      'The callback is not a whole address.',
      `Pass the address as the browser requested it, with scheme, host and query: ${callbackUri()}?….`,
    );
  }
  const stored = await storage.get(signInSessionKey);
  if (stored === null) {
    throw new LogtoError(
      'not_signed_in',
      'No sign-in is under way.',
      'Start one with signIn, then handle its callback.',
    );
  }
  const session = parseSignInSession(stored);
  assertOwn(config, session);
  const provider = await discover();
  const { url, signal, receivedAt, now } = callback;
  let response: TokenResponse;
  try {
    response = await provider.exchangeCode({
      ...session,
      callbackUrl: url,
      ...(signal && { signal }),
      ...(receivedAt !== undefined && { receivedAt }),
    });
  } catch (error) {
    // Anybody can send a browser here with a made-up state: that must not end the true sign-in.
    const stranger = error instanceof LogtoError && error.code === 'state_mismatch';
    if (!stranger) await storage.delete(signInSessionKey);
    throw error;
  }
  await storage.delete(signInSessionKey);
  return tokenSetOf(config, session, response, { now: now(), authentication: provider.authentication });
}

/** What is kept of a sign-in. */
export function tokenSetOf(
  config: LogtoConfig,
  session: ProviderPlace &
    Pick<SignInSession, 'appId' | 'resources'> &
    Partial<Pick<SignInSession, 'redirectUri'>>,
  response: TokenResponse,
  { now, authentication }: { readonly now: number; readonly authentication: Provider['authentication'] },
): TokenSet {
  const { issuer, discoveryUrl } = session;
  return {
    // Of a template it is the issuer that the user is of.
    ...(hasBraces(issuer) ? { issuer: String(response.claims['iss']), issuerTemplate: issuer } : { issuer }),
    ...(discoveryUrl !== undefined && { discoveryUrl }),
    ...(config.endpoint !== undefined && { endpoint: normalizeEndpoint(config.endpoint) }),
    appId: session.appId,
    ...(session.redirectUri !== undefined && { redirectUri: session.redirectUri }),
    idToken: response.idToken,
    refreshToken: response.refreshToken,
    scopes: response.scopes,
    resources: session.resources,
    signedInAt: now,
    accessTokens: [
      {
        resource: null,
        organization: null,
        token: response.accessToken,
        tokenType: response.tokenType,
        scopes: response.scopes,
        expiresAt: response.accessTokenExpiresAt,
      },
    ],
    ...(authentication !== undefined && { authentication }),
    ...(config.clientKeyFile !== undefined && { clientKeyFile: config.clientKeyFile }),
  };
}

/** What a sign-in asks for. */
export function targetOf(
  config: LogtoConfig,
  { metadata }: Provider,
): { scopes: string[]; resources: string[] } {
  return {
    scopes: requestedScopes(config, metadata.scopes_supported),
    resources: [...new Set(config.resources ?? [])],
  };
}

function parameterContext(config: LogtoConfig): Omit<ParameterContext, 'promptValues'> {
  return { isLogto: config.endpoint !== undefined, configuredPrompt: config.prompt };
}

function assertOwn(config: LogtoConfig, session: SignInSession): void {
  if (isSamePlace(session, placeOf(config)) && session.appId === config.appId) return;
  throw new LogtoError(
    'not_signed_in',
    'The sign-in under way belongs to another application or provider.',
    'Start the sign-in again with this configuration.',
  );
}
