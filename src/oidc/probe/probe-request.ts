import type { ErrorCode, LogtoError } from '../../errors.js';
import { authenticateClient, credentialsIn, secretsOf } from '../client-authentication.js';
import { parseOAuthError } from '../error/error-from-oauth.js';
import type { OAuthError, OAuthRequest } from '../error/oauth-error.js';
import { ask, isNetworkError, type Subject, withSignal } from '../http-answer.js';
import { clientRequest, refusalIn } from './endpoint-answers.js';
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
  /** Whether that is about this client: somebody made up would have been told something else. */
  readonly isProof: boolean;
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
 * Whether a refusal can come of credentials that the provider did not read as they were meant: in the words of the
 * standard, in its own, or because the header does not look right to it (`invalid_request`).
 */
export function mayBeUnread({ code, details }: LogtoError): boolean {
  return (
    clientCodes.includes(code) || details?.['status'] === 401 || details?.['error'] === 'invalid_request'
  );
}

/**
 * Posts a form, the client authenticated exactly as in the real requests (OpenID Connect Core 1.0, section 9).
 *
 * @throws LogtoError network codes; the reason of the target's signal
 */
export async function askAsClient(target: ProbeTarget, question: ClientQuestion): Promise<ClientAnswer> {
  const { metadata } = target;
  const { url, endpoint, kind, parameters, redirectUri } = question;
  const fetch = withSignal(target.fetch, target.signal);
  const subject = subjectOf(target, endpoint);
  const body = new URLSearchParams(parameters);
  const headers: Record<string, string> = {
    accept: 'application/json',
    ...authenticateClient(body, target, metadata, target.now()),
  };
  const response = await ask(fetch, url, { method: 'POST', headers, body }, subject);
  const text = await response.clone().text();
  const secrets = [...secretsOf(target), ...credentialsIn(headers, body)];
  const { namedBy } = target;
  const request = clientRequest(
    { kind, namedBy, secrets, ...(redirectUri !== undefined && { redirectUri }) },
    target,
    metadata,
  );
  const { error: refusal = null, isProof = true } =
    (await refusalIn(response, request, fetch, subject)) ?? {};
  if (isNetworkError(refusal)) throw refusal;
  const error = parseOAuthError(text, response.status, secrets, response.headers);
  return { status: response.status, text, error, refusal, isProof };
}

/** The verdict of a refusal: proved where its code is one that nothing else can mean there. */
export function verdictOn(
  refusal: LogtoError,
  provable: readonly ErrorCode[],
  { isProof }: Pick<ClientAnswer, 'isProof'> = { isProof: true },
): Verdict {
  return isProof && provable.includes(refusal.code)
    ? { verdict: 'refused', error: refusal }
    : unknown(refusal.message);
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
