import { type ErrorCode, LogtoError } from '../errors.js';
import { authenticateClient } from './client-authentication.js';
import { throwOAuthError } from './endpoint-answers.js';
import { ask, isNetworkError, type Subject, withSignal } from './http-answer.js';
import type { OAuthError, OAuthRequest } from './oauth-error.js';
import { parseOAuthError } from './oauth-errors.js';
import { type ProbeTarget, unknown, type Verdict } from './probe.js';

/** A request that a probe makes where the client authenticates. */
export interface ClientQuestion {
  readonly url: string;
  /** What is asked, within a sentence: `token endpoint`. */
  readonly endpoint: string;
  readonly kind: OAuthRequest['kind'];
  readonly parameters: Readonly<Record<string, string>> | URLSearchParams;
  readonly redirectUri?: string;
}

/** What came back. */
export interface ClientAnswer {
  readonly status: number;
  readonly text: string;
  /** The provider's own words, where they are an OAuth error. */
  readonly error: OAuthError | null;
  /** What an answer of 400 and above means. */
  readonly refusal: LogtoError | null;
}

/** Codes that say something about the application itself, wherever it authenticates. */
export const clientCodes: readonly ErrorCode[] = [
  'client_unknown',
  'client_secret_invalid',
  'client_secret_missing',
  'client_secret_unexpected',
  'client_rejected',
];

/**
 * Posts a form, the client authenticated exactly as in the real requests (OpenID Connect Core 1.0, section 9).
 *
 * @throws LogtoError network codes; the reason of the target's signal
 */
export async function askAsClient(target: ProbeTarget, question: ClientQuestion): Promise<ClientAnswer> {
  const { clientId, clientSecret = '', metadata } = target;
  const { url, endpoint, kind, parameters, redirectUri } = question;
  const fetch = withSignal(target.fetch, target.signal);
  const subject = subjectOf(target, endpoint);
  const body = new URLSearchParams(parameters);
  const headers: Record<string, string> = {
    accept: 'application/json',
    ...authenticateClient(body, target, metadata.token_endpoint_auth_methods_supported),
  };
  const response = await ask(fetch, url, { method: 'POST', headers, body }, subject);
  const text = await response.clone().text();
  const request = {
    kind,
    clientId,
    hasSecret: clientSecret !== '',
    tokenEndpoint: metadata.token_endpoint,
    secrets: [clientSecret, headers['authorization']?.replace(/^\S+ /, '') ?? ''],
    ...(redirectUri !== undefined && { redirectUri }),
  };
  const refusal = await throwOAuthError(response, request, fetch, subject).then(
    () => null,
    (error: unknown) => {
      if (error instanceof LogtoError && error.code !== 'interrupted') return error;
      throw error;
    },
  );
  if (isNetworkError(refusal)) throw refusal;
  const error = parseOAuthError(text, response.status, request.secrets);
  return { status: response.status, text, error, refusal };
}

/** The verdict of a refusal: proved where its code is one that nothing else can mean there. */
export function verdictOn(refusal: LogtoError, provable: readonly ErrorCode[]): Verdict {
  return provable.includes(refusal.code) ? { verdict: 'refused', error: refusal } : unknown(refusal.message);
}

/** An endpoint as its failures are told. */
export function subjectOf({ metadata, now }: ProbeTarget, endpoint: string): Subject {
  return {
    name: `The ${endpoint} of ${metadata.issuer}`,
    code: 'token_response_invalid',
    hint: 'Try again; if it persists, the provider, or a proxy before it, has to be corrected.',
    now,
  };
}
