import { expect } from 'vitest';
import { type Attack, clientSecret, signIn, userInfo } from '../support/attacked-client.js';
import type { Lies } from '../support/lies.js';
import { createSigningKey, type Json, signJwt, unsignedJwt } from '../support/signed-jwt.js';
import type { ConformancePlan } from './module.js';

const rs256 = createSigningKey('rsa', 'RS256');
const anotherRs256 = createSigningKey('another', 'RS256');

/** An ID token with other claims: `undefined` leaves one out. */
export function claiming(change: Json): Lies {
  return { idToken: (_, claims) => ({ claims: { ...claims, ...change } }) };
}

/** The basic plan for relying parties, `response_type=code`. */
export const basicPlan: ConformancePlan = {
  name: 'oidcc-client-basic-certification-test-plan',
  modules: [
    {
      name: 'oidcc-client-test',
      expected: 'accepted',
      also: ({ lying }) => {
        const [authorization] = lying.requestsTo('authorize');
        expect(Object.fromEntries(authorization?.url.searchParams ?? [])).toMatchObject({
          response_type: 'code',
          code_challenge_method: 'S256',
          nonce: expect.stringMatching(/^[\w-]{43}$/),
          state: expect.stringMatching(/^[\w-]{43}$/),
        });
        expect(lying.requestsTo('userinfo')[0]?.headers.authorization).toMatch(/^Bearer access-/);
      },
    },
    {
      name: 'oidcc-client-test-invalid-iss',
      lies: claiming({ iss: 'https://other.test' }),
      expected: { code: 'issuer_mismatch', requests: ['discovery', 'token'] },
    },
    {
      name: 'oidcc-client-test-missing-sub',
      lies: claiming({ sub: undefined }),
      expected: { code: 'id_token_invalid', reason: 'sub', requests: ['discovery', 'token'] },
    },
    {
      name: 'oidcc-client-test-invalid-aud',
      lies: claiming({ aud: 'other' }),
      expected: { code: 'id_token_invalid', reason: 'aud', requests: ['discovery', 'token'] },
    },
    {
      name: 'oidcc-client-test-missing-iat',
      lies: claiming({ iat: undefined }),
      expected: { code: 'id_token_invalid', reason: 'iat', requests: ['discovery', 'token'] },
    },
    {
      name: 'oidcc-client-test-kid-absent-single-jwks',
      options: { keys: [rs256] },
      lies: { jwks: withoutKid, idToken: () => ({ header: { kid: undefined } }) },
      expected: 'accepted',
    },
    {
      // A client may try each key, or refuse; this one does not guess.
      name: 'oidcc-client-test-kid-absent-multiple-jwks',
      options: { keys: [rs256, anotherRs256] },
      lies: { jwks: withoutKid, idToken: () => ({ header: { kid: undefined } }) },
      expected: { code: 'id_token_invalid', reason: 'key', requests: ['discovery', 'token', 'jwks'] },
    },
    {
      name: 'oidcc-client-test-idtoken-sig-rs256',
      options: { keys: [rs256] },
      expected: 'accepted',
    },
    {
      // A client may accept it over TLS; this one never does.
      name: 'oidcc-client-test-idtoken-sig-none',
      lies: {
        discovery: (document) => ({ ...document, id_token_signing_alg_values_supported: ['none', 'ES256'] }),
        idToken: (_, claims) => unsignedJwt({ alg: 'none' }, claims),
      },
      expected: { code: 'id_token_invalid', reason: 'algorithm', requests: ['discovery', 'token'] },
    },
    {
      name: 'oidcc-client-test-invalid-sig-rs256',
      options: { keys: [rs256] },
      lies: { idToken: (_, claims) => signJwt({ alg: 'RS256', kid: 'rsa' }, claims, anotherRs256) },
      expected: { code: 'id_token_invalid', reason: 'signature', requests: ['discovery', 'token', 'jwks'] },
    },
    {
      name: 'oidcc-client-test-userinfo-invalid-sub',
      lies: { userInfo: (claims) => ({ ...claims, sub: 'bob' }) },
      deeds: [signIn, userInfo],
      expected: { code: 'userinfo_invalid', requests: ['discovery', 'userinfo'] },
    },
    {
      name: 'oidcc-client-test-nonce-invalid',
      lies: claiming({ nonce: 'another-nonce' }),
      expected: { code: 'id_token_invalid', reason: 'nonce', requests: ['discovery', 'token'] },
    },
    {
      name: 'oidcc-client-test-scope-userinfo-claims',
      lies: { userInfo: (claims) => ({ ...claims, email: 'alice@example.test', email_verified: true }) },
      deeds: [signInFor(['email']), userInfo],
      expected: 'accepted',
      also: ({ lying }, claims) => {
        const [request] = lying.requestsTo('authorize');
        expect(request?.url.searchParams.get('scope')?.split(' ')).toEqual(
          expect.arrayContaining(['openid', 'profile', 'email']),
        );
        expect(claims).toEqual({
          sub: 'alice',
          name: 'Alice',
          email: 'alice@example.test',
          email_verified: true,
        });
      },
    },
    {
      name: 'oidcc-client-test-client-secret-basic',
      options: { hasSecret: true },
      expected: 'accepted',
      also: ({ lying }) => {
        const [request] = lying.requestsTo('token');
        const [, credentials = ''] = /^Basic (.+)$/.exec(request?.headers.authorization ?? '') ?? [];
        // Both parts are form-encoded first (RFC 6749, section 2.3.1).
        const parts = Buffer.from(credentials, 'base64').toString().split(':').map(decodeURIComponent);
        expect(parts).toEqual([lying.clientId, clientSecret]);
        expect(request?.form.has('client_secret')).toBe(false);
      },
    },
  ],
};

function withoutKid({ keys }: Json): Json {
  return { keys: (keys as Json[]).map(({ kid: _, ...key }) => key) };
}

function signInFor(scopes: readonly string[]) {
  return (attack: Attack) => signIn(attack, { scopes });
}
