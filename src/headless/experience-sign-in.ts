import type { LogtoError } from '../errors.js';
import type { Fetch } from '../network/fetch.js';
import { errorFromOAuth, parseOAuthError } from '../oidc/error/error-from-oauth.js';
import { isRedirect } from '../oidc/http-answer.js';
import type { NamedBy } from '../wording.js';
import { CookieJar } from './cookie-jar.js';
import { checkCredentialOrigin } from './credential-origins.js';
import { ExperienceClient } from './experience-client.js';
import { proveIdentity } from './experience-steps.js';
import type { ExperienceUser } from './experience-user.js';
import type { Way } from './follow.js';
import { refusalOf, unsupported } from './refusals.js';
import { TotpTurns } from './totp-turns.js';

/** More than any sign-in at Logto has. */
const maximumRedirects = 10;

/** One authorization request that a user answers without a browser. */
export interface ExperienceSignIn {
  readonly authorizationUrl: string;
  /** Where the provider sends the browser back to. It is never asked for. */
  readonly redirectUri: string;
  /** The origins that credentials may be sent to: see `credentialOrigins`. */
  readonly origins: readonly string[];
  /** How the provider is set, which decides what is said of it. Default: by its issuer. */
  readonly namedBy?: NamedBy | undefined;
  readonly user: ExperienceUser;
  readonly fetch: Fetch;
  /** Shared with other journeys of the same browser; a new one when absent. */
  readonly cookies?: CookieJar;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
  /** Shared with other sign-ins of the same user; none when absent, and nobody waits for a code. */
  readonly totpTurns?: TotpTurns;
}

/**
 * Signs a user in, or registers one, through Logto's Experience API exactly as its pages do, consent included. No
 * credential leaves before the provider has answered as Logto does, and nothing is sent outside the one origin that the
 * authorization request is at, which is one that credentials may be sent to.
 *
 * @returns the authorization response: the redirect URI with its parameters, which may be an error
 * @throws LogtoError `config_invalid` for a sign-in at an origin that is not allowed; `headless_unsupported`; `credentials_rejected`, `password_expired`, `mfa_required`, `account_locked`,
 * `captcha_required`, `password_rejected`, `identifier_taken`, `sign_in_method_disabled`, `registration_disabled`;
 * `access_denied` where the application is not for this user, `authorization_error` for any other refusal; the codes of an authorization request that is refused at once;
 * `provider_error`, network codes
 */
export async function signInThroughExperience(journey: ExperienceSignIn): Promise<string> {
  const { user, now, signal, namedBy, totpTurns = new TotpTurns({ now }) } = journey;
  checkCredentialOrigin(journey.authorizationUrl, journey.origins, namedBy);
  const response = await answered(journey, (client) => proveIdentity(client, user, totpTurns, signal));
  if (response === null) throw unsupported('it asks for a sign-in again after one', namedBy);
  return response;
}

/**
 * Whether an authorization request leads to the sign-in page, whatever session there is. Nobody signs in there.
 *
 * @throws LogtoError as {@link signInThroughExperience}, but for what comes after that page
 */
export async function isAskedToSignIn(journey: ExperienceSignIn): Promise<boolean> {
  return (await answered(journey, null)) === null;
}

/**
 * Follows an authorization request to its response.
 *
 * @param prove signs in where that is asked for, once, and tells where that leads
 * @returns `null` where a sign-in is asked for and nobody proves anything more
 */
async function answered(
  journey: ExperienceSignIn,
  prove: ((client: ExperienceClient) => Promise<unknown>) | null,
): Promise<string | null> {
  const { authorizationUrl, user, fetch, cookies = new CookieJar(), now, signal, namedBy } = journey;
  const { origin, searchParams } = new URL(authorizationUrl);
  const clientId = searchParams.get('client_id') ?? '';
  const client = new ExperienceClient({
    origin,
    clientId,
    namedBy,
    fetch,
    cookies,
    now,
    ...(signal && { signal }),
  });
  let proving = prove;
  let isAsked = false;
  const end = await client.follow(authorizationUrl, {
    next,
    limit: maximumRedirects,
    endless: () => unsupported('it redirects without an end', namedBy),
  });
  if (isAsked) return null;
  if (end.kind === 'stop') return end.url;
  if (isRedirect(end.response)) throw unsupported('it leads to nowhere', namedBy);
  throw await refusedRequest(end.response, journey, clientId);

  async function next(address: URL): Promise<Way> {
    if (isAuthorizationResponse(address, journey.redirectUri)) return { stop: address };
    if (isAt(address, journey.redirectUri)) {
      throw unsupported('it comes back with neither a code nor an error', namedBy);
    }
    if (address.origin !== origin) throw unsupported(`it leads to ${address.origin}`, namedBy);
    if (address.pathname === '/consent') {
      const consented = await consent(client, address, user);
      return isAuthorizationResponse(consented, journey.redirectUri)
        ? { stop: consented }
        : { ask: consented };
    }
    if (/^\/oidc\/auth\//.test(address.pathname)) return { ask: address };
    isAsked = proving === null;
    if (proving === null) return { stop: address };
    if (!client.hasCookie('_interaction')) throw unsupported('it begins no interaction', namedBy);
    const proof = proving(client);
    proving = null;
    return { ask: within(client, await proof) };
  }
}

/** Applications of one's own need none and are sent on at once; for others it is given, as the page does. */
async function consent(client: ExperienceClient, page: URL, user: ExperienceUser): Promise<URL> {
  const response = await client.open(page.href);
  if (isRedirect(response)) return within(client, response.headers.get('location'), page.href);
  if (response.status !== 200)
    throw unsupported(`it answered ${response.status} to GET /consent`, client.namedBy);
  const answer = await client.call('POST', '/api/interaction/consent', {});
  if (answer.status !== 200) throw refusalOf(answer, user);
  return within(client, answer.body['redirectTo']);
}

/** An address of the provider, which is all that is ever asked for. */
function within({ origin, namedBy }: ExperienceClient, address: unknown, base = origin): URL {
  const url = typeof address === 'string' && URL.canParse(address, base) ? new URL(address, base) : null;
  if (url?.origin === origin) return url;
  throw unsupported(`it leads to ${url?.origin ?? 'nowhere'}`, namedBy);
}

function isAuthorizationResponse(url: URL, redirectUri: string): boolean {
  return isAt(url, redirectUri) && (url.searchParams.has('code') || url.searchParams.has('error'));
}

function isAt(url: URL, redirectUri: string): boolean {
  const home = new URL(redirectUri);
  return url.protocol === home.protocol && url.host === home.host && url.pathname === home.pathname;
}

/** What the provider says of an authorization request that it does not even begin. */
async function refusedRequest(
  response: Response,
  { authorizationUrl, redirectUri, namedBy }: ExperienceSignIn,
  clientId: string,
): Promise<LogtoError> {
  const { status } = response;
  const state = new URL(authorizationUrl).searchParams.get('state') ?? '';
  const error = parseOAuthError(await response.text(), status, [state]);
  if (error === null) return unsupported(`it answered ${status} to the authorization request`, namedBy);
  return errorFromOAuth(error, {
    kind: 'authorization',
    clientId,
    namedBy,
    hasSecret: false,
    redirectUri,
  });
}
