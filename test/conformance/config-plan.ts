import { expect } from 'vitest';
import { signIn } from '../support/attacked-client.js';
import { createSigningKey } from '../support/signed-jwt.js';
import { basicPlan } from './basic-plan.js';
import type { ConformancePlan } from './module.js';

const rotated = createSigningKey('rotated');

/** The configuration plan for relying parties: what the provider publishes, and when it changes. */
export const configPlan: ConformancePlan = {
  name: 'oidcc-client-config-certification-test-plan',
  modules: [
    {
      name: 'oidcc-client-test-discovery-openid-config',
      deeds: [(attack) => attack.client().signIn({ redirectUri: 'http://localhost:3000/callback' })],
      expected: 'accepted',
      also: ({ lying }, url) => {
        expect(lying.requests.map(({ step }) => step)).toEqual(['discovery']);
        expect(url).toContain(`${lying.origin}/authorize?`);
      },
    },
    {
      name: 'oidcc-client-test-discovery-jwks-uri-keys',
      deeds: [signIn],
      expected: 'accepted',
      also: ({ lying }) => expect(lying.requestsTo('jwks')).toHaveLength(1),
    },
    {
      name: 'oidcc-client-test-discovery-issuer-mismatch',
      lies: { discovery: (document) => ({ ...document, issuer: `${document['issuer']}/INVALID` }) },
      // The second asks whether the issuer that was found is one by its own word, which the hint then says.
      expected: { code: 'issuer_mismatch', requests: ['discovery', 'discovery'] },
    },
    ...basicPlan.modules.filter(({ name }) => name === 'oidcc-client-test-idtoken-sig-none'),
    {
      name: 'oidcc-client-test-signing-key-rotation-just-before-signing',
      deeds: [
        async (attack) => {
          const client = await signIn(attack);
          const url = await client.signIn({ redirectUri: 'http://localhost:3000/callback' });
          const callback = await attack.lying.authorize(url);
          attack.lying.keys = [rotated];
          await client.handleSignInCallback(callback);
        },
      ],
      expected: 'accepted',
      // The keys at hand are tried once; new ones are fetched once.
      also: ({ lying }) => expect(lying.requestsTo('jwks')).toHaveLength(2),
    },
    {
      name: 'oidcc-client-test-signing-key-rotation',
      deeds: [
        async (attack) => {
          const client = await signIn(attack);
          attack.lying.keys = [rotated];
          const url = await client.signIn({ redirectUri: 'http://localhost:3000/callback' });
          await client.handleSignInCallback(await attack.lying.authorize(url));
        },
      ],
      expected: 'accepted',
      also: ({ lying }) => expect(lying.requestsTo('jwks')).toHaveLength(2),
    },
  ],
};
