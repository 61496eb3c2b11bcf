import { expect } from 'vitest';
import { createSigningKey, hmacJwt, signJwt } from '../support/signed-jwt.js';
import { claiming } from './basic-plan.js';
import type { ConformancePlan } from './module.js';

const stranger = createSigningKey('first');

/** What the comprehensive plan asks of `response_type=code` beyond the certified ones. */
export const comprehensivePlan: ConformancePlan = {
  name: 'oidcc-client-test-plan (what the others leave out)',
  modules: [
    {
      name: 'oidcc-client-test-missing-aud',
      lies: claiming({ aud: undefined }),
      expected: { code: 'id_token_invalid', reason: 'aud', requests: ['discovery', 'token'] },
    },
    {
      name: 'oidcc-client-test-invalid-sig-es256',
      lies: { idToken: (_, claims) => signJwt({ alg: 'ES256', kid: 'first' }, claims, stranger) },
      expected: { code: 'id_token_invalid', reason: 'signature', requests: ['discovery', 'token', 'jwks'] },
    },
    {
      name: 'oidcc-client-test-invalid-sig-hs256',
      options: { hasSecret: true },
      lies: {
        discovery: (document) => ({ ...document, id_token_signing_alg_values_supported: ['HS256', 'ES256'] }),
        idToken: (_, claims) => hmacJwt({ alg: 'HS256' }, claims, 'another-secret'),
      },
      expected: { code: 'id_token_invalid', reason: 'algorithm', requests: ['discovery', 'token'] },
    },
    {
      name: 'oidcc-client-test-userinfo-bearer-header',
      expected: 'accepted',
      also: ({ lying }) => {
        const [request] = lying.requestsTo('userinfo');
        expect(request?.headers.authorization).toMatch(/^Bearer access-/);
        expect([...(request?.url.searchParams ?? []), ...(request?.form ?? [])]).toEqual([]);
      },
    },
    {
      name: 'oidcc-client-test-userinfo-signed',
      lies: (lying) => ({ userInfo: (claims) => lying.sign({}, lying.claims(claims)) }),
      expected: 'accepted',
      also: (_, claims) => expect(claims).toMatchObject({ sub: 'alice', name: 'Alice' }),
    },
  ],
};
