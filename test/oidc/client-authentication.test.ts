import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ClientAuthentication } from '../../src/oidc/authentication-method.js';
import {
  authenticateClient,
  authenticationOf,
  type ClientIdentity,
} from '../../src/oidc/client-authentication.js';
import { type ClientKey, parseClientKey } from '../../src/oidc/client-key.js';
import { probeClient } from '../../src/oidc/probe/client-probe.js';
import { failureOf } from '../support/failure-of.js';
import { type PlainProvider, startPlainProvider } from '../support/plain-provider.js';
import { inShort, redirectUri, targetAt } from './probe/probe-fixture.js';

const issuer = 'https://issuer.test';
const metadata = { issuer, token_endpoint: `${issuer}/token` };
const someKey: ClientKey = { algorithms: ['ES256'], sign: () => Buffer.from('signature') };

function headerOf(clientId: string, clientSecret: string): string {
  const form = new URLSearchParams();
  const headers = authenticateClient(form, { clientId, clientSecret }, metadata, 0);
  expect([...form]).toEqual([]);
  return Buffer.from(headers['authorization']?.replace('Basic ', '') ?? '', 'base64').toString();
}

describe('a secret in the header', () => {
  it.each([
    ['0f3ad1ab-9c51-4d0e-8f6a-2b1c3d4e5f60', '0f3ad1ab-9c51-4d0e-8f6a-2b1c3d4e5f60'],
    ['a*b-c.d_e', 'a*b-c.d_e'],
    ['a~b', 'a%7Eb'],
    ["!'()", '%21%27%28%29'],
    ['a b', 'a+b'],
    ['a+b/c=:%&', 'a%2Bb%2Fc%3D%3A%25%26'],
    ['ünï', '%C3%BCn%C3%AF'],
    // Half a character is none, and no reason to fail.
    ['\ud83d', '%EF%BF%BD'],
  ])('%j is encoded as WHATWG does, %s: * - . _ stay', (secret, encoded) => {
    expect(headerOf('app', secret)).toBe(`app:${encoded}`);
  });

  it('comes with the ID encoded alike', () => {
    expect(headerOf('https://app.test/a-b', 'secret')).toBe('https%3A%2F%2Fapp.test%2Fa-b:secret');
  });
});

describe('the method', () => {
  const listed = (token_endpoint_auth_methods_supported?: string[]) =>
    token_endpoint_auth_methods_supported === undefined
      ? metadata
      : { ...metadata, token_endpoint_auth_methods_supported };
  const secret = { clientSecret: 'secret' };
  const key = { clientKey: someKey };
  type Row = [has: Partial<ClientIdentity>, list: string[] | undefined, method: ClientAuthentication];

  it.each<Row>([
    [{}, undefined, 'none'],
    [{}, ['client_secret_basic'], 'none'],
    [secret, undefined, 'client_secret_basic'],
    [secret, [], 'client_secret_basic'],
    [secret, ['client_secret_post', 'client_secret_basic'], 'client_secret_basic'],
    [secret, ['private_key_jwt', 'client_secret_jwt', 'client_secret_post'], 'client_secret_post'],
    [secret, ['private_key_jwt', 'client_secret_jwt'], 'client_secret_jwt'],
    [secret, ['none'], 'client_secret_basic'],
    [key, undefined, 'private_key_jwt'],
    [key, ['client_secret_basic'], 'private_key_jwt'],
    [{ ...key, ...secret }, ['client_secret_basic', 'private_key_jwt'], 'private_key_jwt'],
    [{ ...key, ...secret }, ['client_secret_basic'], 'client_secret_basic'],
    [{ ...secret, authentication: 'client_secret_jwt' }, ['client_secret_basic'], 'client_secret_jwt'],
    [{ ...key, authentication: 'none' }, ['private_key_jwt'], 'none'],
  ])('of a client with %j is, where discovery lists %j, %s', (has, list, method) => {
    expect(authenticationOf({ clientId: 'app', ...has }, listed(list))).toBe(method);
  });

  it.each<[Partial<ClientIdentity>, string[], string, string]>([
    [secret, ['private_key_jwt'], 'config_missing', '--client-key'],
    [{}, ['private_key_jwt', 'tls_client_auth'], 'config_missing', '--client-key'],
    [secret, ['tls_client_auth', 'self_signed_tls_client_auth'], 'config_invalid', '--auth-method'],
    [{ authentication: 'private_key_jwt' }, [], 'config_invalid', '--client-key'],
    [{ authentication: 'client_secret_post' }, [], 'config_missing', 'LOGTO_APP_SECRET'],
  ])('cannot be found for a client with %j where discovery lists %j: %s', async (has, list, code, hint) => {
    const failure = await failureOf(async () => authenticationOf({ clientId: 'app', ...has }, listed(list)));
    expect(failure).toMatchObject({ code, hint: expect.stringContaining(hint) });
  });
});

