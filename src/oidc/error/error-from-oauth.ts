import { LogtoError } from '../../errors.js';
import { SecretMask } from '../../secret-forms.js';
import { worded } from '../../wording.js';
import { parseJsonObject } from '../http-answer.js';
import type { OAuthError, OAuthRequest } from './oauth-error.js';
import { ruleFor } from './oauth-error-rules.js';
import { providerWords } from './provider-words.js';

/** More of a provider's words than this is not shown. */
const longestText = 500;

/** More is no name. */
const longestName = 100;

/**
 * The error that a provider's error means, by one table for every place where such errors come.
 *
 * The provider's words are kept in the message and the details; whoever prints them strips what a terminal obeys.
 */
export function errorFromOAuth(error: OAuthError, request: OAuthRequest): LogtoError {
  const rule = ruleFor(error, request);
  const words = error.description === null ? error.error : `${error.error}: ${error.description}`;
  const said = worded(rule.says(request, error), request.namedBy);
  const hint = worded(rule.hint(request, error), request.namedBy);
  return new LogtoError(rule.code, `${said} (${words}).`, hint, {
    error: error.error,
    ...(error.description !== null && { error_description: error.description }),
    ...(error.status !== null && { status: error.status }),
    ...rule.details?.(request, error),
  });
}

/**
 * The error that an answer names, in its body (RFC 6749, section 5.2, or as Okta and others have it) or in its challenge;
 * `null` when there is none. Secrets that it repeats are blacked out.
 *
 * @param headers of the answer, where they are known
 */
export function parseOAuthError(
  text: string,
  status: number,
  secrets: readonly string[],
  headers?: Headers,
): OAuthError | null {
  const { error, description } = providerWords({ body: text, ...(headers && { headers }) });
  if (error === null) return null;
  const { code, scope } = parseJsonObject(text) ?? {};
  return {
    error: presentable(error, secrets, longestName),
    description: description === null ? null : presentable(description, secrets),
    status,
    isLogto: typeof code === 'string' && /^(oidc|session)\./.test(code),
    ...(typeof scope === 'string' && scope !== '' && { scope: presentable(scope, secrets, longestName) }),
  };
}

/** The words of an answer that names no error, such as a page's title; `null` where it says nothing. */
export function presentableWords(body: string, headers: Headers, secrets: readonly string[]): string | null {
  const { error, description } = providerWords({ body, headers });
  const words = [error, description].filter((text) => text !== null).join(': ');
  return words === '' ? null : presentable(words, secrets);
}

/** A provider's words, short, and without any of the values that must not be repeated. */
export function presentable(text: string, secrets: readonly string[], longest = longestText): string {
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text;
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
