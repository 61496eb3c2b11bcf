import { LogtoError } from '../errors.js';
import { type JsonObject, parseJsonObject } from './http-answer.js';
import type { OAuthError, OAuthRequest } from './oauth-error.js';
import { ruleFor } from './oauth-error-rules.js';

/**
 * The error that a provider's error means, by one table for every place where such errors come.
 *
 * The provider's words are kept in the message and the details; whoever prints them strips what a terminal obeys.
 */
export function errorFromOAuth(error: OAuthError, request: OAuthRequest): LogtoError {
  const rule = ruleFor(error, request);
  const words = error.description === null ? error.error : `${error.error}: ${error.description}`;
  return new LogtoError(rule.code, `${rule.says(request, error)} (${words}).`, rule.hint(request, error), {
    error: error.error,
    ...(error.description !== null && { error_description: error.description }),
    ...(error.status !== null && { status: error.status }),
    ...rule.details?.(request, error),
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
  const clean = blackedOut(text, secrets);
  return clean.length > 300 ? `${clean.slice(0, 300)}…` : clean;
}

/**
 * The same error without any of the values that must not be repeated, wherever in its answer a provider put them. Short
 * ones stay: they are words of ours too.
 */
export function withoutSecrets(error: LogtoError, secrets: readonly string[]): LogtoError {
  const { code, message, hint, details } = error;
  const long = secrets.filter((secret) => secret.length >= 8);
  const everything = JSON.stringify([message, hint, details]);
  if (blackedOut(everything, long) === everything) return error;
  const clean = <Value>(value: Value) => (typeof value === 'string' ? blackedOut(value, long) : value);
  const facts = Object.entries(details ?? {}).map(([name, value]) => [name, clean(value)]);
  return new LogtoError(code, clean(message), clean(hint), details && Object.fromEntries(facts));
}

/** A text without these values, as they are or as JSON, addresses and host names have them. */
function blackedOut(text: string, secrets: readonly string[]): string {
  const forms = secrets
    .filter((secret) => secret !== '')
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]);
  if (forms.length === 0) return text;
  const any = forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|');
  return text.replace(new RegExp(any, 'gi'), '***');
}
