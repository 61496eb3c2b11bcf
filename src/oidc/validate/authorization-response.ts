import { LogtoError } from '../../errors.js';
import type { NamedBy } from '../../wording.js';
import { errorFromOAuth, presentable } from '../error/error-from-oauth.js';
import { hasBraces, mayBeIssuer } from '../issuer-template.js';
import { type ProviderObserver, type Verify, verifying } from '../provider-event.js';

/** What an authorization response is compared with. */
export interface ExpectedResponse {
  readonly state: string;
  /** The issuer, or the template of it: then what the response names has to be that of the ID token, too. */
  readonly issuer: string;
  /** Discovery's `authorization_response_iss_parameter_supported`. */
  readonly requiresIss: boolean;
  readonly clientId: string;
  /** By what the provider is set, for the words of errors. */
  readonly namedBy?: NamedBy | undefined;
  /** What was asked for, for an error that is about it. */
  readonly scopes?: readonly string[];
  readonly resources?: readonly string[];
  /** What was sent beside the state, and must not be repeated. */
  readonly nonce?: string;
  readonly observe?: ProviderObserver | undefined;
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
  const verify = verifying(expected.observe, 'authorization response');
  const states = searchParams.getAll('state');
  const isOurs = states.length === 1 && states[0] === expected.state;
  if (!verify('state is the one of the request', 'RFC 6749, 4.1.2 and 10.12', isOurs)) {
    throw new LogtoError(
      'state_mismatch',
      `The authorization response does not belong to this sign-in: ${stateFault(states.length)}.`,
      'Start the sign-in again. If its own answer has another state, too, the provider has to be corrected: it must return `state` as it was sent (RFC 6749, section 4.1.2).',
    );
  }
  const repeated = protocolParameters.find((name) => searchParams.getAll(name).length > 1);
  if (!verify('no parameter comes twice', 'RFC 6749, 3.1', repeated === undefined)) {
    throw unusable(`has more than one ${repeated}`);
  }
  const code = searchParams.get('code');
  const secrets = [expected.state, expected.nonce ?? '', code ?? ''];
  checkIss(searchParams.get('iss'), expected, secrets, verify);
  const error = searchParams.get('error');
  if (error) {
    const [description, scope] = ['error_description', 'scope'].map((name) => searchParams.get(name));
    const { clientId, namedBy, scopes, resources } = expected;
    throw errorFromOAuth(
      {
        error: presentable(error, secrets),
        description: description ? presentable(description, secrets) : null,
        status: null,
        isLogto: false,
        ...(scope && { scope: presentable(scope, secrets, 100) }),
      },
      {
        kind: 'authorization',
        clientId,
        namedBy,
        hasSecret: false,
        ...(scopes && { scopes }),
        ...(resources && { resources }),
      },
    );
  }
  verify('it carries a code', 'RFC 6749, 4.1.2', Boolean(code));
  if (!code) throw unusable('has neither a code nor an error');
  return code;
}

function stateFault(count: number): string {
  if (count === 0) return 'it has no state';
  return count === 1 ? 'its state differs' : 'it has more than one state';
}

function checkIss(
  iss: string | null,
  { issuer, requiresIss }: ExpectedResponse,
  secrets: readonly string[],
  verify: Verify,
): void {
  if (iss === null && !requiresIss) return;
  const what = hasBraces(issuer) ? 'iss fits the template of the issuer' : 'iss is the issuer, to the letter';
  if (verify(what, 'RFC 9207, 2.4', iss !== null && mayBeIssuer(issuer, iss))) return;
  const found = iss === null ? null : presentable(iss, secrets).slice(0, 200);
  throw new LogtoError(
    'issuer_mismatch',
    found === null
      ? 'The authorization response does not say which provider it comes from, though this one always does.'
      : `The authorization response comes from ${JSON.stringify(found)} instead of ${JSON.stringify(issuer)}.`,
    'Do not trust what sent it. Start again; if it persists, the provider or a proxy before it has to be corrected.',
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
