import { describe, expect, it } from 'vitest';
import type { LogtoError } from '../../../src/errors.js';
import { checkIdToken, type IdTokenExpectations } from '../../../src/oidc/validate/id-token.js';
import { checkRefreshedIdToken } from '../../../src/oidc/validate/refreshed-id-token.js';
import { type AlgorithmRules, trustedAlgorithms } from '../../../src/oidc/validate/signing-algorithm.js';
import type { Json } from '../../support/signed-jwt.js';

const now = 1_790_000_000;
const claims = {
  iss: 'https://provider.test',
  sub: 'alice',
  aud: 'app',
  nonce: 'our-secret-nonce',
  iat: now,
  exp: now + 3600,
};
const announced = ['ES256', 'RS256'];
const secret = 'a-secret-of-32-bytes-0123456789-';

function expecting(rules: AlgorithmRules = { announced }, more: Partial<IdTokenExpectations> = {}) {
  return {
    issuer: claims.iss,
    clientId: 'app',
    nonce: claims.nonce,
    algorithms: trustedAlgorithms(rules),
    rules,
    now: now * 1000,
    clockDifference: null,
    ...more,
  };
}

function part(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

const signature = 'A'.repeat(86);
const header = { alg: 'ES256', kid: 'first' };
const jwt = (head: unknown = header, body: unknown = claims, end = signature) =>
  `${part(head)}.${part(body)}.${end}`;

function refusalOf(token: string, expected: IdTokenExpectations = expecting()): LogtoError {
  try {
    checkIdToken(token, expected);
  } catch (error) {
    return error as LogtoError;
  }
  return expect.unreachable('it was taken');
}

/** What a person reads, without its first two words. */
function saying(what: string): string {
  return `The ID token ${what}.`;
}

describe('a claim that is wrong is told as what is wrong with it', () => {
  type Row = [claim: string, value: unknown, what: string, hint: string, more?: Json];
  const toApp = 'this application is "app"';
  const rows: Row[] = [
    [
      'aud',
      undefined,
      'does not say whom it is meant for (aud is missing)',
      'put the ID of the application into aud',
    ],
    ['aud', '', 'does not say whom it is meant for (aud is empty)', 'into aud'],
    ['aud', [], 'does not say whom it is meant for (aud is an empty list)', 'into aud'],
    ['aud', null, 'is malformed: aud is null, where text or a list of texts is due', 'correct aud'],
    ['aud', 1, 'is malformed: aud is a number, where text or a list of texts is due', 'correct aud'],
    [
      'aud',
      { app: true },
      'is malformed: aud is an object, where text or a list of texts is due',
      'correct aud',
    ],
    [
      'aud',
      ['other', 1],
      'is malformed: aud is a list with a number in it, where text or a list of texts is due',
      'correct aud',
    ],
    ['aud', 'other', `is meant for "other", and ${toApp} (aud)`, 'use --app-id other'],
    ['aud', ['other'], `is meant for "other", and ${toApp} (aud)`, 'use --app-id other'],
    ['aud', ['a', 'b'], `is meant for "a", "b", and ${toApp} (aud)`, 'If one of them'],
    ['aud', '$(touch x)', `is meant for "$(touch x)", and ${toApp} (aud)`, 'If one of them'],
    [
      'aud',
      ['app', 'other'],
      'is meant for others too (aud: "other"), and does not say for whom it was issued (azp is missing)',
      'name this application in azp',
    ],
    [
      'aud',
      ['app', 'app'],
      'names this application more than once as its audience (aud), and does not say for whom it was issued (azp)',
      'azp',
    ],
    ['azp', null, 'is malformed: azp is null, where text is due', 'correct azp'],
    ['azp', 1, 'is malformed: azp is 1, where text is due', 'correct azp'],
    ['azp', ['app'], 'is malformed: azp is a list, where text is due', 'correct azp'],
    ['azp', '', 'is malformed: azp is empty, where text is due', 'correct azp'],
    ['azp', 'other', `was issued to "other", and ${toApp} (azp)`, 'use --app-id other'],
    [
      'azp',
      'other',
      `was issued to "other", and ${toApp} (azp)`,
      'use --app-id other',
      { aud: ['app', 'other'] },
    ],
    ['sub', undefined, 'names no subject (sub is missing)', 'name the user in sub'],
    ['sub', '', 'names no subject (sub is empty)', 'name the user in sub'],
    ['sub', null, 'is malformed: sub is null, where text is due', 'correct sub'],
    ['sub', 12, 'is malformed: sub is 12, where text is due', 'correct sub'],
    ['sub', ['alice'], 'is malformed: sub is a list, where text is due', 'correct sub'],
    [
      'sub',
      'x'.repeat(256),
      'names a subject of 256 characters, where 255 are the most (sub)',
      '1 to 255 characters',
    ],
    ['nonce', undefined, 'does not repeat the nonce of the request (nonce is missing)', 'copy the nonce'],
    ['nonce', '', 'does not repeat the nonce of the request (nonce is empty)', 'copy the nonce'],
    ['nonce', null, 'is malformed: nonce is null, where text is due', 'correct nonce'],
    ['nonce', true, 'is malformed: nonce is true, where text is due', 'correct nonce'],
    [
      'nonce',
      'another-nonce',
      'has another nonce than the request: it belongs to another sign-in (nonce)',
      'Sign in again',
    ],
    ['iat', undefined, 'does not say when it was issued (iat is missing)', 'add iat'],
    ['iat', null, 'is malformed: iat is null, where seconds since 1970 are due', 'correct iat'],
    ['iat', '1790000000', 'is malformed: iat is text, where seconds since 1970 are due', 'correct iat'],
    ['iat', -1, 'is malformed: iat is -1, where seconds since 1970 are due', 'correct iat'],
    [
      'iat',
      now * 1000,
      `is malformed: iat is ${now}000, which looks like milliseconds, where seconds since 1970 are due`,
      'correct iat',
    ],
    ['iat', now + 120, "was issued 120 s in the future by this machine's clock (iat)", 'compare the clocks'],
    ['exp', undefined, 'does not say when it expires (exp is missing)', 'add exp'],
    ['exp', null, 'is malformed: exp is null, where seconds since 1970 are due', 'correct exp'],
    ['exp', '2026-11-26', 'is malformed: exp is text, where seconds since 1970 are due', 'correct exp'],
    ['exp', 1e300, 'is malformed: exp is 1e+300, where seconds since 1970 are due', 'correct exp'],
    ['exp', now - 61, "expired 61 s ago by this machine's clock (exp)", 'compare the clocks'],
    ['nbf', null, 'is malformed: nbf is null, where seconds since 1970 are due', 'correct nbf'],
    ['nbf', 'now', 'is malformed: nbf is text, where seconds since 1970 are due', 'correct nbf'],
    ['nbf', now + 90, "is not valid for another 90 s by this machine's clock (nbf)", 'compare the clocks'],
    [
      'auth_time',
      null,
      'is malformed: auth_time is null, where seconds since 1970 are due',
      'correct auth_time',
    ],
    [
      'auth_time',
      'now',
      'is malformed: auth_time is text, where seconds since 1970 are due',
      'correct auth_time',
    ],
    [
      'auth_time',
      {},
      'is malformed: auth_time is an object, where seconds since 1970 are due',
      'correct auth_time',
    ],
    [
      'auth_time',
      now + 120,
      "tells of a sign-in 120 s in the future by this machine's clock (auth_time)",
      'compare the clocks',
    ],
  ];

  it.each(rows)('%s: %j', (claim, value, what, hint, more) => {
    const error = refusalOf(jwt(header, { ...claims, ...more, [claim]: value }));
    expect(error).toMatchObject({
      code: 'id_token_invalid',
      message: saying(what),
      details: { reason: claim },
    });
    expect(error.hint).toContain(hint);
    // Advice about something else leads in a circle.
    if (!error.message.includes('auth_time')) expect(error.hint).not.toContain('--max-age');
    if (!/"other"|"a", "b"|touch/.test(error.message)) expect(error.hint).not.toContain('--app-id');
    expect(`${error.message} ${error.hint}`).not.toContain('nonce-');
  });

  it.each<[string, unknown, unknown]>([
    ['aud', 'other', 'other'],
    ['aud', ['other', 'another'], ['other', 'another']],
    ['aud', ['app', 'other'], ['app', 'other']],
    ['aud', undefined, null],
    ['aud', null, null],
    ['azp', 'other', 'other'],
    ['azp', 1, null],
  ])('%s: %j, with what was found and expected in details', (claim, value, found) => {
    const error = refusalOf(jwt(header, { ...claims, [claim]: value }));
    expect(error.details).toEqual({ reason: claim, found, expected: 'app' });
  });

  it.each<[unknown, string, string | null]>([
    [undefined, 'does not say who issued it (iss is missing)', null],
    ['', 'does not say who issued it (iss is empty)', ''],
    [null, 'is malformed: iss is null, where text is due', null],
    [1, 'is malformed: iss is 1, where text is due', null],
    [['https://provider.test'], 'is malformed: iss is a list, where text is due', null],
    [
      'https://other.test',
      'was issued by "https://other.test" instead of "https://provider.test" (iss)',
      'https://other.test',
    ],
    [
      'https://provider.test/',
      'was issued by "https://provider.test/" instead of "https://provider.test" (iss): they differ by a slash at the end',
      'https://provider.test/',
    ],
  ])('iss: %j', (iss, what, found) => {
    expect(refusalOf(jwt(header, { ...claims, iss }))).toMatchObject({
      code: 'issuer_mismatch',
      message: saying(what),
      details: { expected: 'https://provider.test', found },
    });
  });

  it.each([
    [
      undefined,
      'does not say when the user signed in, though max_age asks for it (auth_time is missing)',
      'Leave out --max-age',
    ],
    [
      now - 180,
      'tells of a sign-in 180 s ago, where at most 60 s are allowed (auth_time)',
      'larger --max-age',
    ],
  ])('auth_time: %j where max_age was sent', (authTime, what, hint) => {
    const error = refusalOf(
      jwt(header, { ...claims, auth_time: authTime }),
      expecting(undefined, { maxAge: 60 }),
    );
    expect(error).toMatchObject({ message: saying(what), details: { reason: 'auth_time' } });
    expect(error.hint).toContain(hint);
  });

  it.each([
    [null, 'does not tell its time'],
    [30, "agrees with this machine's"],
    [-400, 'The clocks differ by 400 s'],
  ])('with what the clocks have to do with it (%j s apart)', (clockDifference, hint) => {
    const error = refusalOf(
      jwt(header, { ...claims, iat: now + 120 }),
      expecting(undefined, { clockDifference }),
    );
    expect(error).toMatchObject({ details: { reason: 'iat' } });
    expect(error.hint).toContain(hint);
  });
});

describe('a header that is wrong is told as what is wrong with it', () => {
  const hmac = ['HS256', 'HS384', 'HS512', 'RS256'];
  type Row = [alg: unknown, rules: AlgorithmRules, what: string, hint: string];
  const rows: Row[] = [
    [
      undefined,
      { announced },
      'does not say how it is signed (alg is missing)',
      'id_token_signed_response_alg',
    ],
    [null, { announced }, 'does not say how it is signed (alg is null)', 'id_token_signed_response_alg'],
    [1, { announced }, 'does not say how it is signed (alg is a number)', 'id_token_signed_response_alg'],
    ['', { announced }, 'does not say how it is signed (alg is empty)', 'id_token_signed_response_alg'],
    ['none', { announced }, 'is not signed (alg is "none")', 'id_token_signed_response_alg'],
    ['NoNe', { announced }, 'is not signed (alg is "NoNe")', 'id_token_signed_response_alg'],
    ['none', { announced: ['none'] }, 'is not signed (alg is "none")', 'id_token_signed_response_alg'],
    [
      'PS512',
      { announced },
      'is signed with PS512, and the provider announces ES256, RS256',
      'its discovery document lists',
    ],
    [
      'ES256',
      { announced: undefined },
      'is signed with ES256, and the provider lists no algorithms, which stands for RS256',
      'discovery document',
    ],
    ['none', { announced: ['ES384'] }, 'is not signed (alg is "none")', 'of this application with ES384 ('],
    ['none', { announced: undefined }, 'is not signed (alg is "none")', 'of this application with RS256 ('],
    [
      'ES256K',
      { announced: ['ES256K'] },
      'is signed with ES256K, which this program cannot verify',
      'RS256 or ES256',
    ],
    [
      'es256',
      { announced },
      'is signed with es256, and the provider announces ES256, RS256',
      'discovery document',
    ],
    [
      'HS256',
      { announced },
      'is signed with the symmetric HS256, and the provider announces ES256, RS256',
      'discovery document',
    ],
    [
      'HS256',
      { announced, clientSecret: secret },
      'is signed with the symmetric HS256, and the provider announces ES256, RS256',
      'discovery document',
    ],
    [
      'HS256',
      { announced: hmac },
      'is signed with the symmetric HS256, which only an application with a secret can verify, and none is given',
      'LOGTO_APP_SECRET',
    ],
    [
      'HS256',
      { announced: hmac, clientSecret: '' },
      'is signed with the symmetric HS256, which only an application with a secret can verify, and none is given',
      'LOGTO_APP_SECRET',
    ],
    [
      'HS256',
      { announced: hmac, clientSecret: secret.slice(1) },
      'is signed with the symmetric HS256, for which the secret of the application is too short: 32 bytes are the least',
      'longer secret',
    ],
    [
      'HS384',
      { announced: hmac, clientSecret: secret },
      'is signed with the symmetric HS384, for which the secret of the application is too short: 48 bytes are the least',
      'longer secret',
    ],
    [
      'HS512',
      { announced: hmac, clientSecret: secret },
      'is signed with the symmetric HS512, for which the secret of the application is too short: 64 bytes are the least',
      'longer secret',
    ],
  ];

  it.each(rows)('alg: %j at %j', (alg, rules, what, hint) => {
    const error = refusalOf(jwt({ ...header, alg }), expecting(rules));
    expect(error).toMatchObject({
      code: 'id_token_invalid',
      message: saying(what),
      details: {
        reason: 'algorithm',
        found: typeof alg === 'string' ? alg : null,
        expected: trustedAlgorithms(rules),
      },
    });
    expect(error.hint).toContain(hint);
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain(secret.slice(1));
  });

  it('alg: HS256 is taken where it is announced and the secret is long enough, counted in bytes', () => {
    for (const clientSecret of [secret, 'ü'.repeat(16)])
      expect(checkIdToken(jwt({ alg: 'HS256' }), expecting({ announced: hmac, clientSecret }))).toEqual(
        claims,
      );
  });

  it.each([
    [['exp'], 'asks for extensions that nobody knows here (crit: "exp")'],
    [[], 'is malformed: crit is an empty list, where a list of names is due'],
    ['b64', 'is malformed: crit is text, where a list of names is due'],
    [null, 'is malformed: crit is null, where a list of names is due'],
  ])('crit: %j', (crit, what) => {
    expect(refusalOf(jwt({ ...header, crit }))).toMatchObject({
      message: saying(what),
      details: { reason: 'malformed' },
    });
  });
});

describe('a text that is no JWT is told as what it is', () => {
  const [head, body, end] = jwt().split('.') as [string, string, string];
  it.each([
    ['', 'is empty'],
    ['opaque-token', 'is no JWT: it has one part instead of three'],
    ['one.two', 'is no JWT: it has two parts instead of three'],
    [head, 'has one part instead of three: it was cut off, or has no signature'],
    [`${head}.${body}`, 'has two parts instead of three: it was cut off, or has no signature'],
    [`${head}.${body}.${end}.AAAA`, 'has 4 parts instead of three'],
    [`${head}.AAAA.AAAA.AAAA.AAAA`, 'is encrypted: it has five parts (JWE, RFC 7516)'],
    [`${head}.${body}.`, 'has no signature: it was cut off, or never had one'],
    [`.${body}.${end}`, 'has a header that is empty'],
    [`${head}..${end}`, 'has claims that are empty'],
    [`a+b.${body}.${end}`, 'has a header that is not base64url'],
    [`${head}.a b.${end}`, 'has claims that are not base64url'],
    [`${head}.${body}.${end}=`, 'has a signature that is not base64url'],
    [`${head}.AAAAA.${end}`, 'has claims that were cut off, or are not base64url'],
    [`${part('{')}.${body}.${end}`, 'has a header that is no JSON object'],
    [`${part('[]')}.${body}.${end}`, 'has a header that is no JSON object'],
    [`${head}.${body.slice(0, 40)}.${end}`, 'has claims that are no JSON object'],
    [`${head}.${part('"text"')}.${end}`, 'has claims that are no JSON object'],
  ])('%s', (token, what) => {
    const error = refusalOf(token);
    expect(error).toMatchObject({
      code: 'id_token_invalid',
      message: saying(what),
      details: { reason: 'malformed' },
    });
    expect(error.hint).toContain(
      what.startsWith('is encrypted') ? 'id_token_encrypted_response_alg' : 'Nothing',
    );
  });
});

describe('a refreshed ID token that changed is told as what changed', () => {
  const again = (changes: Json, before: Json = {}): LogtoError => {
    try {
      checkRefreshedIdToken(jwt(header, { ...claims, ...changes }), { ...claims, ...before }, expecting());
    } catch (error) {
      return error as LogtoError;
    }
    return expect.unreachable('it was taken');
  };

  it.each<[Json, Json, string, Json]>([
    [{ sub: 'bob' }, {}, 'is about another user than the session (sub)', { reason: 'sub' }],
    [
      { aud: ['app', 'other'], azp: 'app' },
      { azp: 'app' },
      'is meant for "app", "other", and that of the sign-in was for "app" (aud)',
      { reason: 'aud', found: ['app', 'other'], expected: 'app' },
    ],
    [
      { azp: 'app' },
      {},
      'was issued to "app", and that of the sign-in to nobody in particular (azp)',
      { reason: 'azp', found: 'app', expected: null },
    ],
    [
      {},
      { azp: 'app' },
      'was issued to nobody in particular, and that of the sign-in to "app" (azp)',
      { found: null, expected: 'app' },
    ],
    [{ nonce: 'other' }, {}, 'has another nonce than that of the sign-in (nonce)', { reason: 'nonce' }],
    [{}, { nonce: undefined }, 'has a nonce, and that of the sign-in had none (nonce)', { reason: 'nonce' }],
    [
      { auth_time: now - 5 },
      { auth_time: now - 10 },
      'tells of a sign-in at another time than that of this session (auth_time)',
      { reason: 'auth_time', found: now - 5, expected: now - 10 },
    ],
  ])('%j after %j', (changes, before, what, details) => {
    const error = again(changes, before);
    expect(error).toMatchObject({ code: 'id_token_invalid', message: saying(what), details });
    expect(error.hint).toContain('logto-cli sign-in');
  });
});
