import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sessionOf } from '../../src/client/session.js';
import { parseSignInSession } from '../../src/client/sign-in-session.js';
import { parseTokenSet, serializeTokenSet, type TokenSet } from '../../src/client/token-set.js';
import { sessionDocument, sessionLines } from '../../src/commands/report/session-report.js';
import { paintWith } from '../../src/output/paint.js';
import { plainJson } from '../../src/output/plain-text.js';
import { findAppSecret } from '../../src/profile/app-secret.js';
import { ChunkedStorage } from '../../src/storage/chunking.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import { jwtWithSignature } from '../support/signed-jwt.js';
import { writtenLines } from '../support/test-runtime.js';
import { damaged, obeyed, outcomeOf, outsideJson, outsideText } from './outside.js';
import { fuzz } from './seed.js';

const ofNobody = Buffer.from('of nobody');

fuzz();

const claims = {
  iss: 'https://tenant.test/oidc',
  sub: 'alice',
  aud: 'app',
  iat: 1_767_225_600,
  exp: 1_800_000_000,
};
const accessToken = {
  resource: 'https://api.test',
  organization: null,
  token: 'an-access-token',
  tokenType: 'Bearer',
  scopes: ['read'],
  expiresAt: 1_767_229_200_000,
};
const whole = {
  version: 1,
  issuer: claims.iss,
  endpoint: 'https://tenant.test',
  appId: 'app',
  redirectUri: 'http://localhost:3000/callback',
  idToken: jwtWithSignature({ alg: 'ES256' }, claims, ofNobody),
  refreshToken: 'a-refresh-token',
  scopes: ['openid'],
  resources: ['https://api.test'],
  signedInAt: 1_767_225_600_000,
  accessTokens: [accessToken],
};

const record = fc.oneof(
  damaged(whole),
  damaged(accessToken).map((token) => ({ ...whole, accessTokens: [token] })),
  damaged(claims).map((body) => ({ ...whole, idToken: jwtWithSignature({ alg: 'ES256' }, body, ofNobody) })),
  outsideJson(),
);
const text = fc.oneof(
  { arbitrary: record.map((value) => JSON.stringify(value)), weight: 6 },
  { arbitrary: fc.nat({ max: 600 }).map((length) => JSON.stringify(whole).slice(0, length)), weight: 1 },
  { arbitrary: fc.string({ unit: 'binary' }), weight: 1 },
);

describe('a stored record', () => {
  it('with an end of the ID token that is no number is storage_corrupt', () => {
    for (const exp of ['1800000000', [1_800_000_000], { toString: 1, valueOf: 1 }, null]) {
      const idToken = jwtWithSignature({ alg: 'ES256' }, { ...claims, exp }, ofNobody);
      const outcome = outcomeOf(() => parseTokenSet(JSON.stringify({ ...whole, idToken })));
      expect('error' in outcome && outcome.error.code).toBe('storage_corrupt');
    }
  });

  it('is a token set that every command can use, or storage_corrupt', () => {
    fc.assert(
      fc.property(text, (stored) => {
        const outcome = outcomeOf(() => parseTokenSet(stored));
        if ('error' in outcome) {
          expect(outcome.error.code).toBe('storage_corrupt');
          const told = JSON.stringify([outcome.error.message, outcome.error.hint, outcome.error.details]);
          expect(told).not.toMatch(/a-refresh-token|an-access-token|eyJ/);
          return;
        }
        const session = sessionOf(outcome.value);
        const place = { profile: 'default', storage: 'file' as const };
        const now = Date.UTC(2026, 0, 1);
        const lines = writtenLines(sessionLines(session, place, now, paintWith(null), session.claims));
        for (const line of lines) expect(line).not.toMatch(obeyed);
        const { accessTokens } = session;
        expect(lines).toHaveLength(15 + accessTokens.length + 2 * Object.keys(session.claims).length);
        const document = sessionDocument(session, place, session.claims);
        expect(JSON.parse(plainJson(document))).toMatchObject({ subject: session.subject });
        expect(plainJson(document)).not.toMatch(obeyed);
      }),
    );
  });

  it('is read as it was written, whatever the texts in it are', () => {
    const texts = fc.array(outsideText(), { maxLength: 3 });
    fc.assert(
      fc.property(
        outsideText(),
        fc.option(outsideText()),
        texts,
        texts,
        (name, refreshToken, scopes, resources) => {
          const { version: _, ...rest } = whole;
          const idToken = jwtWithSignature({ alg: 'ES256' }, { ...claims, name }, ofNobody);
          const tokenSet: TokenSet = { ...rest, appId: name, idToken, refreshToken, scopes, resources };
          expect(parseTokenSet(serializeTokenSet(tokenSet))).toEqual(tokenSet);
        },
      ),
    );
  });

  it('with UserInfo of any shape is shown inert', () => {
    const session = sessionOf(parseTokenSet(JSON.stringify(whole)));
    const place = { profile: 'default', storage: 'file' as const };
    fc.assert(
      fc.property(
        fc.dictionary(fc.oneof(outsideText(), fc.constantFrom('exp', 'iat')), outsideJson()),
        (userInfo) => {
          const lines = writtenLines(sessionLines(session, place, 0, paintWith(null), userInfo));
          for (const line of lines) expect(line).not.toMatch(obeyed);
        },
      ),
    );
  });
});

