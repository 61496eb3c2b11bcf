import { visibleText } from '../html.js';
import { parseOAuthError, presentable } from './error-from-oauth.js';
import type { OAuthError } from './oauth-error.js';

const codes =
  /\b(invalid_(redirect_uri|client|request|scope|target|grant)|redirect_uri_mismatch|unauthorized_client|access_denied|unsupported_response_type|server_error|temporarily_unavailable)\b/g;

/** What a provider that shows no codes says in no other case (Keycloak). */
const sentences: readonly (readonly [words: RegExp, error: string])[] = [
  [/invalid parameter: redirect_uri|invalid redirect uri/i, 'invalid_redirect_uri'],
  [/client not found/i, 'invalid_client'],
];

/**
 * The error that a browser would be shown, as JSON or on a page; `null` when it does not say, or names more than one.
 * Only for an endpoint that browsers are sent to, and a status of 400 and above.
 */
export function readErrorPage(text: string, status: number, secrets: readonly string[]): OAuthError | null {
  const json = parseOAuthError(text, status, secrets);
  if (json !== null) return json;
  const visible = visibleText(text);
  const named = new Set(visible.match(codes));
  const said = sentences.find(([words]) => words.test(visible));
  const [error = said?.[1]] = named;
  if (error === undefined || named.size > 1) return null;
  const [, after = said === undefined ? '' : visible] = visible.split(error, 2);
  const description = presentable(after.replace(/^[\s:.]+/, '').trim(), secrets);
  return { error, description: description === '' ? null : description, status, isLogto: false };
}
