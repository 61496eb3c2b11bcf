import { createHash } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { idTokenChecks } from '../../../src/check/with-user/id-token.js';
import { judgeSignature } from '../../../src/check/with-user/jwt-signature.js';
import { TestedUser } from '../../../src/check/with-user/tested-user.js';
import { userInfoChecks } from '../../../src/check/with-user/userinfo.js';
import { createFetch } from '../../../src/network/create-fetch.js';
import { optionsAt } from '../../battery/run-with-user.js';
import type { Lies } from '../../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../../support/lying-provider.js';
import { createSigningKey, hmacJwt, type Json, signJwt } from '../../support/signed-jwt.js';

const clientSecret = 'a-secret-of-32-bytes-0123456789-';

async function subjectAt(
  lies: Lies = {},
  secret?: string,
): Promise<{ lying: LyingProvider; subject: TestedUser }> {
  const lying = await startLyingProvider(lies);
  onTestFinished(() => lying.close());
  const fetch = await createFetch({ environment: {}, timeout: 10_000 });
  const options = { ...optionsAt(lying, fetch), clientId: 'app' };
  return {
    lying,
    subject: new TestedUser({ ...options, ...(secret !== undefined && { clientSecret: secret }) }),
  };
}

describe('test --as takes a signature', () => {
  it('by a key of the provider', async () => {
    const { lying, subject } = await subjectAt();
    expect(await judgeSignature(lying.sign({}, lying.claims()), 'ID token', subject)).toEqual({
      outcome: 'passed',
      message: 'ES256, by a key of the provider',
    });
  });

  it('by a key, of another algorithm, that came while the checks ran', async () => {
    const { lying, subject } = await subjectAt();
    await subject.provider.keys();
    lying.keys = [createSigningKey('rsa', 'RS256')];
    expect(await judgeSignature(lying.sign({}, lying.claims()), 'ID token', subject)).toMatchObject({
      outcome: 'passed',
    });
    expect(lying.requests.map(({ step }) => step)).toEqual(['discovery', 'jwks', 'discovery', 'jwks']);
  });

  it('by the secret of the application, where that is long enough', async () => {
    const { lying, subject } = await subjectAt({}, clientSecret);
    const jwt = hmacJwt({ alg: 'HS256' }, lying.claims(), clientSecret);
    expect(await judgeSignature(jwt, 'ID token', subject)).toEqual({
      outcome: 'passed',
      message: 'HS256, by the secret of the application',
    });
    expect(lying.requests).toEqual([]);
  });

  it.each<[string, Json, string, string]>([
    ['a stranger', { kid: 'first' }, 'failed', 'The ID token is not signed by the provider.'],
    [
      'a key that is nowhere',
      { kid: 'other' },
      'failed',
      'The ID token is signed with the key "other", which is not in the key set',
    ],
    [
      'an algorithm nobody knows here',
      { alg: 'ES256K' },
      'incomplete',
      'Signatures by ES256K cannot be checked here.',
    ],
  ])('and none by %s', async (_, header, outcome, message) => {
    const { lying, subject } = await subjectAt();
    const jwt = signJwt({ alg: 'ES256', ...header }, lying.claims(), createSigningKey('stranger'));
    const result = await judgeSignature(jwt, 'ID token', subject);
    expect(result).toMatchObject({ outcome, message: expect.stringContaining(message) });
  });

  it.each<[string, string | undefined, string, string]>([
    [
      'another secret',
      `${clientSecret}!`,
      'failed',
      'is not signed with the secret of this application (HS256)',
    ],
    ['a short secret', 'short', 'failed', 'too short for HS256: 32 bytes are the least'],
    ['no secret', undefined, 'incomplete', 'can only be checked with a secret'],
  ])('and none by an HMAC with %s', async (_, secret, outcome, message) => {
    const { lying, subject } = await subjectAt({}, secret);
    const result = await judgeSignature(
      hmacJwt({ alg: 'HS256' }, lying.claims(), clientSecret),
      'ID token',
      subject,
    );
    expect(result).toMatchObject({ outcome, message: expect.stringContaining(message) });
  });
});

