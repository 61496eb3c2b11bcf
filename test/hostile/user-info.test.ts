import { describe, expect, it } from 'vitest';
import { clientSecret, signIn, startAttack, userInfo } from '../support/attacked-client.js';
import type { Answer } from '../support/lies.js';
import type { LyingProvider } from '../support/lying-provider.js';
import { createSigningKey, hmacJwt, type Json, signJwt, unsignedJwt } from '../support/signed-jwt.js';
import { type HostileCase, itIsRefused } from './refusals.js';

const stranger = createSigningKey('first');
const deep = `${'['.repeat(1e4)}${']'.repeat(1e4)}`;

/** A UserInfo response as a JWT. */
const asJwt = (body: string): Answer => ({ headers: { 'Content-Type': 'application/jwt' }, body });

describe('UserInfo is refused', () => {
  const jwts: readonly [what: string, jwt: (lying: LyingProvider) => string][] = [
    ['without a signature', (lying) => unsignedJwt({ alg: 'none' }, lying.claims())],
    ['by a stranger', (lying) => signJwt({ alg: 'ES256', kid: 'first' }, lying.claims(), stranger)],
    ['by the client secret', (lying) => hmacJwt({ alg: 'HS256' }, lying.claims(), clientSecret)],
    [
      'by the key it brings along',
      (lying) =>
        signJwt({ alg: 'ES256', jwk: stranger.jwk, jku: `${lying.origin}/evil` }, lying.claims(), stranger),
    ],
    ['about somebody else', (lying) => lying.sign({}, lying.claims({ sub: 'bob' }))],
    ['of another issuer', (lying) => lying.sign({}, lying.claims({ iss: 'https://other.test' }))],
    ['for another application', (lying) => lying.sign({}, lying.claims({ aud: 'other' }))],
    ['that has expired', (lying) => lying.sign({}, lying.claims({ exp: 1 }))],
    ['in five parts (encrypted)', (lying) => `${lying.sign({}, lying.claims())}.AAAA.AAAA`],
    ['that is the ID token in JSON', (lying) => JSON.stringify(lying.claims())],
    [
      'nested ten thousand levels deep',
      (lying) =>
        signJwt(
          { alg: 'ES256', kid: 'first' },
          `{"deep":${deep},${JSON.stringify(lying.claims()).slice(1)}`,
          lying.keys[0] ?? stranger,
        ),
    ],
  ];
  const bodies: readonly [what: string, body: string][] = [
    ['with another subject the second time', '{"sub":"alice","sub":"bob"}'],
    ['about an empty subject', '{"sub":""}'],
    ['about a list of subjects', '{"sub":["alice"]}'],
    ['about a subject with a space', '{"sub":"alice "}'],
    ['about a subject in capitals', '{"sub":"ALICE"}'],
    ['of a list', '[{"sub":"alice"}]'],
    ['of nothing', ''],
    ['nested ten thousand levels deep', `{"sub":"alice","deep":${deep}}`],
  ];
  itIsRefused([
    ...jwts.map(
      ([what, jwt]): HostileCase => ({
        what: `as a JWT ${what}`,
        lies: (lying) => ({ answers: { userinfo: () => asJwt(jwt(lying)) } }),
        options: { hasSecret: true },
        deed: userInfo,
        refused: { code: 'userinfo_invalid' },
      }),
    ),
    ...bodies.map(
      ([what, body]): HostileCase => ({
        what,
        lies: { answers: { userinfo: { body } } },
        deed: userInfo,
        refused: { code: 'userinfo_invalid', requests: ['discovery', 'userinfo'] },
      }),
    ),
  ]);
});

describe('UserInfo is taken', () => {
  it.each(['text/html', 'application/octet-stream', ''])('as JSON of the content type %j', async (type) => {
    const attack = await startAttack({ headers: { userinfo: { 'Content-Type': type } } });
    expect(await userInfo(attack)).toEqual({ sub: 'alice', name: 'Alice' });
  });

  it('with claims of any type, as they are', async () => {
    const claims: Json = {
      sub: 'alice',
      name: ['\u001b[31m'],
      email: 1,
      big: 'x'.repeat(500_000),
      none: null,
    };
    const attack = await startAttack({ userInfo: () => claims });
    expect(await (await signIn(attack)).fetchUserInfo()).toEqual(claims);
  });
});
