import { expect } from 'vitest';
import { refresh, userInfo } from '../support/attacked-client.js';
import { claiming } from './basic-plan.js';
import type { ConformancePlan } from './module.js';

/** The plan for refresh tokens: what a new ID token has to keep (OpenID Connect Core 1.0, section 12.2). */
export const refreshPlan: ConformancePlan = {
  name: 'oidcc-client-refreshtoken-test-plan',
  modules: [
    {
      name: 'oidcc-client-test-refresh-token',
      deeds: [refresh, userInfo],
      expected: 'accepted',
      also: ({ lying }) => {
        const bearer = lying.requestsTo('userinfo')[0]?.headers.authorization;
        expect(bearer).toBe(`Bearer ${lying.issued.findLast((token) => token.startsWith('access-'))}`);
      },
    },
    {
      name: 'oidcc-client-test-refresh-token-invalid-issuer',
      lies: claiming({ iss: 'https://other.test' }),
      deeds: [refresh],
      expected: { code: 'issuer_mismatch', requests: ['discovery', 'jwks', 'token'] },
    },
    {
      name: 'oidcc-client-test-refresh-token-invalid-sub',
      lies: claiming({ sub: 'bob' }),
      deeds: [refresh],
      expected: { code: 'id_token_invalid', reason: 'sub', requests: ['discovery', 'jwks', 'token'] },
    },
    {
      name: 'oidcc-client-test-refresh-token-invalid-aud',
      lies: claiming({ aud: ['app', 'other'], azp: 'app' }),
      deeds: [refresh],
      expected: { code: 'id_token_invalid', reason: 'aud', requests: ['discovery', 'jwks', 'token'] },
    },
  ],
};
