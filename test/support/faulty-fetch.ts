import { createHash } from 'node:crypto';
import type { Fetch, FetchInit } from '../../src/network/fetch.js';
import { decodeJwt } from '../../src/oidc/validate/jwt.js';
import { createSigningKey, type Json, type SigningKey, signJwt } from './signed-jwt.js';

/** A request on its way to a provider. Whatever is changed in it is what the provider gets. */
export interface PassingRequest {
  readonly url: URL;
  readonly form: URLSearchParams;
  readonly headers: Record<string, string>;
  /** What the request is to: `/oidc/token`. */
  readonly path: string;
}

/** What is wrong with a provider: it gets requests changed, or not at all, and its answers are changed. */
export type PassingFault = (
  request: PassingRequest,
  pass: () => Promise<Response>,
  seen: SeenTraffic,
) => Promise<Response>;

/** What has passed until now. */
export class SeenTraffic {
  /** Code challenges of authorization requests. */
  readonly challenges = new Set<string>();
  /** How often each code, or refresh token, was sent to the token endpoint. */
  readonly uses = new Map<string, number>();
  /** Which refresh token came with a token: an access token, an ID token, or the refresh token before it. */
  readonly refreshTokens = new Map<string, string>();
  /** Tokens that were revoked by those who say what they revoke. */
  readonly revoked = new Set<string>();
  /** Whatever a fault wants to remember. */
  readonly notes = new Map<string, string>();

  /** Whether a code verifier belongs to a request that has passed. */
  isVerifier(verifier: string): boolean {
    return this.challenges.has(createHash('sha256').update(verifier).digest('base64url'));
  }
}

/** The fetch to an honest provider, as the fetch to one that is wrong in one thing. */
export function faultyFetch(honest: Fetch, fault: PassingFault): Fetch {
  const seen = new SeenTraffic();
  return async (address, init = {}) => {
    const url = new URL(address);
    const isForm = init.body instanceof URLSearchParams;
    const form = new URLSearchParams(isForm ? (init.body as URLSearchParams) : '');
    const request = { url, form, headers: { ...init.headers }, path: url.pathname };
    note(request, seen);
    const pass = async () => {
      const passed: FetchInit = { ...init, headers: request.headers, ...(isForm && { body: form }) };
      const response = await honest(url.href, passed);
      if (request.path === '/oidc/token' && response.ok) noteTokens(request, await json(response), seen);
      return response;
    };
    return fault(request, pass, seen);
  };
}

function note({ url, form, path }: PassingRequest, seen: SeenTraffic): void {
  const challenge = url.searchParams.get('code_challenge');
  if (challenge !== null) seen.challenges.add(challenge);
  if (path.endsWith('/token')) {
    const sent = form.get('code') ?? form.get('refresh_token') ?? '';
    seen.uses.set(sent, (seen.uses.get(sent) ?? 0) + 1);
  }
  if (path.endsWith('/revocation') && form.has('token_type_hint')) seen.revoked.add(form.get('token') ?? '');
}

function noteTokens({ form }: PassingRequest, answer: Json, seen: SeenTraffic): void {
  const { refresh_token: refreshToken, access_token: accessToken, id_token: idToken } = answer;
  if (typeof refreshToken !== 'string') return;
  for (const token of [accessToken, idToken, form.get('refresh_token')]) {
    if (typeof token === 'string') seen.refreshTokens.set(token, refreshToken);
  }
}

/** The JSON of an answer, which can be read again. */
export async function json(response: Response): Promise<Json> {
  return (await response.clone().json()) as Json;
}

/** An answer with other JSON. */
export function withJson(response: Response, body: Json, status = response.status): Response {
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  return Response.json(body, { status, headers });
}

/** An answer whose JSON is changed. */
export async function changed(response: Response, change: (body: Json) => Json): Promise<Response> {
  return withJson(response, change(await json(response)));
}

/** An answer with another `Location`. */
export function sentTo(response: Response, change: (location: URL) => void): Response {
  const location = new URL(response.headers.get('location') ?? '', 'http://localhost');
  const isRelative = response.headers.get('location')?.startsWith('/') === true;
  change(location);
  const headers = new Headers(response.headers);
  headers.set('location', isRelative ? `${location.pathname}${location.search}` : location.href);
  return new Response(null, { status: response.status, headers });
}

/** Which JWTs are changed, and how. */
export interface JwtChange {
  /** Of a token request whose answer has JWTs. Default: every one. */
  readonly when?: (request: PassingRequest) => boolean;
  readonly member: 'id_token' | 'access_token';
  readonly change: (header: Json, claims: Json) => void;
  /** The algorithm that discovery announces. */
  readonly announced?: string;
}

/** A provider that signs everything with a key of its own, so that it can say whatever it wants in its tokens. */
export function withJwts({
  when = () => true,
  member,
  change,
  announced = 'ES256',
}: JwtChange): PassingFault {
  const key = createSigningKey('faulty');
  const originals = new Map<string, string>();
  return async (request, pass) => {
    const { url, headers, path } = request;
    const hint = originals.get(url.searchParams.get('id_token_hint') ?? '');
    if (hint !== undefined) url.searchParams.set('id_token_hint', hint);
    const bearer = originals.get(headers['authorization']?.replace('Bearer ', '') ?? '');
    if (bearer !== undefined) headers['authorization'] = `Bearer ${bearer}`;
    const response = await pass();
    if (path.endsWith('/openid-configuration')) {
      return changed(response, (body) => ({ ...body, id_token_signing_alg_values_supported: [announced] }));
    }
    if (path === '/oidc/jwks') return changed(response, () => ({ keys: [key.jwk] }));
    if (path !== '/oidc/token' || !response.ok) return response;
    return changed(response, (body) => {
      const tokens = Object.entries(body).map(([name, value]) => {
        const signed = signedAnew(value, key, name === member && when(request) ? change : () => {});
        if (typeof value === 'string' && signed !== value) originals.set(String(signed), value);
        return [name, signed];
      });
      return Object.fromEntries(tokens) as Json;
    });
  };
}

function signedAnew(token: unknown, key: SigningKey, change: JwtChange['change']): unknown {
  const decoded = typeof token === 'string' ? decodeJwt(token) : null;
  if (decoded === null) return token;
  const header = { ...decoded.header, alg: key.alg, kid: key.kid };
  const claims = { ...decoded.claims };
  change(header, claims);
  return signJwt(header, claims, key);
}
