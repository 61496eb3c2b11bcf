import { createHmac, createPublicKey } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { type IdTokenFault, idTokenFaults } from '../../src/emulator/faults/emulator-faults.js';
import { defaultSeed, idTokenAlgorithms, withIdTokenAlgorithm } from '../../src/emulator/seed.js';
import type { EmulatorVisit } from '../../src/emulator/visits/visit.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import {
  type AppId,
  decodeJwt,
  fetchIn,
  isSigned,
  type Jwk,
  open,
  publishedKeys,
  refresh,
  secret,
  tokens,
} from './raw-client.js';

let emulator: Emulator;
let issuer: string;
beforeAll(async () => {
  emulator = await startEmulator();
  issuer = emulator.issuer;
});
afterAll(() => emulator.close());
afterEach(() => emulator.setFaults({}));

type Claims = Readonly<Record<string, unknown>>;

const sound = {
  iss: expect.stringMatching(/^http:\/\/localhost:\d+\/oidc$/),
  sub: 'emulator-user-alice',
  aud: 'emulator-traditional',
  nonce: 'some-nonce',
  iat: expect.any(Number),
  exp: expect.any(Number),
};
const now = () => Math.floor(Date.now() / 1000);

async function idToken(appId: AppId = 'emulator-traditional'): Promise<string> {
  return (await tokens(issuer, appId)).body.id_token;
}

async function namedKey(token: string): Promise<Jwk | undefined> {
  return (await publishedKeys(issuer)).find(({ kid }) => kid === decodeJwt(token).header['kid']);
}

async function expectSound(token: string): Promise<void> {
  expect(decodeJwt(token).claims).toMatchObject(sound);
  expect(isSigned(token, await namedKey(token))).toBe(true);
}

function expectTimes({ iat, exp }: Claims, ahead: number): void {
  expect(Math.abs(Number(iat) - now() - ahead)).toBeLessThan(60);
  expect(Number(exp) - Number(iat)).toBe(3600);
}

/** What is wrong with the claims, and nothing else of them, nor the signature. */
const claims: readonly [IdTokenFault, Claims][] = [
  ['bad-nonce', { nonce: 'of-another-sign-in' }],
  ['no-nonce', { nonce: undefined }],
  ['bad-audience', { aud: 'another-application' }],
  ['no-audience', { aud: undefined }],
  ['audience-list', { aud: ['emulator-traditional'] }],
  ['other-azp', { aud: ['emulator-traditional', 'another-application'], azp: 'another-application' }],
  ['bad-issuer', { iss: 'https://another-issuer.example.test/oidc' }],
  ['no-subject', { sub: undefined }],
];