describe('an assertion', () => {
  const now = 1_800_000_000_500;
  const claimsOf = (client: ClientIdentity, more = {}) => {
    const form = new URLSearchParams();
    expect(authenticateClient(form, client, { ...metadata, ...more }, now)).toEqual({});
    const [header, claims] = (form.get('client_assertion') ?? '')
      .split('.', 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString() || '{}') as object);
    return { form, header, claims };
  };

  it('says who, to whom and until when (OpenID Connect Core 1.0, section 9)', () => {
    const { form, header, claims } = claimsOf({
      clientId: 'app',
      clientSecret: 'secret',
      authentication: 'client_secret_jwt',
    });
    expect(header).toEqual({ alg: 'HS256' });
    expect(claims).toEqual({
      iss: 'app',
      sub: 'app',
      aud: issuer,
      jti: expect.stringMatching(/^[\w-]{43}$/),
      iat: 1_800_000_000,
      exp: 1_800_000_060,
    });
    expect(form.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    expect(form.has('client_secret')).toBe(false);
  });

  it.each([
    [undefined, 'RS256'],
    [['PS256', 'ES256'], 'PS256'],
    [['ES256', 'RS384'], 'RS384'],
  ])('is signed, where discovery lists %j, by %s of an RSA key', (listed, alg) => {
    const clientKey = parseClientKey(pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey));
    const list = listed && { token_endpoint_auth_signing_alg_values_supported: listed };
    expect(claimsOf({ clientId: 'app', clientKey }, list).header).toEqual({ alg });
  });

  it('is refused before anything is sent where the provider takes no algorithm of the key', async () => {
    const failure = await failureOf(async () =>
      claimsOf(
        { clientId: 'app', clientKey: someKey },
        { token_endpoint_auth_signing_alg_values_supported: ['RS256'] },
      ),
    );
    expect(failure).toMatchObject({ code: 'config_invalid', message: expect.stringContaining('RS256') });
  });
});

