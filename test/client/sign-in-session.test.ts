import { describe, expect, it } from 'vitest';
import { parseSignInSession, type SignInSession } from '../../src/client/sign-in-session.js';
import { failureOf } from '../support/failure-of.js';

const session: SignInSession = {
  issuer: 'https://tenant.test/oidc',
  appId: 'app',
  redirectUri: 'http://localhost:3000/callback',
  state: 'a-state',
  nonce: 'a-nonce',
  codeVerifier: 'a-verifier',
  maxAge: 60,
  scopes: ['openid'],
  resources: [],
};

describe('a stored sign-in under way', () => {
  it('is read as it was written', () => {
    expect(parseSignInSession(JSON.stringify(session))).toEqual(session);
  });

  it.each<[string, string]>([
    ['no JSON', 'x'],
    ['null', 'null'],
    ['a number', '1'],
    ...(
      ['issuer', 'appId', 'redirectUri', 'state', 'nonce', 'codeVerifier', 'scopes', 'resources'] as const
    ).map((name): [string, string] => [`without ${name}`, JSON.stringify({ ...session, [name]: undefined })]),
    ['with a state that is no text', JSON.stringify({ ...session, state: 1 })],
  ])('is corrupt when it is %s, and nothing of it is told', async (_, text) => {
    const failure = await failureOf(() => parseSignInSession(text));
    expect(failure).toMatchObject({ code: 'storage_corrupt' });
    expect(JSON.stringify([failure.message, failure.hint, failure.details])).not.toMatch(
      /a-state|a-nonce|a-verifier/,
    );
  });
});