describe('an ID token', () => {
  it.each(claims)('of the fault %s is wrong in that alone', async (fault, wrong) => {
    emulator.setFaults({ idToken: fault });
    const token = await idToken();
    const { header, claims: said } = decodeJwt(token);
    for (const [name, value] of Object.entries({ ...sound, ...wrong })) expect(said[name]).toEqual(value);
    expectTimes(said, 0);
    expect(header).toMatchObject({ alg: 'ES384' });
    expect(isSigned(token, await namedKey(token))).toBe(true);
  });

  it.each([
    ['expired', -7200],
    ['future-iat', 86_400],
  ] as const)('of the fault %s has other times, and lives as long as ever', async (fault, ahead) => {
    emulator.setFaults({ idToken: fault });
    const token = await idToken();
    await expectSound(token);
    expectTimes(decodeJwt(token).claims, ahead);
  });

  it('that is badly signed names the key that should have signed it', async () => {
    emulator.setFaults({ idToken: 'bad-signature' });
    const token = await idToken();
    expect(decodeJwt(token).claims).toMatchObject(sound);
    const key = await namedKey(token);
    expect(key).toBeDefined();
    expect(isSigned(token, key)).toBe(false);
  });

  it('of an unknown key is signed by one that is not published', async () => {
    emulator.setFaults({ idToken: 'unknown-key' });
    const token = await idToken();
    expect(decodeJwt(token)).toMatchObject({
      header: { alg: 'ES384', kid: expect.any(String) },
      claims: sound,
    });
    expect(await namedKey(token)).toBeUndefined();
  });

  it('without kid is signed by the only key there is', async () => {
    emulator.setFaults({ idToken: 'no-kid' });
    const token = await idToken();
    expect(decodeJwt(token).claims).toMatchObject(sound);
    expect(decodeJwt(token).header).toEqual({ alg: 'ES384' });
    const keys = await publishedKeys(issuer);
    expect(keys).toHaveLength(1);
    expect(isSigned(token, keys[0])).toBe(true);
  });

  it.each(['alg-none', 'alg-None', 'alg-NONE', 'alg-nOnE'] as const)(
    'of the fault %s says so, and has no signature',
    async (fault) => {
      emulator.setFaults({ idToken: fault });
      const token = await idToken();
      expect(decodeJwt(token)).toMatchObject({ header: { alg: fault.slice(4) }, claims: sound });
      expect(await namedKey(token)).toBeDefined();
      expect(token.split('.')[2]).toBe('');
    },
  );

  it.each([
    ['hs256-public-key', 'emulator-traditional', null],
    ['hs256-secret', 'emulator-traditional', secret],
    ['hs256-secret', 'emulator-spa', ''],
  ] as const)('of the fault %s for %s is signed with what is taken for a key', async (fault, appId, text) => {
    emulator.setFaults({ idToken: fault });
    const token = await idToken(appId);
    expect(decodeJwt(token)).toMatchObject({ header: { alg: 'HS256' }, claims: { ...sound, aud: appId } });
    const key = createPublicKey({ key: (await namedKey(token)) as Jwk, format: 'jwk' });
    const [header, said, signature] = token.split('.');
    const hmac = createHmac('sha256', text ?? key.export({ type: 'spki', format: 'pem' }));
    expect(signature).toBe(hmac.update(`${header}.${said}`).digest('base64url'));
  });

  it('that is missing leaves the rest of the answer', async () => {
    emulator.setFaults({ idToken: 'missing' });
    const { status, body } = await tokens(issuer, 'emulator-traditional');
    expect(status).toBe(200);
    expect(body).toMatchObject({ access_token: expect.any(String), refresh_token: expect.any(String) });
    expect(body).not.toHaveProperty('id_token');
  });

  it.each(idTokenFaults)('is sound as soon as the fault %s is lifted', async (fault) => {
    emulator.setFaults({ idToken: fault });
    const { body } = await tokens(issuer, 'emulator-traditional');
    emulator.setFaults({});
    await expectSound(await idToken());
    const again = await refresh(issuer, 'emulator-traditional', body.refresh_token);
    expect(isSigned(again.body.id_token, await namedKey(again.body.id_token))).toBe(true);
  });

  it('of one visit is wrong while that of another is sound', async () => {
    const cases = [['bad-nonce'], ['alg-none'], [undefined], ['unknown-key'], [undefined]] as const;
    const visits = cases.map(([fault]) => emulator.visit(fault && { idToken: fault }));
    const issued = await Promise.all(
      visits.map(async (visit) => {
        const { body } = await tokens(
          issuer,
          'emulator-traditional',
          {},
          new CookieJar(),
          'alice',
          fetchIn(visit),
        );
        return body.id_token;
      }),
    );
    for (const visit of visits) visit.close();
    expect(decodeJwt(issued[0]).claims['nonce']).toBe('of-another-sign-in');
    expect(decodeJwt(issued[1]).header['alg']).toBe('none');
    expect(await namedKey(issued[3])).toBeUndefined();
    for (const token of [issued[2], issued[4]]) await expectSound(token);
  });
});

