import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerMeanings, claimMeanings, parameterMeanings } from '../../src/trace/meanings.js';
import { Redactor } from '../../src/trace/redactor.js';
import { createSigningKey, type Json, signJwt } from '../support/signed-jwt.js';

const signed = (claims: Json) =>
  signJwt({ alg: 'ES384', kid: 'key-1', x5c: 'certificate' }, claims, createSigningKey('key-1'));
const secret = 'SlAV32hkKG-_/+=~ü';

describe('a value', () => {
  it.each(Object.keys(parameterMeanings.hidden))('is never shown as the parameter %s', (name) => {
    const [field] = new Redactor().fields([[name, secret]], parameterMeanings);
    expect(field).toMatchObject({
      name,
      redacted: true,
      value: expect.stringMatching(/^‹.+, 17 characters›$/),
    });
    expect(field?.meaning).not.toBeNull();
  });

  it('is shown under no name but those of the list', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, rest) => {
        fc.pre(!Object.hasOwn(answerMeanings.shown, name) && !name.includes('SlAV32'));
        const fields = new Redactor().fields([[name, `SlAV32${rest}`]], answerMeanings);
        return !JSON.stringify(fields).includes('SlAV32');
      }),
    );
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'is not shown for a name that every object has: %s',
    (name) => {
      const [field] = new Redactor().fields([[name, secret]], parameterMeanings);
      expect(field).toEqual({ name, value: '‹text, 17 characters›', redacted: true, meaning: null });
    },
  );

  it('of another type is told by that', () => {
    const fields = new Redactor().fields(
      [
        ['a', 12],
        ['b', true],
        ['c', ['x', 'y']],
        ['d', { x: 'y' }],
        ['e', null],
      ],
      answerMeanings,
    );
    expect(fields.map(({ value }) => value)).toEqual([
      '‹number›',
      '‹boolean›',
      '‹list of 2›',
      '‹object›',
      'null',
    ]);
  });

  it('is shown to the letter where it may be, and an object never', () => {
    const fields = new Redactor().fields(
      [
        ['resource', 'https://api.test'],
        ['scope', 'openid profile'],
        ['scope', { x: 'y' }],
        ['max_age', 60],
      ],
      parameterMeanings,
    );
    expect(fields.map(({ value }) => value)).toEqual([
      'https://api.test',
      'openid profile',
      '‹object›',
      '60',
    ]);
  });

  it('that is empty is told as that, or its meaning would seem to be the value', () => {
    const [field] = new Redactor().fields([['scope', '']], answerMeanings);
    expect(field).toMatchObject({ value: '‹empty›', redacted: false });
  });
});

describe('what was redacted once', () => {
  it.each([
    ['as it is', secret],
    ['percent-encoded', encodeURIComponent(secret)],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64url', Buffer.from(secret).toString('base64url')],
  ])('is blacked out of texts and names that repeat it %s', (_, form) => {
    const redactor = new Redactor();
    redactor.fields([['code', secret]], parameterMeanings);
    const [description, name] = redactor.fields(
      [
        ['error_description', `the code ${form} is not known`],
        [form, 'x'],
      ],
      answerMeanings,
    );
    expect(description?.value).toBe('the code ‹redacted› is not known');
    expect(name?.name).toBe('‹redacted›');
  });

  it('is blacked out where it comes earlier in the same message', () => {
    const fields = new Redactor().fields(
      [
        ['scope', secret],
        ['access_token', secret],
      ],
      answerMeanings,
    );
    expect(fields[0]?.value).toBe('‹redacted›');
  });

  it('may be half a character', () => {
    expect(() => new Redactor().remember('\ud800 broken')).not.toThrow();
  });

  it('leaves names alone that are no secrets', () => {
    const redactor = new Redactor();
    redactor.fields(
      [
        ['login_hint', 'alice'],
        ['custom', 'a word'],
      ],
      parameterMeanings,
    );
    expect(redactor.text('alice has a word')).toBe('alice has a word');
  });
});

describe('an address', () => {
  it.each([
    ['https://tenant.test', 'https://tenant.test'],
    ['https://tenant.test/a/', 'https://tenant.test/a/'],
    ['https://tenant.test/a?code=abc', 'https://tenant.test/a‹query, 9 characters›'],
    ['https://tenant.test/a#code=abc', 'https://tenant.test/a‹fragment, 9 characters›'],
    ['https://me:word@tenant.test/', 'https://‹user name and password›@tenant.test/'],
  ])('%s is shown as %s', (address, shown) => {
    expect(new Redactor().address(address)).toBe(shown);
  });
});

describe('a token', () => {
  const claims = {
    iss: 'https://tenant.test',
    sub: 'u1',
    nonce: 'a-nonce',
    email: 'alice@example.test',
    exp: 60,
  };
  const jwt = signed(claims);

  it('is told by kind and length, with what it says about itself, and no nonce or personal data', () => {
    const [field] = new Redactor().fields([['id_token', jwt]], answerMeanings);
    expect(field?.value).toBe(`‹ID token, a JWT of ${jwt.length} characters›`);
    expect(field?.contents?.map(({ name, value }) => [name, value])).toEqual([
      ['alg', 'ES384'],
      ['kid', 'key-1'],
      ['iss', 'https://tenant.test'],
      ['sub', 'u1'],
      ['nonce', '‹nonce, 7 characters›'],
      ['email', '‹text, 18 characters›'],
      ['exp', '60 (1970-01-01T00:01:00Z)'],
    ]);
  });

  it('that is opaque has no contents', () => {
    const [field] = new Redactor().fields([['access_token', 'opaque']], answerMeanings);
    expect(field).toMatchObject({ value: '‹access token, 6 characters›' });
    expect(field).not.toHaveProperty('contents');
  });

  it('may hold times that are none', () => {
    const raw = [['exp', 1e300] as const, ['iat', 'now'] as const];
    expect(new Redactor().fields(raw, claimMeanings).map(({ value }) => value)).toEqual(['1e+300', 'now']);
    expect(new Redactor().contents(signed({ exp: 1e300 }))?.at(-1)?.value).toBe('1e+300');
  });
});
