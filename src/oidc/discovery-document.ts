import { LogtoError } from '../errors.js';
import { invalidAnswer, type JsonObject, type Subject } from './http-answer.js';
import { isLoopbackHost } from './issuer-url.js';
import type { ProviderMetadata } from './provider.js';

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
  if (typeof document['issuer'] !== 'string') throw invalidAnswer(subject, 'names no issuer');
  if (document['issuer'] !== issuer) throw issuerMismatch(issuer, document['issuer']);
  for (const name of requiredEndpoints) {
    if (typeof document[name] !== 'string') throw invalidAnswer(subject, `has no ${name}`);
  }
  // Absent and null mean the same to more than one provider.
  const entries = Object.entries(document).filter(([, value]) => value !== null);
  const allowHttp = new URL(issuer).protocol === 'http:';
  for (const [name, value] of entries) {
    if ((name.endsWith('_endpoint') || name === 'jwks_uri') && !isEndpoint(value, allowHttp)) {
      throw invalidAnswer(subject, `has an unusable ${name}: ${quote(value)} is no https address`);
    }
    if ((lists.includes(name) && !isList(value)) || (flags.includes(name) && typeof value !== 'boolean')) {
      throw invalidAnswer(subject, `has an unusable ${name}`);
    }
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
