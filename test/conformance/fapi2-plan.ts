import { expect } from 'vitest';
import { createSigningKey, signJwt, unsignedJwt } from '../support/signed-jwt.js';
import { claiming } from './basic-plan.js';
import type { ConformancePlan } from './module.js';

const prefix = 'fapi2-security-profile-final-client-test';
const alternate = createSigningKey('alternate', 'RS256');
const now = () => Math.floor(Date.now() / 1000);

/** Those modules of the FAPI 2.0 client plan that need neither DPoP, mutual TLS nor a private key of the client. */
export const fapi2Plan: ConformancePlan = {
  name: 'fapi2-security-profile-final-client-test-plan (where it applies)',
  modules: [
    { name: `${prefix}-happy-path`, expected: 'accepted' },
    {
      name: `${prefix}-discovery-issuer-mismatch`,
      lies: { discovery: (document) => ({ ...document, issuer: 'https://other.test' }) },
      expected: { code: 'issuer_mismatch', requests: ['discovery'] },
    },
    {
      name: `${prefix}-invalid-iss`,
      lies: claiming({ iss: 'https://other.test' }),
      expected: { code: 'issuer_mismatch', requests: ['discovery', 'token'] },
    },
    {
      name: `${prefix}-invalid-aud`,
      lies: claiming({ aud: 'other' }),
      expected: { code: 'id_token_invalid', reason: 'aud', requests: ['discovery', 'token'] },
    },
    {
      name: `${prefix}-invalid-secondary-aud`,
      lies: claiming({ aud: ['app', 'other'] }),
      expected: { code: 'id_token_invalid', reason: 'aud', requests: ['discovery', 'token'] },
    },
    {
      name: `${prefix}-invalid-null-alg`,
      lies: { idToken: (_, claims) => unsignedJwt({ alg: 'none' }, claims) },
      expected: { code: 'id_token_invalid', reason: 'algorithm', requests: ['discovery', 'token'] },
    },
    {
      // Its key is published, and its signature right: the algorithm alone is not among those announced.
      name: `${prefix}-invalid-alternate-alg`,
      lies: (lying) => {
        lying.keys.push(alternate);
        return {
          discovery: (document) => ({ ...document, id_token_signing_alg_values_supported: ['ES256'] }),
          idToken: (_, claims) => signJwt({ alg: 'RS256', kid: 'alternate' }, claims, alternate),
        };
      },
      expected: { code: 'id_token_invalid', reason: 'algorithm', requests: ['discovery', 'token'] },
    },
    {
      name: `${prefix}-invalid-expired-exp`,
      lies: claiming({ iat: now() - 7200, exp: now() - 3600 }),
      expected: { code: 'id_token_invalid', reason: 'exp', requests: ['discovery', 'token'] },
    },
    {
      name: `${prefix}-invalid-missing-exp`,
      lies: claiming({ exp: undefined }),
      expected: { code: 'id_token_invalid', reason: 'exp', requests: ['discovery', 'token'] },
    },
    {
      name: `${prefix}-invalid-missing-aud`,
      lies: claiming({ aud: undefined }),
      expected: { code: 'id_token_invalid', reason: 'aud', requests: ['discovery', 'token'] },
    },
    {
      name: `${prefix}-invalid-missing-iss`,
      lies: claiming({ iss: undefined }),
      expected: { code: 'issuer_mismatch', requests: ['discovery', 'token'] },
    },
    { name: `${prefix}-valid-aud-as-array`, lies: claiming({ aud: ['app'] }), expected: 'accepted' },
    {
      name: `${prefix}-invalid-nonce`,
      lies: claiming({ nonce: 'another-nonce' }),
      expected: { code: 'id_token_invalid', reason: 'nonce', requests: ['discovery', 'token'] },
    },
    {
      name: `${prefix}-invalid-missing-nonce`,
      lies: claiming({ nonce: undefined }),
      expected: { code: 'id_token_invalid', reason: 'nonce', requests: ['discovery', 'token'] },
    },
    {
      name: `${prefix}-invalid-authorization-response-iss`,
      lies: { authorizationResponse: (parameters) => parameters.set('iss', 'https://other.test') },
      expected: { code: 'issuer_mismatch', requests: ['discovery'] },
    },
    {
      name: `${prefix}-remove-authorization-response-iss`,
      lies: { authorizationResponse: (parameters) => parameters.delete('iss') },
      expected: { code: 'issuer_mismatch', requests: ['discovery'] },
    },
    {
      name: `${prefix}-ensure-authorization-response-with-invalid-state-fails`,
      lies: { authorizationResponse: (parameters) => parameters.set('state', 'another-state') },
      expected: { code: 'state_mismatch', requests: ['discovery'] },
    },
    {
      name: `${prefix}-ensure-authorization-response-with-invalid-missing-state-fails`,
      lies: { authorizationResponse: (parameters) => parameters.delete('state') },
      expected: { code: 'state_mismatch', requests: ['discovery'] },
    },
    {
      name: `${prefix}-token-endpoint-response-without-expires_in`,
      lies: { tokenResponse: (body) => ({ ...body, expires_in: undefined }) },
      expected: 'accepted',
      also: async (attack) => {
        expect((await attack.client().getSession())?.accessTokens[0]?.expiresAt).toBeNull();
      },
    },
    {
      name: `${prefix}-token-type-case-insensitivity`,
      lies: { tokenResponse: (body) => ({ ...body, token_type: 'bEARER' }) },
      expected: 'accepted',
      also: ({ lying }) =>
        expect(lying.requestsTo('userinfo')[0]?.headers.authorization).toMatch(/^Bearer access-/),
    },
  ],
};