/** A sign-in whose tokens are these, without one. */
function withTokens(subject: TestedUser, tokens: Json): TestedUser {
  const answer = { status: 200, headers: new Headers(), json: tokens, jwt: null, error: null };
  return Object.assign(subject, {
    session: async () => ({
      tokens: answer,
      accessToken: 'access-1',
      authorized: { request: { nonce: 'n' } },
    }),
  });
}

const checkOf = (id: string) =>
  [...idTokenChecks, ...userInfoChecks].find((check) => check.id === id) ?? expect.unreachable(id);
const signal = new AbortController().signal;

describe('test --as says of the algorithm of an ID token', () => {
  const announcing =
    (...algorithms: string[]) =>
    (document: Json): Json => ({ ...document, id_token_signing_alg_values_supported: algorithms });

  it.each<[string, string[], string | undefined, string]>([
    ['HS256', ['HS256'], clientSecret, 'HS256, which is announced'],
    [
      'HS256',
      ['HS256'],
      undefined,
      'The ID token is signed with the symmetric HS256, which only an application with a secret can verify',
    ],
    [
      'HS256',
      ['HS256'],
      'short',
      'The ID token is signed with the symmetric HS256, for which the secret of the application is too short',
    ],
    ['PS256', ['ES256'], undefined, 'The ID token is signed with PS256, and the provider announces ES256'],
  ])('%s, where %j is announced and the secret is %s', async (alg, announced, secret, message) => {
    const { lying, subject } = await subjectAt({ discovery: announcing(...announced) }, secret);
    const found = withTokens(subject, { id_token: lying.sign({ alg }, lying.claims()) });
    const result = await checkOf('id-token.algorithm').run(found, signal);
    expect(result.message).toContain(message);
  });

  it('that it is announced by now, where it changed while the checks ran', async () => {
    const { lying, subject } = await subjectAt({ discovery: announcing('ES256') });
    await subject.provider.metadata();
    lying.lies.discovery = announcing('PS256', 'RS256', 'ES256');
    const found = withTokens(subject, { id_token: lying.sign({ alg: 'RS256' }, lying.claims()) });
    expect(await checkOf('id-token.algorithm').run(found, signal)).toEqual({
      outcome: 'passed',
      message: 'RS256, which is announced by now',
    });
  });
});

describe('test --as says of an ID token', () => {
  it.each<[string, string | null, string, string]>([
    ['that is missing', null, 'failed', 'no ID token came'],
    ['that is encrypted', 'a.b.c.d.e', 'failed', 'The ID token is encrypted: it has five parts'],
    [
      'that was cut off',
      `${Buffer.from('{"alg":"ES256"}').toString('base64url')}.e30`,
      'failed',
      'it was cut off',
    ],
  ])('%s what it is', async (_, jwt, outcome, message) => {
    const { subject } = await subjectAt();
    const found = withTokens(subject, { id_token: jwt });
    expect(await checkOf('id-token.present').run(found, signal)).toMatchObject({
      outcome,
      message: expect.stringContaining(message),
    });
  });

  it('of a secret that its at_hash is right', async () => {
    const { lying, subject } = await subjectAt({}, clientSecret);
    const hash = createHash('sha256').update('access-1').digest().subarray(0, 16).toString('base64url');
    const jwt = hmacJwt({ alg: 'HS256' }, lying.claims({ at_hash: hash }), clientSecret);
    const found = withTokens(subject, { id_token: jwt });
    expect(await checkOf('id-token.access-token-hash').run(found, signal)).toMatchObject({
      outcome: 'passed',
    });
  });
});

describe('test --as takes a UserInfo response that is signed', () => {
  it.each<[string, Json, string, string]>([
    ['by the provider', {}, 'passed', 'with claims, signed with ES256, by a key of the provider'],
    ['by somebody else', { kid: 'other' }, 'failed', 'The UserInfo response is signed with the key "other"'],
  ])('%s', async (_, header, outcome, message) => {
    const { lying, subject } = await subjectAt();
    lying.lies.userInfo = (claims) => lying.sign(header, claims);
    const found = withTokens(subject, { access_token: 'access-1', id_token: lying.sign({}, lying.claims()) });
    expect(await checkOf('userinfo.answers').run(found, signal)).toMatchObject({
      outcome,
      message: expect.stringContaining(message),
    });
    expect(await checkOf('userinfo.subject').run(found, signal)).toMatchObject({ outcome: 'passed' });
  });
});
