import { constants, createHash, createPublicKey, type JsonWebKeyInput, verify } from 'node:crypto';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { followSignIn } from '../../src/headless/follow-sign-in.js';
import type { Fetch } from '../../src/network/fetch.js';

/** The platform's own fetch in the shape of ours: no redirect is followed. */
export const rawFetch: Fetch = (url, init = {}) =>
  fetch(url, { ...init, redirect: 'manual', signal: init.signal ?? null, body: init.body ?? null });

/** The same in the browser of this visit, which tells the emulator so. */
export const fetchIn =
  (visit: { readonly id: string }): Fetch =>
  (url, init = {}) =>
    rawFetch(url, { ...init, headers: { ...init.headers, 'x-logto-cli-visit': visit.id } });

export const callback = 'http://localhost:3000/callback';
export const verifier = 'v'.repeat(50);
export const challenge = createHash('sha256').update(verifier).digest('base64url');

export type AppId =
  | 'emulator-native'
  | 'emulator-traditional'
  | 'emulator-spa'
  | 'emulator-m2m'
  | 'emulator-device';
/** Those that sign in with a browser. */
export const appIds: readonly AppId[] = ['emulator-native', 'emulator-traditional', 'emulator-spa'];
export const secret = 'emulator-only-app-secret';
const secrets: Readonly<Record<string, string>> = {
  'emulator-traditional': secret,
  'emulator-m2m': 'emulator-only-m2m-secret',
};

/** The API resource of the default seed. */
export const api = 'https://api.example.test';
/** The one whose scopes are those of the organizations. */
export const organizationsResource = 'urn:logto:resource:organizations';
export const organizationsScope = 'urn:logto:scope:organizations';

export const invalidGrant = {
  status: 400,
  body: {
    code: 'oidc.invalid_grant',
    error: 'invalid_grant',
    error_description: 'grant request is invalid',
    error_uri: 'https://openid.sh/debug/invalid_grant',
  },
};
export const invalidTarget = {
  status: 400,
  body: {
    code: 'oidc.invalid_target',
    error: 'invalid_target',
    error_description: 'resource indicator is missing, or unknown',
  },
};

/** Overrides; `undefined` leaves the parameter out, a list repeats it. */
export type Parameters = Readonly<Record<string, string | readonly string[] | undefined>>;

const pairs = (parameters: Parameters): [string, string][] =>
  Object.entries(parameters).flatMap(([name, values]) =>
    values === undefined ? [] : [values].flat().map((value): [string, string] => [name, value]),
  );

export function authorizationUrl(issuer: string, appId: string, overrides: Parameters = {}): string {
  const parameters = {
    client_id: appId,
    redirect_uri: callback,
    response_type: 'code',
    scope: 'openid profile offline_access',
    prompt: 'consent',
    state: 'some-state',
    nonce: 'some-nonce',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...overrides,
  };
  const url = new URL(`${issuer}/auth`);
  for (const [name, value] of pairs(parameters)) url.searchParams.append(name, value);
  return url.href;
}

/** A request with a browser's cookies; the answer is not followed. */
export async function open(
  url: string,
  cookies = new CookieJar(),
  init: RequestInit = {},
): Promise<Response> {
  const cookie = cookies.header(url);
  const response = await fetch(url, {
    ...init,
    redirect: 'manual',
    headers: { ...(cookie === null ? {} : { cookie }), ...(init.headers as Record<string, string>) },
  });
  cookies.store(url, response.headers);
  return response;
}

/** Where an answer leads, as a URL; relative ones on the answer's own address. */
export function locationOf(response: Response): URL {
  return new URL(response.headers.get('location') ?? 'about:no-location', response.url);
}

export interface SignedIn {
  readonly cookies: CookieJar;
  readonly callbackUrl: URL;
  readonly code: string;
}

export async function signIn(
  issuer: string,
  appId: AppId,
  overrides: Parameters = {},
  cookies = new CookieJar(),
  username = 'alice',
  fetch = rawFetch,
): Promise<SignedIn> {
  const callbackUrl = new URL(
    await followSignIn({
      authorizationUrl: authorizationUrl(issuer, appId, overrides),
      username,
      password: `emulator-only-${username}`,
      fetch,
      cookies,
    }),
  );
  return { cookies, callbackUrl, code: callbackUrl.searchParams.get('code') ?? '' };
}

export interface JsonAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  readonly body: any;
}

/** POSTs a form, authenticated as this application is, and reads the answer. */
export async function post(
  url: string,
  appId: AppId | null,
  fields: Parameters,
  headers: Readonly<Record<string, string>> = {},
): Promise<JsonAnswer> {
  const form = {
    ...(appId === null ? {} : { client_id: appId }),
    client_secret: secrets[appId ?? ''],
    ...fields,
  };
  return read(await fetch(url, { method: 'POST', headers, body: new URLSearchParams(pairs(form)) }));
}

export async function read(response: Response): Promise<JsonAnswer> {
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json');
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
}

export function exchange(issuer: string, appId: AppId, code: string, overrides: Parameters = {}) {
  return post(`${issuer}/token`, appId, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    code_verifier: verifier,
    ...overrides,
  });
}

export function refresh(issuer: string, appId: AppId, token: string, overrides: Parameters = {}) {
  return post(`${issuer}/token`, appId, { grant_type: 'refresh_token', refresh_token: token, ...overrides });
}

/** Signs in and exchanges the code. */
export async function tokens(
  issuer: string,
  appId: AppId,
  overrides: Parameters = {},
  cookies = new CookieJar(),
  username = 'alice',
  fetch = rawFetch,
): Promise<JsonAnswer> {
  const { code } = await signIn(issuer, appId, overrides, cookies, username, fetch);
  const challenged = 'code_challenge' in overrides && overrides['code_challenge'] === undefined;
  return exchange(issuer, appId, code, challenged ? { code_verifier: undefined } : {});
}

export function userInfo(issuer: string, accessToken: string): Promise<JsonAnswer> {
  return fetch(`${issuer}/me`, { headers: { authorization: `Bearer ${accessToken}` } }).then(read);
}

export function decodeJwt(token: string): {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
} {
  const [header = '', claims = ''] = token
    .split('.')
    .map((part) => Buffer.from(part, 'base64url').toString('utf8'));
  return { header: JSON.parse(header), claims: JSON.parse(claims) };
}

/** A published key, or one from elsewhere. */
export type Jwk = JsonWebKeyInput['key'] & { readonly kid?: string; readonly alg?: string };

/** What an emulator publishes. */
export async function publishedKeys(issuer: string): Promise<readonly Jwk[]> {
  return (await (await rawFetch(`${issuer}/jwks`)).json()).keys;
}

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
const ecdsa = { dsaEncoding: 'ieee-p1363' } as const;
const verifying = {
  ES384: ['sha384', ecdsa],
  ES256: ['sha256', ecdsa],
  RS256: ['sha256', {}],
  PS256: ['sha256', pss],
} as const;

/** Whether the key signed the token, by the algorithm that both name. */
export function isSigned(token: string, jwk: Jwk | undefined): boolean {
  const [header, claims, signature = ''] = token.split('.');
  const { alg } = decodeJwt(token).header;
  if (jwk === undefined || jwk.alg !== alg) return false;
  const [digest, options] = verifying[jwk.alg as keyof typeof verifying];
  const key = { key: createPublicKey({ key: jwk, format: 'jwk' }), ...options };
  return verify(digest, Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'));
}