describe('a key that was rotated for one fault', () => {
  it('does not sign what another fault wants signed, once that is lifted', async () => {
    const before = decodeJwt(await idToken()).header['kid'];
    emulator.setFaults({ jwks: 'rotate' });
    const rotated = await idToken();
    expect(isSigned(rotated, await namedKey(rotated))).toBe(true);
    expect(decodeJwt(rotated).header['kid']).not.toBe(before);
    emulator.setFaults({ idToken: 'no-nonce' });
    expect(decodeJwt(await idToken()).header['kid']).toBe(before);
    emulator.setFaults({});
    expect(decodeJwt(await idToken()).header['kid']).toBe(before);
  });

  it('is published while its visit is open, and its ID token is a hint for the end of the session even afterwards', async () => {
    const own = (await startEmulator()) satisfies Emulator;
    try {
      const visit = own.visit({ jwks: 'rotate' });
      const { body } = await tokens(own.issuer, 'emulator-native');
      const { kid } = decodeJwt(body.id_token).header;
      const kids = async () => (await publishedKeys(own.issuer)).map((key) => key.kid);
      expect(await kids()).toHaveLength(2);
      expect(await kids()).toContain(kid);
      visit.close();
      expect(await kids()).toHaveLength(1);
      const end = await open(`${own.issuer}/session/end?id_token_hint=${body.id_token}`);
      expect(end.status).toBe(200);
    } finally {
      await own.close();
    }
  });
});

describe('a key that was rotated once', () => {
  it('signs every answer while the fault lasts, and is another one for each visit', async () => {
    const own = (await startEmulator()) satisfies Emulator;
    const kidOf = async (visit?: EmulatorVisit) => {
      const fetch = visit === undefined ? undefined : fetchIn(visit);
      const { body } = await tokens(own.issuer, 'emulator-native', {}, new CookieJar(), 'alice', fetch);
      const { kid } = decodeJwt(body.id_token).header;
      const key = (await publishedKeys(own.issuer)).find((one) => one.kid === kid);
      expect(isSigned(body.id_token, key)).toBe(true);
      return kid;
    };
    try {
      const before = await kidOf();
      own.setFaults({ jwks: 'rotated' });
      const ofAll = await kidOf();
      expect(await kidOf()).toBe(ofAll);
      own.setFaults({});
      const [one, other] = [own.visit({ jwks: 'rotated' }), own.visit({ jwks: 'rotated' })];
      const ofOne = await kidOf(one);
      expect(await kidOf(one)).toBe(ofOne);
      const ofOther = await kidOf(other);
      expect(new Set([before, ofAll, ofOne, ofOther]).size).toBe(4);
      one.setFaults({});
      expect(await kidOf(one)).toBe(before);
    } finally {
      await own.close();
    }
  });
});

describe('another algorithm than that of the application', () => {
  it.each([
    ['ES384', 'RS256'],
    ['RS256', 'ES384'],
    ['PS256', 'RS256'],
  ] as const)('in the place of %s is %s, soundly, and its ID token is a hint', async (algorithm, another) => {
    const seed = withIdTokenAlgorithm(defaultSeed(), algorithm);
    const own = await startEmulator({
      // Nothing that asks for JWTs of its own.
      seed: {
        ...seed,
        applications: seed.applications.filter(({ type }) => type === 'Native'),
        resources: [],
        organizations: [],
      },
      furtherIdTokenAlgorithms: [another],
    });
    try {
      const discovery = await (await fetch(`${own.issuer}/.well-known/openid-configuration`)).json();
      expect(discovery.id_token_signing_alg_values_supported).toEqual([algorithm, another]);
      expect(own.publication).toMatchObject({ idTokenAlgorithms: [algorithm, another], keys: 1 });
      const sign = async () => (await tokens(own.issuer, 'emulator-native')).body.id_token;
      expect(decodeJwt(await sign()).header['alg']).toBe(algorithm);
      own.setFaults({ idToken: 'other-algorithm' });
      const [token, again] = [await sign(), await sign()];
      const keys = await publishedKeys(own.issuer);
      expect(keys.map(({ alg }) => alg)).toEqual([algorithm, another]);
      expect(decodeJwt(token)).toMatchObject({
        header: { alg: another, kid: keys[1]?.kid },
        claims: { nonce: 'some-nonce' },
      });
      expect(isSigned(token, keys[1])).toBe(true);
      expect(decodeJwt(again).header['kid']).toBe(keys[1]?.kid);
      expect((await open(`${own.issuer}/session/end?id_token_hint=${token}`)).status).toBe(200);
      own.setFaults({});
      expect(decodeJwt(await sign()).header['alg']).toBe(algorithm);
    } finally {
      await own.close();
    }
  });
});

