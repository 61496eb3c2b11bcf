import { LogtoError } from '../errors.js';
import { errorFromOAuth, presentable } from './oauth-errors.js';

/** What an authorization response is compared with. */
export interface ExpectedResponse {
  readonly state: string;
  readonly issuer: string;
  /** Discovery's `authorization_response_iss_parameter_supported`. */
  readonly requiresIss: boolean;
  readonly clientId: string;
}

const protocolParameters = ['code', 'iss', 'error', 'error_description', 'error_uri'];

/**
 * Checks the address that a browser was sent back to, and returns the authorization code in it.
 *
 * The `state` comes first: without ours nothing else in it is believed. Then the issuer (RFC 9207), then `error`.
 *
 * @throws LogtoError `state_mismatch`, `issuer_mismatch`, `authorization_error`, `access_denied`, `login_required`,
 * `consent_required`, `interaction_required`, and the codes of a configuration that the provider rejects
 */
export function checkAuthorizationResponse(callbackUrl: string, expected: ExpectedResponse): string {
  const { searchParams } = new URL(callbackUrl);
  const states = searchParams.getAll('state');
  if (states.length !== 1 || states[0] !== expected.state) {
    throw new LogtoError(
      'state_mismatch',
      'The authorization response does not belong to this sign-in: its state differs.',
      'Start the sign-in again, and use the page that it opens.',
    );
  }
  const repeated = protocolParameters.find((name) => searchParams.getAll(name).length > 1);
  if (repeated !== undefined) throw unusable(`has more than one ${repeated}`);
  checkIss(searchParams.get('iss'), expected);
  const error = searchParams.get('error');
  const code = searchParams.get('code');
  if (error) {
    const secrets = [expected.state, code ?? ''];
    const description = searchParams.get('error_description');
    throw errorFromOAuth(
      {
        error: presentable(error, secrets),
        description: description === null ? null : presentable(description, secrets),
        status: null,
        isLogto: false,
      },
      { kind: 'authorization', clientId: expected.clientId, hasSecret: false },
    );
  }
  if (!code) throw unusable('has neither a code nor an error');
  return code;
}

function checkIss(iss: string | null, { issuer, requiresIss }: ExpectedResponse): void {
  if (iss === issuer || (iss === null && !requiresIss)) return;
  const found = iss?.slice(0, 200) ?? null;
  throw new LogtoError(
    'issuer_mismatch',
    found === null
      ? 'The authorization response does not say which provider it comes from, though this one always does.'
      : `The authorization response comes from ${JSON.stringify(found)} instead of ${JSON.stringify(issuer)}.`,
    'Do not trust that page. Start again; if it persists, the provider or a proxy before it has to be corrected.',
    { expected: issuer, found },
  );
}

function unusable(what: string): LogtoError {
  return new LogtoError(
    'authorization_error',
    `The authorization response ${what}.`,
    'Start the sign-in again; if it persists, it is the provider that has to be corrected.',
  );
}