describe('a key', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = ec.privateKey.export({ format: 'jwk' });

  it.each([
    ['PEM, PKCS #8', pem(ec.privateKey)],
    ['PEM, SEC 1', String(ec.privateKey.export({ type: 'sec1', format: 'pem' }))],
    ['PEM in one line', pem(ec.privateKey).replaceAll('\n', '\\n')],
    ['PEM with a byte order mark and CRLF', `\uFEFF${pem(ec.privateKey).replaceAll('\n', '\r\n')}`],
    ['JWK', JSON.stringify(jwk)],
    ['JWK set', JSON.stringify({ keys: [jwk] })],
  ])('is read as %s', (_, text) => {
    expect(parseClientKey(text).algorithms).toEqual(['ES256']);
  });

  it('that is a JWK brings its kid and its alg', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
    expect(parseClientKey(JSON.stringify({ ...rsa, kid: 'k1', alg: 'PS384' }))).toMatchObject({
      algorithms: ['PS384'],
      keyId: 'k1',
    });
  });

  const sealed = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
  it.each([
    ['nothing', '', 'neither PEM nor a JWK'],
    ['a text', 'canary-of-a-key', 'neither PEM nor a JWK'],
    ['a public key', String(ec.publicKey.export({ type: 'spki', format: 'pem' })), 'public key'],
    ['a public JWK', JSON.stringify(ec.publicKey.export({ format: 'jwk' })), 'no private key'],
    ['an encrypted key', String(ec.privateKey.export(sealed)), 'encrypted'],
    ['broken JSON', '{"kty":"EC","d":"canary-of-a-key"', 'no JSON'],
    ['a damaged JWK', JSON.stringify({ ...jwk, x: 'canary-of-a-key' }), 'damaged'],
    ['an alg that does not fit', JSON.stringify({ ...jwk, alg: 'RS256' }), 'alg'],
    ['two keys', JSON.stringify({ keys: [jwk, jwk] }), 'several'],
    ['a key for agreements', pem(generateKeyPairSync('x25519').privateKey), 'signs no JWT'],
  ])('that is %s is config_invalid, and not repeated', async (_, text, words) => {
    const failure = await failureOf(async () => parseClientKey(text));
    expect(failure).toMatchObject({ code: 'config_invalid', message: expect.stringContaining(words) });
    expect(JSON.stringify(failure)).not.toContain('canary');
  });
});

describe('a provider that verifies assertions', () => {
  const secret = 'a-secret-of-more-than-thirty-two-characters';
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const curves = {
    'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }),
    'P-521': generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  };
  const ed25519 = generateKeyPairSync('ed25519');

  async function provider(
    publicKey: KeyObject | null,
    algorithms: readonly string[] = [],
  ): Promise<PlainProvider> {
    const shared = {
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code' as const],
    };
    const started = await startPlainProvider({
      configuration: {
        clientAuthMethods: ['client_secret_jwt', 'private_key_jwt'],
        ...(algorithms.length > 0 && {
          enabledJWA: { clientAuthSigningAlgValues: algorithms as ['RS256'] },
        }),
        clients: [
          {
            ...shared,
            client_id: 'by-secret',
            client_secret: secret,
            token_endpoint_auth_method: 'client_secret_jwt',
          },
          ...(publicKey === null
            ? []
            : [
                {
                  ...shared,
                  client_id: 'by-key',
                  token_endpoint_auth_method: 'private_key_jwt' as const,
                  jwks: { keys: [publicKey.export({ format: 'jwk' }) as never] },
                },
              ]),
        ],
      },
    });
    onTestFinished(() => started.close());
    return started;
  }

  it.each([
    ['the secret', secret, 'accepted'],
    ['another secret', `${secret}x`, 'client_rejected'],
  ])('takes client_secret_jwt by %s or not: %s', async (_, clientSecret, short) => {
    const { issuer: at } = await provider(null);
    const target = await targetAt(at, 'by-secret', clientSecret);
    expect(inShort(await probeClient(target, redirectUri))).toBe(short);
  });

  it.each([
    ['RS256', rsa],
    ['PS256', rsa],
    ['RS512', rsa],
    ['PS512', rsa],
    ['ES256', curves['P-256']],
    ['ES384', curves['P-384']],
    ['ES512', curves['P-521']],
    ['EdDSA', ed25519],
    ['Ed25519', ed25519],
  ])('takes private_key_jwt signed with %s, and no other signature', async (algorithm, pair) => {
    const { issuer: at } = await provider(pair.publicKey, [algorithm, 'HS256']);
    const target = { ...(await targetAt(at, 'by-key')), clientKey: parseClientKey(pem(pair.privateKey)) };
    expect(inShort(await probeClient(target, redirectUri))).toBe('accepted');
    const forged = { ...target.clientKey, sign: () => Buffer.from('forged') };
    expect(inShort(await probeClient({ ...target, clientKey: forged }, redirectUri))).toBe('client_rejected');
  });
});

function pem(key: KeyObject): string {
  return String(key.export({ type: 'pkcs8', format: 'pem' }));
}
