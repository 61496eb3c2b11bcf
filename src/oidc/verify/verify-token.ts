import type { Fetch } from '../../network/fetch.js';
import type { NamedBy } from '../../wording.js';
import { checkProvider } from '../check-provider.js';
import { fetchMetadata } from '../discovery-request.js';
import type { ProviderPlace } from '../issuer-url.js';
import type { JsonObject } from '../json-object.js';
import { type ProviderObserver, verifying } from '../provider-event.js';
import { readJwt, type UnreadableJwt } from '../validate/jwt.js';
import { fetchKeySet } from '../validate/key-set.js';
import { fails, holds, type TokenCheck } from './token-check.js';
import { checkAudience, checkIssuer, checkOrganization, checkScopes } from './token-claims.js';
import { checkAlgorithm, checkType } from './token-header.js';
import { checkSignature } from './token-signature.js';
import { checkTokenTimes, likelyClock } from './token-times.js';

/** What an API is, as far as a token is compared with it. */
export interface ApiExpectations extends ProviderPlace {
  /** The issuer of the session that the token is of, where one is known: of a template only that one. */
  readonly ofSession?: string;
  /** By what the provider is set, for the words of errors. */
  readonly namedBy?: NamedBy;
  /** The API's own names; empty: nobody said. */
  readonly audiences: readonly string[];
  readonly scopes: readonly string[];
  readonly organization?: string;
  /** The application that is set, by which its ID tokens are known. */
  readonly appId?: string;
  readonly fetch: Fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly observe?: ProviderObserver | undefined;
}

/** What an API would find in a token. */
export interface VerifiedToken {
  /** Whether everything that was asked was checked, and passed. */
  readonly valid: boolean;
  /** `null` for what is no JWT. */
  readonly header: JsonObject | null;
  readonly claims: JsonObject | null;
  readonly checks: readonly TokenCheck[];
}

const [what, clause] = ['it is a signed JWT', 'RFC 7519, 7.2'];

/** What an API sees of a text that is no JWT, without asking anybody; `null` for a JWT. */
export function unreadableToken(token: string, namedBy: NamedBy): VerifiedToken | null {
  const read = readJwt(token);
  if (!('problem' in read)) return null;
  const check = fails('format', what, clause, ...wordsOf(read, namedBy));
  return { valid: false, header: null, claims: null, checks: [check] };
}

/**
 * What an API would say of a JWT access token (RFC 9068, section 4; RFC 8725): everything that it may look at, in the order
 * in which it does. The provider is asked for its discovery document and its keys.
 *
 * @throws LogtoError `config_invalid`, `issuer_insecure`, `discovery_invalid`, `issuer_mismatch`, `jwks_invalid`, network
 * codes: then nobody can tell
 */
export async function verifyToken(token: string, expected: ApiExpectations): Promise<VerifiedToken> {
  const read = readJwt(token);
  if ('problem' in read) throw new TypeError('what is no JWT is told before');
  const { header, claims } = read;
  const { issuer, ofSession, audiences, scopes, organization, appId, now, observe } = expected;
  const { keys, difference } = await publishedKeys(expected);
  const organizationCheck = checkOrganization(claims, organization);
  const checks = [
    holds('format', what, clause),
    checkType(header, claims, appId),
    ...checkAlgorithm(header),
    checkIssuer(claims, issuer, ofSession),
    checkAudience(claims, audiences),
    checkSignature(token, header, keys, { template: issuer, issuer: String(claims['iss']) }),
    ...checkTokenTimes(claims, likelyClock(now(), difference)),
    checkScopes(claims, { scopes, audiences, organization }),
    ...(organizationCheck === null ? [] : [organizationCheck]),
  ];
  const verify = verifying(observe, 'access token');
  for (const check of checks) if (check.passed !== null) verify(check.what, check.clause, check.passed);
  // What is not verified is not valid, whatever else is right.
  const isVerified = checks.some(({ subject, passed }) => subject === 'signature' && passed === true);
  return { valid: isVerified && checks.every(({ passed }) => passed !== false), header, claims, checks };
}

/** The provider's keys, as they are now, and by how many seconds its clock is ahead; `null`: it does not tell. */
async function publishedKeys(expected: ApiExpectations) {
  const { issuer, discoveryUrl, namedBy, fetch, now, observe } = expected;
  checkProvider(expected);
  let date: string | null = null;
  const listening: Fetch = async (url, init) => {
    const response = await fetch(url, init);
    date = response.headers.get('date') ?? date;
    return response;
  };
  const about = { fetch: listening, now, observe };
  const metadata = await fetchMetadata({
    issuer,
    discoveryUrl,
    ...(namedBy && { namedBy }),
    clientId: '',
    ...about,
  });
  const { keys } = await fetchKeySet(listening, metadata.jwks_uri, about);
  const theirs = Date.parse(date ?? '');
  return { keys, difference: Number.isNaN(theirs) ? null : (theirs - now()) / 1000 };
}

function wordsOf({ problem, kind }: UnreadableJwt, namedBy: NamedBy): [message: string, hint: string] {
  switch (kind) {
    case 'opaque': {
      const why =
        namedBy === 'endpoint'
          ? ' Logto gives such a token where no resource and no organization was asked for.'
          : '';
      return [
        `The token ${problem}. It is opaque, or no token: only the provider can tell what is in it (introspection, RFC 7662).${why}`,
        'Ask for a token for your API, which most providers make a JWT: logto-cli token --resource <uri>. An API that has ' +
          'to take opaque ones asks the introspection endpoint of the provider.',
      ];
    }
    case 'encrypted':
      return [
        `The token ${problem}. Only whom it is encrypted for can read it.`,
        'Verify it where the key is, or let the provider sign access tokens for this API and not encrypt them.',
      ];
    case 'damaged':
      return [
        `The token ${problem}.`,
        'Copy it whole: a JWT is three parts with dots between them. A terminal, a form field or a header may have cut it.',
      ];
  }
}
