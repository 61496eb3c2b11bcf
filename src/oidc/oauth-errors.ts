import { LogtoError } from '../errors.js';
import { SecretMask } from '../secret-forms.js';
import { type JsonObject, parseJsonObject } from './http-answer.js';
import type { OAuthError, OAuthRequest } from './oauth-error.js';
import { ruleFor } from './oauth-error-rules.js';

/** More of a provider's words than this is not shown. */
const longestText = 300;

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
  const short = text.length > longestText ? `${text.slice(0, longestText)}…` : text;
  return blackingOut(secrets).hide(short);
}

/**
 * The same error without any of the values that must not be repeated, wherever in its answer a provider put them. Short
 * ones stay: they are words of ours too.
 */
export function withoutSecrets(error: LogtoError, secrets: readonly string[]): LogtoError {
  const mask = blackingOut(secrets.filter((secret) => secret.length >= 8));
  const { code, message, hint, details } = error;
  const facts = Object.entries(details ?? {}).map(([name, value]) => [name, withoutThem(value, mask)]);
  const clean = new LogtoError(
    code,
    mask.hide(message),
    mask.hide(hint),
    details && Object.fromEntries(facts),
  );
  return JSON.stringify(contentOf(clean)) === JSON.stringify(contentOf(error)) ? error : clean;
}

function withoutThem<Value>(value: Value, mask: SecretMask): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutThem(item, mask));
  return typeof value === 'string' ? mask.hide(value) : value;
}

function contentOf({ message, hint, details }: LogtoError) {
  return { message, hint, details };
}

function blackingOut(secrets: readonly string[]): SecretMask {
  return new SecretMask('***', secrets);
}
