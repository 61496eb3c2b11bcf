import { LogtoError } from '../errors.js';
import { type JsonObject, parseJsonObject } from './http-answer.js';
import { type OAuthError, type OAuthRequest, ruleFor } from './oauth-error-rules.js';

/**
 * The error that a provider's error means, by one table for every place where such errors come.
 *
 * The provider's words are kept in the message and the details; whoever prints them strips what a terminal obeys.
 */
export function errorFromOAuth(error: OAuthError, request: OAuthRequest): LogtoError {
  const rule = ruleFor(error, request);
  const words = error.description === null ? error.error : `${error.error}: ${error.description}`;
  return new LogtoError(rule.code, `${rule.says(request)} (${words}).`, rule.hint(request), {
    error: error.error,
    ...(error.description !== null && { error_description: error.description }),
    ...(error.status !== null && { status: error.status }),
    ...rule.details?.(request),
  });
}

/** The OAuth error in the body of an answer; `null` when there is none. Secrets that it repeats are blacked out. */
export function parseOAuthError(text: string, status: number, secrets: readonly string[]): OAuthError | null {
  const body: JsonObject | null = parseJsonObject(text);
  const error = body?.['error'];
  if (body === null || typeof error !== 'string' || error === '') return null;
  const { error_description: description, code } = body;
  return {
    error: presentable(error, secrets),
    description: typeof description === 'string' ? presentable(description, secrets) : null,
    status,
    isLogto: typeof code === 'string' && /^(oidc|session)\./.test(code),
  };
}

/** A provider's words, short, and without any of the values that must not be repeated. */
export function presentable(text: string, secrets: readonly string[]): string {
  const clean = secrets
    .filter((secret) => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  return clean.length > 300 ? `${clean.slice(0, 300)}…` : clean;
}