describe('a stored sign-in under way', () => {
  const session = {
    issuer: claims.iss,
    appId: 'app',
    redirectUri: 'http://localhost:3000/callback',
    state: 'a-state',
    nonce: 'a-nonce',
    codeVerifier: 'a-verifier',
    maxAge: 60,
    scopes: ['openid'],
    resources: [],
  };

  it('is whole, or storage_corrupt', () => {
    fc.assert(
      fc.property(fc.oneof(damaged(session), outsideJson()), (stored) => {
        const outcome = outcomeOf(() => parseSignInSession(JSON.stringify(stored)));
        if ('error' in outcome) {
          expect(outcome.error.code).toBe('storage_corrupt');
          return;
        }
        const { scopes, resources, maxAge, ...texts } = outcome.value;
        for (const list of [scopes, resources]) {
          expect(list.every((item) => typeof item === 'string')).toBe(true);
        }
        for (const name of ['issuer', 'appId', 'redirectUri', 'state', 'nonce', 'codeVerifier'] as const) {
          expect(texts[name]).toBeTypeOf('string');
        }
        expect(['number', 'undefined']).toContain(typeof maxAge);
      }),
    );
  });
});

describe('an application secret', () => {
  it('is found when all of its record is right, else there is none', async () => {
    const owner = { issuer: claims.iss, appId: 'app' };
    const kept = { ...owner, secret: 'the-secret' };
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged(kept), outsideJson()), async (stored) => {
        const storage = new MemoryStorage();
        await storage.set('sessionSecret', JSON.stringify(stored));
        const found = await findAppSecret(storage, owner);
        const seen = JSON.parse(JSON.stringify(stored)) as Partial<typeof kept> | null;
        const fits = seen?.issuer === owner.issuer && seen.appId === owner.appId;
        expect(found).toBe(fits && typeof seen.secret === 'string' ? seen.secret : null);
      }),
    );
  });
});

describe('a record in parts', () => {
  const value = JSON.stringify(whole);
  const part = fc.constantFrom('tokenSet', 'tokenSet#a0', 'tokenSet#a1', 'tokenSet#a2', 'tokenSet#b0');
  const header = damaged({ slot: 'a', parts: 3, length: value.length, sha256: 'x' });
  const harm = fc.tuple(
    part,
    fc.oneof(
      fc.constantFrom(null, 'x'.repeat(200)),
      outsideText().filter((item) => item !== '' && !/[\0\p{Surrogate}]/u.test(item)),
      header.map((changed) => `logto-cli:parts:${JSON.stringify(changed)}`),
    ),
  );

  it('is whole, absent, or storage_corrupt, whatever became of its parts', async () => {
    // What is broken is read again for a while: many at a time, so that the waits are one.
    const lives = fc.array(fc.array(harm, { minLength: 1, maxLength: 3 }), { minLength: 40, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(lives, async (harms) => {
        await Promise.all(
          harms.map(async (changes) => {
            const items = new MemoryStorage();
            const storage = new ChunkedStorage(items, 200);
            await storage.set('tokenSet', value);
            for (const [name, item] of changes) {
              if (item === null) await items.delete(name);
              else await items.set(name, item);
            }
            const read = await storage.get('tokenSet').catch((error: unknown) => error);
            if (typeof read !== 'string' && read !== null) {
              expect(read).toMatchObject({ code: 'storage_corrupt' });
            } else if (!changes.some(([name, item]) => name === 'tokenSet' && item === read)) {
              expect([value, null]).toContain(read);
            }
            await storage.set('tokenSet', value);
            expect(await storage.get('tokenSet')).toBe(value);
          }),
        );
      }),
      { numRuns: 8 },
    );
  });
});
