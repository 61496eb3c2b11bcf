import { randomBytes } from 'node:crypto';
import { LogtoError } from '../errors.js';
import type { ClientAuthentication } from './authentication-method.js';
import { type ClientKey, keyOfSecret } from './client-key.js';
import { hasBraces } from './issuer-template.js';
import { randomValue } from './pkce.js';
import type { ProviderMetadata } from './provider-metadata.js';

/** A client, and what it has to prove who it is (OpenID Connect Core 1.0, section 9). */
export interface ClientIdentity {
  readonly clientId: string;
  /** Absent or empty: none. */
  readonly clientSecret?: string | undefined;
  readonly clientKey?: ClientKey | undefined;
  /** How it does that. Absent: as discovery wants it. */
  readonly authentication?: ClientAuthentication | undefined;
}

/** The part of discovery that decides. */
export type AuthenticationMetadata = Pick<
  ProviderMetadata,
  | 'issuer'
  | 'token_endpoint'
  | 'token_endpoint_auth_methods_supported'
  | 'token_endpoint_auth_signing_alg_values_supported'
>;

/** The methods that need a secret, in the order in which they are chosen. */
const secretMethods = ['client_secret_basic', 'client_secret_post', 'client_secret_jwt'] as const;

/** Seconds that an assertion lives. */
const assertionLifetime = 60;

/**
 * How a client authenticates: as it was chosen, else as discovery lists it, basic first; basic where there is no list,
 * and none without a secret and a key.
 *
 * @throws LogtoError `config_invalid`, `config_missing` where it has not what the method needs, or the provider takes
 * nothing that it has
 */
export function authenticationOf(
  client: ClientIdentity,
  metadata: AuthenticationMetadata,
): ClientAuthentication {
  const { clientSecret, clientKey, authentication } = client;
  if (authentication !== undefined) return checkChosen(client, authentication);
  const listed = metadata.token_endpoint_auth_methods_supported ?? [];
  const lists = (method: string) => listed.includes(method);
  if (clientKey !== undefined && (!clientSecret || listed.length === 0 || lists('private_key_jwt'))) {
    return 'private_key_jwt';
  }
  const others = listed.filter((method) => method !== 'none' && !secretMethods.some((own) => own === method));
  if (listed.length > 0 && others.length === listed.length) throw nothingFits(metadata.issuer, listed);
  if (!clientSecret) return 'none';
  return secretMethods.find(lists) ?? 'client_secret_basic';
}

/**
 * Lets a client say who it is in a request: by what is added to the form (a client ID that stands there already stays), or
 * by a header.
 *
 * @param now milliseconds since 1970
 * @returns the headers to send
 * @throws LogtoError as {@link authenticationOf}
 */
export function authenticateClient(
  form: URLSearchParams,
  client: ClientIdentity,
  metadata: AuthenticationMetadata,
  now: number,
): Record<string, string> {
  const { clientId, clientSecret = '', clientKey } = client;
  const authentication = authenticationOf(client, metadata);
  switch (authentication) {
    case 'client_secret_basic':
      return { authorization: `Basic ${basicCredentials(formEncode(clientId), formEncode(clientSecret))}` };
    case 'client_secret_basic_raw':
      return { authorization: `Basic ${basicCredentials(clientId, clientSecret)}` };
    case 'client_secret_jwt':
    case 'private_key_jwt': {
      const key = authentication === 'private_key_jwt' ? clientKey : keyOfSecret(clientSecret);
      if (key === undefined) throw needsKey();
      form.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
      form.set('client_assertion', assertionOf(clientId, key, metadata, now));
      break;
    }
    case 'client_secret_post':
      form.set('client_secret', clientSecret);
      break;
    case 'none':
      break;
  }
  if (!form.has('client_id')) form.set('client_id', clientId);
  return {};
}

/** Whether the form of the header that the standard wants differs from what stands there without it. */
export function isEncodingVisible({ clientId, clientSecret = '' }: ClientIdentity): boolean {
  return formEncode(clientId) !== clientId || formEncode(clientSecret) !== clientSecret;
}

/** The other ways to send the same secret, for a provider that may not decode the header: each is standard somewhere. */
export function furtherWays(
  client: ClientIdentity,
  metadata: AuthenticationMetadata,
): readonly ClientAuthentication[] {
  const { authentication } = client;
  if (authenticationOf(client, metadata) !== 'client_secret_basic' || !isEncodingVisible(client)) return [];
  const { token_endpoint_auth_methods_supported: listed } = metadata;
  const mayPost = authentication === undefined && (listed?.includes('client_secret_post') ?? true);
  return [...(mayPost ? (['client_secret_post'] as const) : []), 'client_secret_basic_raw'];
}