describe('what is published', () => {
  it('is counted each time that it is read, faults or not', async () => {
    const own = await startEmulator();
    try {
      const discovery = `${own.issuer}/.well-known/openid-configuration`;
      expect(own.publication).toEqual({
        idTokenAlgorithms: ['ES384'],
        keys: 1,
        reads: { discovery: 0, keys: 0 },
      });
      await open(discovery);
      own.setFaults({ discovery: 'other-issuer', jwks: 'several' });
      await open(`${discovery}?again`);
      await publishedKeys(own.issuer);
      await open(`${own.issuer}/jwks/more`);
      expect(own.publication).toMatchObject({ keys: 1, reads: { discovery: 2, keys: 1 } });
    } finally {
      await own.close();
    }
  });
});

describe('the algorithm of an application', () => {
  it.each(idTokenAlgorithms)(
    '%s signs its ID tokens, is announced, and its key is published',
    async (algorithm) => {
      const own = await startEmulator({ seed: withIdTokenAlgorithm(defaultSeed(), algorithm) });
      try {
        const find = async (kid: unknown) => (await publishedKeys(own.issuer)).find((key) => key.kid === kid);
        const { body } = await tokens(own.issuer, 'emulator-native');
        expect(decodeJwt(body.id_token).header['alg']).toBe(algorithm);
        expect(isSigned(body.id_token, await find(decodeJwt(body.id_token).header['kid']))).toBe(true);
        const discovery = await (await fetch(`${own.issuer}/.well-known/openid-configuration`)).json();
        expect(discovery.id_token_signing_alg_values_supported).toEqual([algorithm]);
        own.setFaults({ idToken: 'bad-nonce', jwks: 'rotate' });
        const rotated = (await tokens(own.issuer, 'emulator-native')).body.id_token;
        expect(decodeJwt(rotated)).toMatchObject({
          header: { alg: algorithm },
          claims: { nonce: 'of-another-sign-in' },
        });
        expect(isSigned(rotated, await find(decodeJwt(rotated).header['kid']))).toBe(true);
        expect((await open(`${own.issuer}/session/end?id_token_hint=${rotated}`)).status).toBe(200);
        own.setFaults({ idToken: 'bad-signature' });
        const forged = (await tokens(own.issuer, 'emulator-native')).body.id_token;
        expect(isSigned(forged, await find(decodeJwt(forged).header['kid']))).toBe(false);
        expect((await open(`${own.issuer}/session/end?id_token_hint=${forged}`)).status).toBe(400);
      } finally {
        await own.close();
      }
    },
  );

  it('is its own: others sign beside it by theirs, and JWT access tokens by ES384', async () => {
    const { applications } = defaultSeed();
    const own = await startEmulator({
      seed: {
        applications: applications.map((application) =>
          application.appId === 'emulator-spa' ? { ...application, idTokenAlgorithm: 'RS256' } : application,
        ),
      },
    });
    try {
      const resource = { resource: 'https://api.example.test' };
      const { body } = await tokens(own.issuer, 'emulator-spa', resource);
      const again = await refresh(own.issuer, 'emulator-spa', body.refresh_token, resource);
      expect(decodeJwt(again.body.id_token).header['alg']).toBe('RS256');
      expect(decodeJwt(again.body.access_token).header['alg']).toBe('ES384');
      const other = await tokens(own.issuer, 'emulator-native');
      expect(decodeJwt(other.body.id_token).header['alg']).toBe('ES384');
      const discovery = await (await fetch(`${own.issuer}/.well-known/openid-configuration`)).json();
      expect(discovery.id_token_signing_alg_values_supported).toEqual(['ES384', 'RS256']);
      own.setFaults({ jwks: 'several' });
      const kinds = (await publishedKeys(own.issuer)).map(({ alg }) => alg);
      expect(kinds).toEqual(['ES256', 'EdDSA', 'ES384', 'RS256']);
    } finally {
      await own.close();
    }
  });
});
