import { LogtoError } from '../errors.js';
import { invalidAnswer, type JsonObject, type Subject } from './http-answer.js';
import { isLoopbackHost } from './issuer-url.js';
import type { ProviderMetadata } from './provider.js';
import { verifying } from './provider-event.js';

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
 * Checks a discovery document (OpenID Connect Discovery 1.0, section 4.3): its issuer is the expected one to the letter,
 * every endpoint is https (or http on a loopback host when the issuer is), and what we use has the right type.
 *
 * @throws LogtoError `issuer_mismatch`, `discovery_invalid`
 */
export function checkDiscoveryDocument(
  document: JsonObject,
  issuer: string,
  subject: Subject,
): ProviderMetadata {
  const verify = verifying(subject.observe, 'discovery document');
  const isExpected = verify(
    'issuer is the expected one, to the letter',
    `${discovery} 4.3`,
    document['issuer'] === issuer,
  );
  if (typeof document['issuer'] !== 'string') throw invalidAnswer(subject, 'names no issuer');
  if (!isExpected) throw issuerMismatch(issuer, document['issuer']);
  const missing = requiredEndpoints.find((name) => typeof document[name] !== 'string');
  if (!verify('the required endpoints are there', `${discovery} 3`, missing === undefined)) {
    throw invalidAnswer(subject, `has no ${missing}`);
  }
  // Absent and null mean the same to more than one provider.
  const entries = Object.entries(document).filter(([, value]) => value !== null);
  const allowHttp = new URL(issuer).protocol === 'http:';
  const unsafe = entries.find(
    ([name, value]) => (name.endsWith('_endpoint') || name === 'jwks_uri') && !isEndpoint(value, allowHttp),
  );
  if (!verify('every endpoint is https, or http on this machine', `${discovery} 3`, unsafe === undefined)) {
    throw invalidAnswer(subject, `has an unusable ${unsafe?.[0]}: ${quote(unsafe?.[1])} is no https address`);
  }
  const mistyped = entries.find(
    ([name, value]) =>
      (lists.includes(name) && !isList(value)) || (flags.includes(name) && typeof value !== 'boolean'),
  );
  if (!verify('lists are lists, and flags are true or false', `${discovery} 3`, mistyped === undefined)) {
    throw invalidAnswer(subject, `has an unusable ${mistyped?.[0]}`);
  }
  return Object.fromEntries(entries) as unknown as ProviderMetadata;
}

function isEndpoint(value: unknown, allowHttp: boolean): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname, hash, username, password } = new URL(value);
  if (hash || username || password) return false;
  return protocol === 'https:' || (allowHttp && protocol === 'http:' && isLoopbackHost(hostname));
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function issuerMismatch(expected: string, found: string): LogtoError {
  const isSlashOnly = found.replace(/\/$/, '') === expected.replace(/\/$/, '');
  const isPlausible = URL.canParse(found) && /^https?:$/.test(new URL(found).protocol);
  const isLogtoLike = expected.endsWith('/oidc') && found.endsWith('/oidc');
  const setting = isLogtoLike ? `--endpoint ${found.slice(0, -'/oidc'.length)}` : `--issuer ${found}`;
  return new LogtoError(
    'issuer_mismatch',
    isSlashOnly
      ? `The provider's issuer is ${quote(found)}, and ours ${quote(expected)}: they differ by a slash at the end.`
      : `The provider says that its issuer is ${quote(found)}, where ${quote(expected)} was expected.`,
    isPlausible && found.length <= 200
      ? `If that is the provider you mean, use ${setting}`
      : 'Check --endpoint or --issuer; if they are right, the provider has to correct its issuer.',
    { expected, found: found.slice(0, 200) },
  );
}

function quote(value: unknown): string {
  return (JSON.stringify(value) ?? '').slice(0, 200);
}
