/** An error as the engine answers with it. */
export interface OAuthErrorBody {
  readonly error: string;
  readonly error_description?: string;
}

/** What Logto says in its `message`, in English, by its code. Two of them leak their template. */
const messages: Readonly<Record<string, string>> = {
  'oidc.access_denied': 'Access denied.',
  'oidc.insufficient_scope': 'Token missing scope `{{scope}}`.',
  'oidc.invalid_grant': 'Grant request is invalid.',
  'oidc.invalid_redirect_uri': "`redirect_uri` did not match any of the client's registered `redirect_uris`.",
  'oidc.invalid_request': 'Request is invalid.',
  'oidc.invalid_scope': 'Invalid scope: {{error_description}}.',
  'oidc.invalid_target': 'Invalid resource indicator.',
  'oidc.invalid_token': 'Invalid token provided.',
  'oidc.unsupported_grant_type': 'Unsupported `grant_type` requested.',
  'session.not_found': 'Session not found. Please go back and sign in again.',
};

const noSession = /session (not found|id cookie not found|.*mismatch)|authorization request has expired/;

/** Whether an answer of the engine is an error. */
export function isOAuthErrorBody(body: unknown): body is OAuthErrorBody {
  return typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string';
}

/** The body that Logto gives an error: with a code and a message of its own before it. */
export function logtoErrorBody(body: OAuthErrorBody): Record<string, unknown> {
  const { error, error_description: description, ...rest } = body;
  const code = noSession.test(description ?? '') ? 'session.not_found' : `oidc.${error}`;
  return {
    code,
    message: messages[code] ?? `An OIDC error occurred: ${code}.`,
    error,
    ...(description === undefined ? {} : { error_description: description }),
    ...(error === 'invalid_grant' ? { error_uri: 'https://openid.sh/debug/invalid_grant' } : {}),
    ...rest,
  };
}
