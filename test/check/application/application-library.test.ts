import { describe, expect, it } from 'vitest';
import { applicationChecks } from '../../../src/check/application/application-checks.js';
import { type LibraryName, libraryOf } from '../../../src/check/application/application-library.js';
import { inWordsOf, libraryHints } from '../../../src/check/application/library-hints.js';
import type { ProviderRequest } from '../../../src/check/application/misbehaving-provider.js';
import { passed } from '../../../src/check/run/check-results.js';
import { failed, groupOf } from '../../../src/check/run/claused-check.js';

const request = (endpoint: ProviderRequest['endpoint'], userAgent: string | null): ProviderRequest => {
  return {
    endpoint,
    method: 'POST',
    parameters: [],
    authorization: 'basic',
    userAgent,
    clientId: 'a',
    status: 200,
  };
};
const asked = (query: string) => new URL(`http://localhost:4000/oidc/auth?${query}`);
const plain = 'client_id=a&scope=openid&redirect_uri=http://localhost:8080/callback';

describe('the library of an application', () => {
  it.each<[LibraryName | null, string | null, string[], string]>([
    ['express-openid-connect', 'express-openid-connect/3.4.0', ['appSession'], plain],
    ['mod_auth_openidc', '[localhost:80:1234] mod_auth_openidc-2.4.16.1 libcurl-8.1 OpenSSL 3', [], plain],
    ['authlib', 'Authlib/1.6.5 (+https://authlib.org/)', ['session'], plain],
    ['authjs', 'oauth4webapi/v3.8.0', ['authjs.csrf-token', 'authjs.session-token'], plain],
    [
      'authjs',
      'openid-client/5.7.1 (https://github.com/panva/openid-client)',
      ['__Host-next-auth.csrf-token'],
      plain,
    ],
    ['openid-client', 'openid-client/v6.8.1', ['connect.sid'], plain],
    ['passport', 'Node-oauth', ['connect.sid'], plain],
    [
      'spring-security',
      'Java/21.0.1',
      ['JSESSIONID'],
      'client_id=a&redirect_uri=http://localhost:8080/login/oauth2/code/logto',
    ],
    [
      'logto',
      'node',
      ['connect.sid'],
      'client_id=a&redirect_uri=http://localhost:8080/logto/sign-in-callback&code_challenge=b&code_challenge_method=S256&state=c&response_type=code&prompt=consent&scope=openid+offline_access+profile+email',
    ],
    ['logto', 'node', ['logto_a'], plain],
    // Shared by many, and said of itself by anybody's browser.
    [null, 'node', ['connect.sid'], plain],
    [null, null, ['JSESSIONID', 'session'], plain],
    [null, 'oauth4webapi/v3.8.0', [], plain],
    [null, 'openid-client/5.7.1 (https://github.com/panva/openid-client)', [], plain],
    [null, 'my-Authlib/1', [], plain],
  ])('is %s of %s with the cookies %o', (library, userAgent, cookies, query) => {
    const evidence = {
      cookies: cookies.map((name) => ({ name })),
      authorizationRequest: asked(query),
    };
    expect(libraryOf({ ...evidence, requests: [request('token', userAgent)] })).toBe(library);
  });

  it('is not what a browser says of itself', () => {
    const requests = [request('authorization', 'Authlib/1.6.5'), request('end-session', 'Node-oauth')];
    expect(libraryOf({ requests, cookies: [], authorizationRequest: asked(plain) })).toBeNull();
  });
});

describe('a hint', () => {
  const result = failed('It is so.', 'Do otherwise.');

  it('says what to change in the words of the library, by check or by group', () => {
    expect(inWordsOf('authjs', 'return.elsewhere', result).hint).toMatch(
      /^Do otherwise\. In Auth\.js: the callback redirect/,
    );
    expect(inWordsOf('authlib', 'callback.wrong-state', result).hint).toContain(
      'In Authlib: authorize_access_token()',
    );
    const once = inWordsOf('logto', 'ended', result);
    expect(once.hint).toContain('In the Logto SDKs: handleSignInCallback() throws');
    expect(inWordsOf('logto', 'callback.wrong-state', once)).toEqual(once);
  });

  it('stays as it is where nothing is known, or nothing is wrong', () => {
    expect(inWordsOf(null, 'return.elsewhere', result)).toEqual(result);
    expect(inWordsOf('passport', 'return.elsewhere', result)).toEqual(result);
    const right = { ...passed('It is right.'), hint: 'Go on.' };
    expect(inWordsOf('authjs', 'return.elsewhere', right)).toEqual(right);
  });

  it('is about a check that there is', () => {
    const known = new Set(['ended', ...applicationChecks.flatMap((check) => [check.id, groupOf(check)])]);
    const about = Object.values(libraryHints).flatMap((hints) => Object.keys(hints));
    expect(about.filter((name) => !known.has(name))).toEqual([]);
    expect(about.length).toBeGreaterThan(60);
  });
});
