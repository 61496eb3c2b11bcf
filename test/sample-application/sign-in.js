import * as client from 'openid-client';
import { userOfRefused, watchingFetch } from './careless.js';
import { exchangeByHand, idTokenDefects, tolerance, UnknownAlgorithm } from './id-token-by-hand.js';
import { answerPage, escaped, signInLink } from './pages.js';
import { cookieOf } from './sessions.js';
import { wrongParameters, wrongSecrets } from './wrong-requests.js';

/** Seconds for an answer of the provider: a person waits for it, and gives up soon. */
const patience = 4;

/** Asks the provider who it is, anew for each sign-in: so its keys are never older than that. */
export function discover({ settings: { issuer, clientId, clientSecret }, has }, seen) {
  if (has('discovery-issuer-unchecked')) return anyDiscovery({ issuer, clientId, clientSecret });
  return client.discovery(
    new URL(issuer),
    clientId,
    { id_token_signed_response_alg: undefined },
    clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret),
    {
      execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
      timeout: has('token-waited-for') ? 60 : patience,
      [client.customFetch]: watchingFetch(has, seen),
    },
  );
}

/** What a discovery document says, whoever it is of. */
async function anyDiscovery({ issuer, clientId, clientSecret }) {
  const answer = await fetch(`${issuer}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(patience * 1000),
  });
  const metadata = await answer.json();
  const known = { id_token_signed_response_alg: undefined };
  const config = new client.Configuration(metadata, clientId, known, client.ClientSecretBasic(clientSecret));
  config.timeout = patience;
  client.allowInsecureRequests(config);
  client.enableNonRepudiationChecks(config);
  return config;
}

/** GET /sign-in, and /sign-up: sends the browser to the provider, and keeps what its answer must fit. */
export async function beginSignIn(application, request, response, further = {}) {
  const { settings, pending, sessions, has, isSecure } = application;
  const refuse = (headers) =>
    answerPage(response, 503, 'Signing in does not work now. Try again later.', headers);
  if (application.isDiscoveryLost || pending.get(cookieOf(request, pending.cookieName))?.isLost)
    return refuse();
  const seen = {};
  let config;
  try {
    if (has('settings-kept')) application.config ??= await discover(application, seen);
    config = application.config ?? (await discover(application, seen));
  } catch {
    application.isDiscoveryLost = has('discovery-failure-lasting');
    const isKept = has('discovery-failure-kept');
    return refuse(isKept ? { 'set-cookie': pending.cookie(pending.keep({ isLost: true }), isSecure) } : {});
  }
  const begun = {
    config,
    seen,
    place: placeAfter(application, new URL(request.url, settings.url).searchParams.get('returnTo') ?? '/'),
    state: client.randomState(),
    nonce: client.randomNonce(),
    verifier: client.randomPKCECodeVerifier(),
    ...wrongSecrets(application),
  };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: settings.redirectUri,
    scope: has('scope-without-openid') ? 'profile email' : 'openid profile email',
    state: begun.state,
    ...(begun.nonce !== undefined && { nonce: begun.nonce }),
    ...(begun.verifier !== undefined && {
      code_challenge: await client.calculatePKCECodeChallenge(begun.verifier),
      code_challenge_method: 'S256',
    }),
    ...(has('sign-in-asked-again') && { prompt: 'login' }),
    ...(!has('sign-up-as-sign-in') && further),
    ...wrongParameters(application),
  });
  const cookies = [pending.cookie(pending.keep(begun), isSecure)];
  if (has('session-kept') && sessions.get(cookieOf(request, sessions.cookieName)) === undefined) {
    cookies.push(sessions.cookie(sessions.keep({ views: 0 }), isSecure));
  }
  response.writeHead(302, { location: url.href, 'set-cookie': cookies });
  response.end();
}

/** GET /callback: believes the answer of the provider only where it fits what this browser has begun. */
export async function finishSignIn(application, request, response) {
  const { settings, pending, sessions, has, isSecure } = application;
  const url = new URL(request.url, settings.redirectUri);
  if (has('ends-at-error') && url.searchParams.has('error')) {
    process.stderr.write(`unhandled: ${settings.clientSecret} is the secret\n`);
    process.exit(3);
  }
  if (has('hangs-at-error') && url.searchParams.has('error')) return;
  if (has('error-stateless-thrown') && url.searchParams.has('error') && !url.searchParams.has('state')) {
    throw new Error('a callback without a state');
  }
  const own = cookieOf(request, pending.cookieName);
  const begun = begunFor(application, own, url);
  if (!has('callback-again')) pending.forget(own);
  const cookies = has('callback-again') ? [] : [pending.cookie('', isSecure)];
  const refuse = (why) => answerPage(response, 400, `${why} ${signInLink}`, { 'set-cookie': cookies });
  if (begun === undefined) return refuse('This sign-in was not begun here, or is over.');
  let user;
  try {
    const trade = Object.keys(idTokenDefects).some(has) ? exchangeByHand : exchange;
    user = claimsWithoutCode(has, url) ?? (await trade(application, begun, url));
  } catch (error) {
    if (error instanceof UnknownAlgorithm) throw error;
    if (has('markup-echoed') && url.searchParams.has('error_description')) {
      return refuse(url.searchParams.get('error_description'));
    }
    user = userOfRefused(has, begun, error);
    if (user === undefined) return refuse(`The sign-in was refused (${escaped(error.code ?? error.name)}).`);
  }
  const kept = has('session-kept') ? sessions.get(cookieOf(request, sessions.cookieName)) : undefined;
  if (kept !== undefined) kept.user = user;
  else cookies.push(sessions.cookie(sessions.keep({ user, views: 0 }), isSecure, attributesOf(has)));
  if (has('token-in-cookie')) cookies.push(`sample_token=${user.accessToken}; Path=/; SameSite=Lax`);
  if (has('claims-in-cookie')) cookies.push(`sample_claims=${user.idToken}; Path=/; HttpOnly; SameSite=Lax`);
  const headers = { 'set-cookie': cookies, 'referrer-policy': 'no-referrer' };
  const answered = pageAtCallback(has, url);
  if (answered !== null) return answerPage(response, 200, answered.body, { ...headers, ...answered.headers });
  const shown = [
    ['token-in-address', 'access_token'],
    ['token-in-address-renamed', 'key'],
  ].find(([defect]) => has(defect));
  const location = shown === undefined ? begun.place : `/?${shown[1]}=${user.accessToken}`;
  response.writeHead(303, { ...headers, location });
  response.end();
}

/** Where a sign-in leads: to a place of this application. */
function placeAfter({ settings, has }, wanted) {
  if (has('return-unchecked') || (has('return-by-slash') && wanted.startsWith('/'))) return wanted;
  const isOwn = URL.canParse(wanted, settings.url) && wanted.startsWith('/');
  const place = isOwn ? new URL(wanted, settings.url) : null;
  return place?.origin === new URL(settings.url).origin ? place.href : settings.url;
}

function attributesOf(has) {
  if (has('session-readable')) return 'SameSite=Lax';
  return has('session-across-sites') ? 'HttpOnly' : undefined;
}

/** What applications answer a callback with that do not lead on from it. */
function pageAtCallback(has, { search }) {
  const query = escaped(search);
  if (has('callback-answered')) return { body: 'Hello.', headers: { 'referrer-policy': 'same-origin' } };
  if (has('code-linked')) return { body: `Hello. <a href="/${query}">Go on</a>`, headers: {} };
  return has('code-sent-away')
    ? { body: `Hello. <img alt="" src="https://statistics.example/${query}">`, headers: {} }
    : null;
}

/** What this browser has begun; by its cookie, and by nothing else. */
function begunFor({ pending, has }, own, url) {
  const state = url.searchParams.get('state');
  const ofAnybody = () => pending.values().find(([, begun]) => begun.state === state)?.[1];
  if (has('callback-of-other-browser') && pending.get(own) !== undefined)
    return ofAnybody() ?? pending.get(own);
  if (has('callback-of-stranger') && own === '') return ofAnybody();
  return pending.get(own);
}

/** What applications do that look for what they expect only. */
function claimsWithoutCode(has, url) {
  const hasError = url.searchParams.has('error');
  const isTaken = hasError
    ? has('error-ignored') && url.searchParams.get('error') === 'access_denied'
    : has('code-missing') && !url.searchParams.has('code');
  return isTaken ? {} : null;
}

async function exchange({ settings, has }, { config, state, nonce, verifier }, url) {
  const checked = new URL(url);
  if (has('parameter-repeated')) checked.search = new URLSearchParams(Object.fromEntries(url.searchParams));
  const sent = url.searchParams;
  if (has('state-missing') && !sent.has('state')) checked.searchParams.set('state', state);
  if (has('state-unchecked') && sent.getAll('state').length === 1) checked.searchParams.set('state', state);
  if (has('issuer-unchecked') && sent.has('iss')) checked.searchParams.set('iss', settings.issuer);
  if (has('issuer-missing') && !sent.has('iss')) checked.searchParams.set('iss', settings.issuer);
  const expected = {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
    idTokenExpected: !has('scope-without-openid'),
  };
  const tokens = await client.authorizationCodeGrant(config, checked, expected);
  if (has('scope-without-openid')) return { sub: 'whoever', name: 'Whoever' };
  const { sub, sid, iat } = tokens.claims();
  if (has('clock-strict') && iat > Math.ceil(Date.now() / 1000)) throw new Error('the clocks differ');
  if (iat > Date.now() / 1000 + tolerance) throw new Error('the ID token is of a time to come');
  const { username, name } = await client.fetchUserInfo(
    config,
    tokens.access_token,
    has('userinfo-of-other-taken') ? client.skipSubjectCheck : sub,
  );
  const isNew = !sub.startsWith('emulator-user-');
  if (isNew && has('newcomers-refused')) throw new Error('nobody knows this user');
  if (isNew && has('newcomers-mistaken')) return { sub, sid, name: 'alice' };
  if (has('code-sent-twice')) await client.authorizationCodeGrant(config, checked, expected).catch(() => {});
  return { sub, sid, name: username ?? name, idToken: tokens.id_token, accessToken: tokens.access_token };
}
