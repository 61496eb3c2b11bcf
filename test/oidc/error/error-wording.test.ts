import { describe, expect, it } from 'vitest';
import { errorFromOAuth } from '../../../src/oidc/error/error-from-oauth.js';
import type { OAuthError, OAuthRequest } from '../../../src/oidc/error/oauth-error.js';
import { oauthErrorRules } from '../../../src/oidc/error/oauth-error-rules.js';
import { worded } from '../../../src/wording.js';

const kinds = [
  'authorization',
  'pushed-authorization',
  'code',
  'refresh',
  'client-credentials',
  'revocation',
  'device-authorization',
  'end-session',
] as const satisfies readonly OAuthRequest['kind'][];

const descriptions = [
  null,
  'native clients require End-User interaction',
  'Incorrect redirect_uri',
  'PKCE verification failed',
  'issued to another client',
];

/** Our own names are no advice about Logto. */
function withoutOurNames(text: string): string {
  return text.replaceAll(/logto-cli|LOGTO_\w+|urn:logto:\S+/g, '');
}

function* everySituation(): Generator<[OAuthRequest, OAuthError]> {
  for (const kind of kinds) {
    for (const description of descriptions) {
      for (const hasSecret of [true, false]) {
        for (const target of [{}, { resource: 'https://api.test' }, { organization: 'org-1' }]) {
          for (const scope of [{}, { scope: 'openid' }, { scope: 'profile' }, { scope: 'things' }]) {
            yield [
              { kind, clientId: 'app', hasSecret, redirectUri: 'http://localhost:3000/x', ...target },
              { error: 'access_denied', description, status: 400, isLogto: false, ...scope },
            ];
          }
        }
      }
    }
  }
}

describe('the words for an error of a provider that is set by its issuer', () => {
  it.each(oauthErrorRules.map((rule, index) => [rule.code, index, rule] as const))(
    'never speak of Logto or its Console (%s, rule %i)',
    (_code, _index, rule) => {
      for (const [request, error] of everySituation()) {
        for (const words of [rule.says(request, error), rule.hint(request, error)]) {
          expect(withoutOurNames(worded(words, 'issuer'))).not.toMatch(/Logto|Console/i);
        }
      }
    },
  );

  it('are chosen in one place, and name the Console to whoever set an endpoint', () => {
    const error = { error: 'invalid_redirect_uri', description: null, status: 400, isLogto: true };
    const request = {
      kind: 'authorization',
      clientId: 'app',
      hasSecret: false,
      redirectUri: 'http://a/b',
    } as const;
    expect(errorFromOAuth(error, { ...request, namedBy: 'endpoint' }).hint).toMatch(
      /Logto's Console \(Applications > your application > Redirect URIs\)/,
    );
    expect(errorFromOAuth(error, { ...request, namedBy: 'issuer' }).hint).not.toMatch(/Logto|Console/);
    expect(errorFromOAuth(error, request).hint).not.toMatch(/Logto|Console/);
  });
});
