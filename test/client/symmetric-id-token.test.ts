import { describe, expect, it, onTestFinished } from 'vitest';
import { LogtoClient } from '../../src/client/logto-client.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { followSignIn } from '../../src/headless/follow-sign-in.js';
import { createFetch } from '../../src/network/create-fetch.js';
import { decodeJwt } from '../../src/oidc/validate/jwt.js';
import { startPlainProvider } from '../support/plain-provider.js';

const redirectUri = 'http://localhost:3000/callback';

describe('a provider that signs with the secret of the application', () => {
  it.each([
    ['HS256', 'a-secret-of-32-bytes-0123456789-'],
    ['HS512', 'a-secret-of-64-bytes-0123456789-'.repeat(2)],
  ] as const)('signs in, refreshes and tells of the user (%s)', async (alg, appSecret) => {
    const provider = await startPlainProvider({
      configuration: {
        clients: [
          {
            client_id: 'symmetric',
            client_secret: appSecret,
            redirect_uris: [redirectUri],
            grant_types: ['authorization_code', 'refresh_token'],
            response_types: ['code'],
            id_token_signed_response_alg: alg,
            userinfo_signed_response_alg: alg,
          },
        ],
        enabledJWA: { idTokenSigningAlgValues: ['RS256', alg], userinfoSigningAlgValues: ['RS256', alg] },
        features: { jwtUserinfo: { enabled: true } },
      },
    });
    onTestFinished(() => provider.close());
    const fetch = await createFetch({ environment: {}, timeout: 10_000 });
    const config = { issuer: provider.issuer, appId: 'symmetric', appSecret, prompt: 'consent' };
    const client = new LogtoClient(config, { fetch });

    const authorizationUrl = await client.signIn({ redirectUri });
    const person = { username: 'carol', password: 'carol-password' };
    const cookies = new CookieJar();
    await client.handleSignInCallback(await followSignIn({ authorizationUrl, ...person, fetch, cookies }));

    expect(decodeJwt(await client.getIdToken())?.header['alg']).toBe(alg);
    expect(decodeJwt(await client.getIdToken({ refresh: true }))?.claims['sub']).toBe('plain-1');
    expect(await client.fetchUserInfo()).toMatchObject({ sub: 'plain-1', name: 'carol' });
    expect(provider.requests).not.toContain('GET /keys');
  });
});
