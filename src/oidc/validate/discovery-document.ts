import { documentHint, proxyHint } from '../discovery-hints.js';
import { invalidAnswer, type JsonObject, type Subject } from '../http-answer.js';
import { issuerMismatch } from '../issuer-mismatch.js';
import { isLoopbackHost, type ProviderPlace } from '../issuer-url.js';
import { verifying } from '../provider-event.js';
import type { ProviderMetadata } from '../provider-metadata.js';
import { quoted } from './value-kind.js';

const discovery = 'OpenID Connect Discovery 1.0,';

const requiredEndpoints = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'];

const lists = [
  'scopes_supported',
  'prompt_values_supported',
  'id_token_signing_alg_values_supported',
  'userinfo_signing_alg_values_supported',
  'token_endpoint_auth_methods_supported',
];

const flags = ['authorization_response_iss_parameter_supported', 'require_pushed_authorization_requests'];

/**
 * Checks a discovery document (OpenID Connect Discovery 1.0, section 4.3): its issuer is the expected one to the letter
 * (a template, where one is expected), every endpoint is https (or http on a loopback host when the issuer is), and what we use has the right type.
 *
 * @throws LogtoError `issuer_mismatch`, `discovery_invalid`
 */
export function checkDiscoveryDocument(
  document: JsonObject,
  place: ProviderPlace,
  subject: Subject,
): ProviderMetadata {
  const { issuer } = place;
  const verify = verifying(subject.observe, 'discovery document');
  const isExpected = verify(
    'issuer is the expected one, to the letter',
    `${discovery} 4.3`,
    document['issuer'] === issuer,
  );
  const wrong = (field: string, what: string, hint = documentHint(field)) =>
    invalidAnswer({ ...subject, hint }, what);
  const known = ['issuer', ...requiredEndpoints, 'userinfo_endpoint'].some((name) => name in document);
  if (typeof document['issuer'] !== 'string') {
    // JSON of somebody else: it is the address that is wrong.
    throw wrong('issuer', `names no issuer`, known ? documentHint('issuer') : subject.hint);
  }
  if (!isExpected) throw issuerMismatch(place, document['issuer'], subject.namedBy);
  const missing = requiredEndpoints.find((name) => typeof document[name] !== 'string');
  if (!verify('the required endpoints are there', `${discovery} 3`, missing === undefined)) {
    const value = document[missing ?? ''] ?? undefined;
    throw wrong(
      missing ?? '',
      value === undefined
        ? `has no ${missing}`
        : `has an unusable ${missing}: ${quoted(value, 200)} is no text`,
      value === undefined && missing !== 'token_endpoint'
        ? `${documentHint(`the missing ${missing}`)} One that lacks it on purpose speaks OAuth 2.0 alone, and signs nobody in.`
        : undefined,
    );
  }
  // Absent and null mean the same to more than one provider.
  const entries = Object.entries(document).filter(([, value]) => value !== null);
  const allowHttp = new URL(issuer).protocol === 'http:';
  const unsafe = entries.find(
    ([name, value]) => (name.endsWith('_endpoint') || name === 'jwks_uri') && !isEndpoint(value, allowHttp),
  );
  if (!verify('every endpoint is https, or http on this machine', `${discovery} 3`, unsafe === undefined)) {
    const [name = '', value] = unsafe ?? [];
    throw value === ''
      ? wrong(name, `has an empty ${name}`)
      : wrong(
          name,
          `has an unusable ${name}: ${quoted(value, 200)} is no https address`,
          isOwnInPlain(value, issuer) ? proxyHint(subject.namedBy) : undefined,
        );
  }
  const mistyped = entries.find(
    ([name, value]) =>
      (lists.includes(name) && !isList(value)) || (flags.includes(name) && typeof value !== 'boolean'),
  );
  if (!verify('lists are lists, and flags are true or false', `${discovery} 3`, mistyped === undefined)) {
    const [name = '', value] = mistyped ?? [];
    throw wrong(
      name,
      `has an unusable ${name}: ${quoted(value, 200)} is no ${lists.includes(name) ? 'list of texts' : 'true or false'}`,
    );
  }
  return Object.fromEntries(entries) as unknown as ProviderMetadata;
}

function isEndpoint(value: unknown, allowHttp: boolean): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname, hash, username, password } = new URL(value);
  if (hash || username || password) return false;
  return protocol === 'https:' || (allowHttp && protocol === 'http:' && isLoopbackHost(hostname));
}

/** The provider's own address, but for the scheme. */
function isOwnInPlain(value: unknown, issuer: string): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const [{ protocol, hostname }, own] = [new URL(value), new URL(issuer)];
  return protocol === 'http:' && own.protocol === 'https:' && hostname === own.hostname;
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
