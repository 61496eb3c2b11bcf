import { parseOAuthError } from '../../oidc/error/error-from-oauth.js';
import { type JsonObject, parseJsonObject } from '../../oidc/http-answer.js';
import { decodeJwt } from '../../oidc/validate/jwt.js';

/** What an endpoint that programs talk to answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** `null`: the body is no JSON object, and no JWT. */
  readonly json: JsonObject | null;
  /** The body, where it is a JWT, with the claims in `json`: a signed UserInfo response. */
  readonly jwt: string | null;
  /** The OAuth error; `null`: none is named. */
  readonly error: string | null;
}

/** Reads an answer. Secrets that it repeats are blacked out of its error. */
export async function answerIn(response: Response, secrets: readonly string[]): Promise<Answer> {
  const { status, headers } = response;
  const text = await response.text();
  const error = parseOAuthError(text, status, secrets)?.error ?? null;
  const isJwt = status === 200 && /^application\/jwt\b/i.test(headers.get('content-type') ?? '');
  const claims = isJwt ? (decodeJwt(text)?.claims ?? null) : null;
  const json = isJwt ? claims : parseJsonObject(text);
  return { status, headers, json, jwt: claims === null ? null : text, error };
}
