import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodedDocument, decodedLines } from '../../src/commands/token/decoded-token.js';
import { checkIdToken } from '../../src/oidc/validate/id-token.js';
import { decodeJwt } from '../../src/oidc/validate/jwt.js';
import { paintWith } from '../../src/output/paint.js';
import { plainJson } from '../../src/output/plain-text.js';
import { writtenLines } from '../support/test-runtime.js';
import { damaged, obeyed, outcomeOf, outsideJson, outsideText } from './outside.js';
import { fuzz } from './seed.js';

fuzz();

const now = Date.UTC(2026, 0, 1);
const seconds = now / 1000;
const expected = {
  issuer: 'https://provider.test',
  clientId: 'app',
  nonce: 'our-nonce',
  algorithms: ['ES256', 'RS256'],
  now,
  clockDifference: null,
};
const claims = {
  iss: expected.issuer,
  sub: 'alice',
  aud: 'app',
  azp: 'app',
  nonce: 'our-nonce',
  iat: seconds,
  exp: seconds + 3600,
  nbf: seconds,
  auth_time: seconds,
};
const header = { alg: 'ES256', kid: 'first', typ: 'JWT' };

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const near = fc.constantFrom(...[-7200, -61, -60, -1, 0, 1, 60, 61, 7200].map((offset) => seconds + offset));
const times = fc.record({ iat: near, exp: near, nbf: near, auth_time: near }, { requiredKeys: [] });
const someClaims = fc.oneof(
  damaged(claims),
  times.map((changes) => ({ ...claims, ...changes })),
  fc
    .array(fc.constantFrom('app', 'other', ''), { maxLength: 3 })
    .chain((aud) => fc.constantFrom({ ...claims, aud }, { ...claims, aud, azp: undefined })),
);
const someHeader = fc.oneof(
  { arbitrary: fc.constant<Record<string, unknown>>(header), weight: 4 },
  { arbitrary: damaged({ ...header, crit: undefined }), weight: 1 },
  { arbitrary: fc.constantFrom('none', 'HS256', 'es256', 'ES384', '').map((alg) => ({ alg })), weight: 1 },
);

/** What the specifications say of this token, in other words than the product's. */
function isValid(head: Readonly<Record<string, unknown>>, body: Readonly<Record<string, unknown>>): boolean {
  const { iss, sub, aud, azp, nonce, iat, exp, nbf, auth_time: authTime } = body;
  const audiences = Array.isArray(aud) ? aud : [aud];
  const isMoment = (value: unknown) =>
    typeof value === 'number' && value >= 0 && !Number.isNaN(new Date(value * 1000).getTime());
  const isPast = (value: unknown) => isMoment(value) && (value as number) <= seconds + 60;
  return (
    (head['alg'] === 'ES256' || head['alg'] === 'RS256') &&
    !('crit' in head) &&
    iss === expected.issuer &&
    typeof sub === 'string' &&
    sub !== '' &&
    sub.length < 256 &&
    audiences.includes('app') &&
    (azp === 'app' || (azp === undefined && audiences.length === 1)) &&
    nonce === 'our-nonce' &&
    isPast(iat) &&
    isMoment(exp) &&
    (exp as number) > seconds - 60 &&
    (nbf === undefined || isPast(nbf)) &&
    (authTime === undefined || isPast(authTime))
  );
}

const codes = ['id_token_invalid', 'issuer_mismatch', 'clock_skew'];

describe('an ID token', () => {
  it('is accepted when all of it is right, and refused with the right code otherwise', () => {
    fc.assert(
      fc.property(someHeader, someClaims, (head, body) => {
        const token = `${encoded(head)}.${encoded(body)}.c2lnbmF0dXJl`;
        // As it arrives.
        const [seenHead, seenBody] = [head, body].map((part) => JSON.parse(JSON.stringify(part)));
        const outcome = outcomeOf(() => checkIdToken(token, expected));
        expect('value' in outcome).toBe(isValid(seenHead, seenBody));
        if ('value' in outcome) expect(outcome.value).toEqual(seenBody);
        else expect(codes).toContain(outcome.error.code);
      }),
    );
  });

  it('with the clock of the provider known is refused in the same cases', () => {
    fc.assert(
      fc.property(someClaims, fc.integer({ min: -10_000, max: 10_000 }), (body, clockDifference) => {
        const token = `${encoded(header)}.${encoded(body)}.c2lnbmF0dXJl`;
        const outcome = outcomeOf(() => checkIdToken(token, { ...expected, clockDifference }));
        expect('value' in outcome).toBe(isValid(header, JSON.parse(JSON.stringify(body))));
        if ('error' in outcome) expect(codes).toContain(outcome.error.code);
      }),
    );
  });
});

const segment = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.base64String(),
  fc.constantFrom('', 'e30', 'bnVsbA', 'W10', '__8', 'eyJhbGciOiJFUzI1NiJ9', encoded(claims)),
  outsideJson().map(encoded),
  fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64url')),
);
const anyToken = fc.oneof(
  fc.array(segment, { maxLength: 6 }).map((parts) => parts.join('.')),
  fc.tuple(segment, segment, segment).map((parts) => parts.join('.')),
  fc.tuple(someHeader.map(encoded), outsideJson().map(encoded)).map((parts) => `${parts.join('.')}.c2ln`),
);

describe('any text', () => {
  it('is a JWT taken apart, or none', () => {
    fc.assert(
      fc.property(anyToken, (token) => {
        const decoded = decodeJwt(token);
        if (decoded === null) return;
        expect(token.split('.')).toHaveLength(3);
        for (const part of [decoded.header, decoded.claims]) {
          expect(Object.prototype.toString.call(part)).toBe('[object Object]');
        }
      }),
    );
  });

  it('as an ID token is refused with a code of ours', () => {
    fc.assert(
      fc.property(anyToken, (token) => {
        const outcome = outcomeOf(() => checkIdToken(token, expected));
        if ('error' in outcome) expect(codes).toContain(outcome.error.code);
        else expect(outcome.value).toMatchObject({ iss: expected.issuer, aud: 'app' });
      }),
    );
  });

  it('is shown inert when it is decoded, one line for each name', () => {
    const paint = paintWith(null);
    fc.assert(
      fc.property(someHeader, fc.dictionary(outsideText(), outsideJson()), (head, body) => {
        const decoded = decodeJwt(`${encoded(head)}.${encoded(body)}.c2ln`);
        const lines = writtenLines(decodedLines(decoded, now, paint));
        for (const line of lines) expect(line).not.toMatch(obeyed);
        const scopes = typeof body['scope'] === 'string' ? body['scope'].split(' ').filter(Boolean) : null;
        const named = Object.keys(decoded?.header ?? {}).length + Object.keys(decoded?.claims ?? {}).length;
        expect(lines).toHaveLength(named + 3 + (scopes === null ? 0 : 1 + Math.max(1, scopes.length)));
        const document = decodedDocument(decoded);
        expect(plainJson(document).replaceAll('\n', '')).not.toMatch(obeyed);
        expect(JSON.parse(plainJson(document))).toEqual(JSON.parse(JSON.stringify(document)));
      }),
    );
  });

  it('nested absurdly deep is no JWT', () => {
    const nested = (levels: number) => {
      const json = `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
      return `${encoded(header)}.${Buffer.from(json).toString('base64url')}.c2ln`;
    };
    expect(decodeJwt(nested(90))).not.toBeNull();
    expect([110, 100_000].map((levels) => decodeJwt(nested(levels)))).toEqual([null, null]);
  });
});
