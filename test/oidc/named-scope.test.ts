import { afterEach, describe, expect, it } from 'vitest';
import { errorFromOAuth } from '../../src/oidc/error/error-from-oauth.js';
import { checkAuthorizationResponse } from '../../src/oidc/validate/authorization-response.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { connect, signIn } from './protocol-fixture.js';

const asked = ['openid', 'profile', 'offline_access', 'read:things'];
const at = { kind: 'authorization', clientId: 'app', hasSecret: false, scopes: asked } as const;

function errorOf(description: string | null, scope?: string, request: object = at) {
  const error = {
    error: 'invalid_scope',
    description,
    status: null,
    isLogto: false,
    ...(scope && { scope }),
  };
  return errorFromOAuth(error, { ...at, ...request });
}

describe('a scope that is not allowed', () => {
  it.each([
    ['Logto, by a parameter', 'requested scope is not allowed', 'profile', 'profile'],
    ['Keycloak', 'Invalid scopes: openid read:things', undefined, undefined],
    ['Keycloak, one', 'Invalid scopes: read:things', undefined, 'read:things'],
    [
      'Hydra',
      "The OAuth 2.0 Client is not allowed to request scope 'offline_access'.",
      undefined,
      'offline_access',
    ],
    [
      'Google',
      'Some requested scopes were invalid. {valid=[openid, profile], invalid=[read:things]}',
      undefined,
      'read:things',
    ],
    [
      'Entra ID',
      "AADSTS650053: The application asked for scope 'read:things' that does not exist.",
      undefined,
      'read:things',
    ],
    ['in double quotes', 'The scope "profile" is unknown', undefined, 'profile'],
    ['two of them', "The scopes 'profile' and 'read:things' are unknown", undefined, undefined],
    ['one that nobody asked for', "Unknown scope 'things'", undefined, undefined],
    ['a word that is a scope too', 'Look at your profile', undefined, undefined],
    ['nothing', null, undefined, undefined],
  ])('is named where that is certain: %s', (_, description, scope, named) => {
    const error = errorOf(description, scope);
    expect(error).toMatchObject({ code: 'scope_not_allowed' });
    expect(error.details?.['scope']).toBe(named);
    if (named !== undefined) expect(error.message).toContain(`The scope ${named} is not allowed`);
  });

  it('is the only one that was asked for', () => {
    expect(
      errorOf(null, undefined, { kind: 'client-credentials', scopes: ['things'] }).details,
    ).toMatchObject({
      scope: 'things',
    });
  });

  it('and is one of the default ones can be left out, with the others kept', () => {
    const general = errorOf('x', 'profile').hint;
    expect(general).toContain("logto-cli sign-in --no-default-scopes --scope 'offline_access read:things'");
    expect(general).not.toMatch(/Logto|Console/);
    expect(errorOf('x', 'profile', { namedBy: 'endpoint' }).hint).toContain(
      "Logto's Console (Applications > your application > Permissions)",
    );
    expect(errorOf('x', 'read:things').hint).not.toContain('--no-default-scopes');
  });

  it('is named by the parameter of the authorization response', () => {
    const query =
      'error=invalid_scope&error_description=requested+scope+is+not+allowed&scope=phone&state=our-state';
    const expected = {
      state: 'our-state',
      issuer: 'https://a.test',
      requiresIss: false,
      clientId: 'app',
      scopes: asked,
    };
    expect(() => checkAuthorizationResponse(`http://localhost/?${query}`, expected)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('phone'),
        details: expect.objectContaining({ scope: 'phone' }),
      }),
    );
  });
});

describe('a resource that is not known', () => {
  const error = {
    error: 'invalid_target',
    description: 'resource indicator is missing, or unknown',
    status: null,
    isLogto: false,
  };

  it('is named, and of several all are', () => {
    expect(errorFromOAuth(error, { ...at, resources: ['https://a.test'] })).toMatchObject({
      code: 'resource_unknown',
      message: expect.stringContaining('https://a.test'),
      details: { resource: 'https://a.test' },
    });
    expect(errorFromOAuth(error, { ...at, resources: ['https://a.test', 'https://b.test'] })).toMatchObject({
      message: expect.stringContaining('one of the resources https://a.test, https://b.test'),
      details: { resources: ['https://a.test', 'https://b.test'] },
    });
  });
});

describe('at the token endpoint', () => {
  let lying: LyingProvider;
  afterEach(() => lying.close());

  it('scope and resource are named too', async () => {
    const body = {
      error: 'invalid_scope',
      error_description: 'x',
      scope: 'phone',
      code: 'oidc.invalid_scope',
    };
    lying = await startLyingProvider({ answers: { token: { status: 400, body } } });
    await expect(signIn(lying)).rejects.toMatchObject({
      code: 'scope_not_allowed',
      details: { scope: 'phone' },
    });
    lying.lies = { answers: { token: { status: 400, body: { error: 'invalid_target' } } } };
    await expect(signIn(lying, {}, { resources: ['https://a.test'] })).rejects.toMatchObject({
      code: 'resource_unknown',
      details: { resource: 'https://a.test' },
    });
    lying.lies = { answers: { token: { status: 400, body: { error: 'invalid_scope' } } } };
    await expect(
      connect(lying, { clientSecret: 'app-secret-0123' }).then((it) =>
        it.clientCredentials({ scopes: ['a'] }),
      ),
    ).rejects.toMatchObject({
      details: { scope: 'a' },
    });
  });
});