/** The same client with a proof that is made up, where it has one; else a client that is made up. */
export function madeUpClient(client: ClientIdentity, metadata: AuthenticationMetadata): ClientIdentity {
  const { clientId, clientKey } = client;
  const authentication = authenticationOf(client, metadata);
  if (authentication === 'none') return { clientId: randomValue(), authentication };
  if (authentication !== 'private_key_jwt' || clientKey === undefined) {
    return { clientId, clientSecret: randomValue(), authentication };
  }
  const forger: ClientKey = {
    ...clientKey,
    sign: (algorithm, data) => randomBytes(clientKey.sign(algorithm, data).length),
  };
  return { clientId, clientKey: forger, authentication };
}

/** What follows the scheme in a request's `Authorization` header, and the assertion in its form: no message repeats them. */
export function credentialsIn(
  headers: Readonly<Record<string, string>>,
  form: URLSearchParams | null,
): string[] {
  return [headers['authorization']?.replace(/^\S+ /, ''), form?.get('client_assertion')].filter(
    (text): text is string => typeof text === 'string' && text !== '',
  );
}

/** The client's secret, and what stands in the header for it. */
export function secretsOf({ clientId, clientSecret = '' }: ClientIdentity): string[] {
  if (clientSecret === '') return [];
  return [
    clientSecret,
    basicCredentials(formEncode(clientId), formEncode(clientSecret)),
    basicCredentials(clientId, clientSecret),
  ];
}

/** RFC 6749, appendix B: `application/x-www-form-urlencoded` as WHATWG's URL standard serialises it. */
function formEncode(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

/** What stands behind `Basic` (RFC 7617, section 2). */
function basicCredentials(name: string, password: string): string {
  return Buffer.from(`${name}:${password}`).toString('base64');
}

/**
 * RFC 7523, sections 2.2 and 3, with the issuer as the audience: the one name that every endpoint of it shares. A template
 * names nobody; there it is the token endpoint, which section 3 allows.
 */
function assertionOf(
  clientId: string,
  key: ClientKey,
  metadata: AuthenticationMetadata,
  now: number,
): string {
  const issuedAt = Math.floor(now / 1000);
  const algorithm = algorithmFor(key, metadata);
  const header = { alg: algorithm, ...(key.keyId !== undefined && { kid: key.keyId }) };
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: hasBraces(metadata.issuer) ? metadata.token_endpoint : metadata.issuer,
    jti: randomValue(),
    iat: issuedAt,
    exp: issuedAt + assertionLifetime,
  };
  const input = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${input}.${key.sign(algorithm, input).toString('base64url')}`;
}

function algorithmFor({ algorithms }: ClientKey, metadata: AuthenticationMetadata): string {
  const { token_endpoint_auth_signing_alg_values_supported: listed } = metadata;
  const found = algorithms.find((algorithm) => !Array.isArray(listed) || listed.includes(algorithm));
  if (found !== undefined) return found;
  throw new LogtoError(
    'config_invalid',
    `The application's key can sign with ${algorithms.join(', ')}, and ${metadata.issuer} takes ${listed?.join(', ') || 'nothing'} only.`,
    'Register a key of such a kind at the provider, and give that with --client-key (LOGTO_CLI_CLIENT_KEY).',
  );
}

function checkChosen(
  { clientSecret, clientKey }: ClientIdentity,
  authentication: ClientAuthentication,
): ClientAuthentication {
  if (authentication === 'private_key_jwt' && clientKey === undefined) throw needsKey();
  if (authentication.startsWith('client_secret_') && !clientSecret) {
    throw new LogtoError(
      'config_missing',
      `${authentication.replace('_raw', '')} (--auth-method, LOGTO_CLI_AUTH_METHOD) needs the application's secret, and none is set.`,
      'Set LOGTO_APP_SECRET (or use --app-secret-stdin), or leave the method out.',
    );
  }
  return authentication;
}

function needsKey(): LogtoError {
  return new LogtoError(
    'config_invalid',
    "private_key_jwt (--auth-method, LOGTO_CLI_AUTH_METHOD) needs the application's private key, and none is set.",
    'Give the file that it is in with --client-key <pem or jwk> (LOGTO_CLI_CLIENT_KEY).',
  );
}

function nothingFits(issuer: string, listed: readonly string[]): LogtoError {
  const isForKeys = listed.includes('private_key_jwt');
  const names = listed.map((method) => method.slice(0, 60)).slice(0, 8);
  return new LogtoError(
    isForKeys ? 'config_missing' : 'config_invalid',
    isForKeys
      ? `${issuer} takes applications that sign with a private key (it lists ${names.join(', ')}), and none is set.`
      : `${issuer} lists only ${names.join(', ')} as the way an application authenticates, which this program cannot do.`,
    isForKeys
      ? 'Give the key with --client-key <pem or jwk> (LOGTO_CLI_CLIENT_KEY); for a public application that is taken without: --auth-method none'
      : 'Allow the application client_secret_basic, client_secret_post or private_key_jwt at the provider, and choose it with --auth-method; for a public application: --auth-method none',
  );
}
