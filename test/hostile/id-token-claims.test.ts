import { describe, expect, it } from 'vitest';
import { refresh, signIn, startAttack, userInfo } from '../support/attacked-client.js';
import type { Lies } from '../support/lies.js';
import type { Refused } from '../support/refusal.js';
import { createSigningKey, type Json, signJwt } from '../support/signed-jwt.js';
import { type HostileCase, itIsRefused } from './refusals.js';

const ecKey = createSigningKey('ec');
const now = () => Math.floor(Date.now() / 1000);

/** Refused before the keys are even asked for. */
const early = (reason: string): Refused => ({
  code: 'id_token_invalid',
  reason,
  requests: ['discovery', 'token'],
});

describe('a claim is refused', () => {
  const moments = [1e300, Number.MAX_VALUE, -1, -1e300, '1', true, [], {}, null];
  const cases: readonly [claim: string, values: readonly unknown[]][] = [
    ['iat', [...moments, now() + 3600, String(now() + 3600)]],
    ['exp', [...moments, 0, 1.5, now() - 3600, String(now() + 3600), 8.64e12 + 1]],
    ['nbf', [1e300, -1, '1', true, [], {}, null, now() + 3600]],
    ['auth_time', [1e300, -1, '1', true, [], {}, null, now() + 3600]],
    ['sub', ['', ' '.repeat(256), 'x'.repeat(300_000), 1, true, null, ['alice'], { a: 1 }]],
    ['aud', ['', 'App', 'app ', 1, true, null, [], ['other'], [['app']], { app: 1 }, ['app', 'app', 'x']]],
    ['azp', ['', 'other', 1, null, ['app'], { a: 1 }]],
    ['nonce', ['', 'other', 1, null, true, ['nonce']]],
  ];
  itIsRefused(
    cases.flatMap(([claim, values]) =>
      values.map(
        (value): HostileCase => ({
          what: `${claim}: ${inTitle(value)}`,
          lies: claiming({ [claim]: value }),
          refused: early(claim),
        }),
      ),
    ),
  );

  const issuers = ['', 'https://other.test', 1, true, null, [], {}, 'x'.repeat(300_000)];
  itIsRefused(
    issuers.map(
      (iss): HostileCase => ({
        what: `iss: ${inTitle(iss)}`,
        lies: claiming({ iss }),
        refused: { code: 'issuer_mismatch', requests: ['discovery', 'token'] },
      }),
    ),
  );

  it('on a refresh too, and the session goes on', async () => {
    const attack = await startAttack(claiming({ exp: 1e300 }));
    await attack.refuses(refresh, { ...early('exp'), requests: ['discovery', 'jwks', 'token'] });
    attack.lying.lies = {};
    expect(await attack.client().isAuthenticated()).toBe(true);
  });
});

describe('a claim is taken', () => {
  it('with a fraction of a second, and an end in the far future', async () => {
    const attack = await startAttack(claiming({ iat: now() - 0.5, exp: 8.64e12, nbf: 0, auth_time: 0.5 }));
    await signIn(attack);
    const session = await attack.client().getSession();
    expect(new Date(session?.idTokenExpiresAt ?? Number.NaN).toISOString()).toMatch(/^\+275760-/);
  });

  it('about a subject of any script, told from one that only looks the same', async () => {
    const attack = await startAttack(claiming({ sub: 'Zo\u00eb' }));
    attack.lying.lies.userInfo = () => ({ sub: 'Zo\u00eb' });
    const client = await signIn(attack);
    expect(await client.fetchUserInfo()).toEqual({ sub: 'Zo\u00eb' });
    attack.lying.lies = { userInfo: () => ({ sub: 'Zoe\u0308' }) };
    await attack.refuses(userInfo, { code: 'userinfo_invalid' });
  });

  it('that is enormous, or named like a part of the language, and does no harm', async () => {
    const text = `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"big":"${'x'.repeat(200_000)}"`;
    const attack = await startAttack();
    attack.lying.lies = {
      idToken: (_, claims) =>
        attack.lying.sign({}, `${text},${JSON.stringify(claims).slice(1)}` as unknown as Json),
    };
    const client = await signIn(attack);
    expect((await client.getIdTokenClaims())['big']).toHaveLength(200_000);
    expect(({} as Json)['polluted']).toBeUndefined();
  });

  it('the last time where it is there twice, for the check as for the use', async () => {
    const attack = await startAttack();
    const { lying } = attack;
    const twice = (first: string, header = '{') => ({
      idToken: (_: Json, claims: Json) =>
        signJwt(
          `${header}"alg":"ES256","kid":"first"}`,
          `{${first},${JSON.stringify(claims).slice(1)}`,
          lying.keys[0] ?? ecKey,
        ),
    });
    lying.lies = twice('"sub":"mallory","aud":"other","nonce":"other"', '{"alg":"none","kid":"other",');
    expect((await (await signIn(attack)).getIdTokenClaims())['sub']).toBe('alice');

    lying.lies = {
      idToken: (_, claims) =>
        signJwt(
          { alg: 'ES256', kid: 'first' },
          `${JSON.stringify(claims).slice(0, -1)},"aud":"other"}`,
          lying.keys[0] ?? ecKey,
        ),
    };
    await attack.refuses(signIn, { code: 'id_token_invalid', reason: 'aud' });
    lying.lies = {
      idToken: (_, claims) =>
        signJwt('{"alg":"ES256","kid":"first","alg":"none"}', claims, lying.keys[0] ?? ecKey),
    };
    await attack.refuses(signIn, { code: 'id_token_invalid', reason: 'algorithm' });
  });
});

/** A value in the title of a test, which is the same in every run. */
function inTitle(value: unknown): string {
  const seconds = typeof value === 'string' ? Number(value) : value;
  const isMoment = typeof seconds === 'number' && Math.abs(seconds - now()) < 10_000;
  const text = (JSON.stringify(value) ?? '').slice(0, 40);
  return isMoment ? `an hour ${seconds > now() ? 'ahead' : 'ago'}, as a ${typeof value}` : text;
}

function claiming(change: Json): Lies {
  return { idToken: (_, claims) => ({ claims: { ...claims, ...change } }) };
}
