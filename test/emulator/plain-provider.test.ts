import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { followSignIn, followSignOut } from '../../src/headless/follow-sign-in.js';
import { startPlainProvider } from '../support/plain-provider.js';
import { decodeJwt, open, post, rawFetch, read, verifier } from './raw-client.js';

describe('the plain provider, which is not shaped like Logto', () => {
  it.each(['RS256', 'ES256'] as const)(
    'signs in, refreshes, revokes and signs out (%s)',
    async (algorithm) => {
      const provider = await startPlainProvider({ idTokenAlgorithm: algorithm });
      try {
        const discovery = (await read(await fetch(`${provider.issuer}/.well-known/openid-configuration`)))
          .body;
        expect(discovery.issuer).toBe(provider.issuer);
        expect(discovery.authorization_endpoint).toBe(`${provider.issuer}/authorize`);
        expect(discovery.scopes_supported).toContain('offline_access');
        const clients: readonly { clientId: string; clientSecret?: string }[] = Object.values(
          provider.clients,
        );
        for (const client of clients) {
          const cookies = new CookieJar();
          const authorization = {
            client_id: client.clientId,
            redirect_uri: 'http://localhost:3000/callback',
            response_type: 'code',
            scope: 'openid profile offline_access',
            prompt: 'consent',
            state: 's',
            nonce: 'n',
            code_challenge: createHash('sha256').update(verifier).digest('base64url'),
            code_challenge_method: 'S256',
          };
          const callback = await followSignIn({
            authorizationUrl: `${discovery.authorization_endpoint}?${new URLSearchParams(authorization)}`,
            username: 'carol',
            password: 'carol-password',
            fetch: rawFetch,
            cookies,
          });
          const code = new URL(callback).searchParams.get('code') ?? '';
          const authentication = { client_id: client.clientId, client_secret: client.clientSecret };
          const { body } = await post(discovery.token_endpoint, null, {
            ...authentication,
            grant_type: 'authorization_code',
            code,
            redirect_uri: 'http://localhost:3000/callback',
            code_verifier: verifier,
          });
          const { header, claims } = decodeJwt(body.id_token);
          expect(header['alg']).toBe(algorithm);
          expect(claims).toMatchObject({ iss: provider.issuer, sub: 'plain-1', nonce: 'n' });
          expect(claims).not.toHaveProperty('name');

          const info = await fetch(discovery.userinfo_endpoint, {
            headers: { authorization: `Bearer ${body.access_token}` },
          });
          expect(await info.json()).toMatchObject({ sub: 'plain-1', name: 'carol' });
          const again = { ...authentication, grant_type: 'refresh_token', refresh_token: body.refresh_token };
          const refreshed = await post(discovery.token_endpoint, null, again);
          expect(refreshed.status).toBe(200);
          const token = refreshed.body.refresh_token;
          expect((await post(discovery.revocation_endpoint, null, { ...authentication, token })).status).toBe(
            200,
          );
          const late = await post(discovery.token_endpoint, null, { ...again, refresh_token: token });
          expect(late).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });

          const end = new URLSearchParams({
            client_id: client.clientId,
            post_logout_redirect_uri: 'http://localhost:3000/',
            state: 'out',
          });
          expect(
            await followSignOut({
              endSessionUrl: `${discovery.end_session_endpoint}?${end}`,
              fetch: rawFetch,
              cookies,
            }),
          ).toBe('http://localhost:3000/?state=out');
        }
        expect(provider.requests).toContain('POST /oauth/token');
        expect(provider.requests.every((request) => !request.includes('?'))).toBe(true);
      } finally {
        await provider.close();
      }
    },
  );

  it('lets the person say no, shows errors as pages, and can be configured otherwise', async () => {
    const provider = await startPlainProvider({
      configuration: {
        features: {
          pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
        },
      },
    });
    try {
      const { body } = await read(await fetch(`${provider.issuer}/.well-known/openid-configuration`));
      expect(body.require_pushed_authorization_requests).toBe(true);
      const error = await open(`${provider.issuer}/authorize?client_id=nobody`);
      expect(error.headers.get('content-type')).toContain('html');
      expect(error.status).toBe(400);
    } finally {
      await provider.close();
    }
    const asking = await startPlainProvider();
    try {
      const cookies = new CookieJar();
      const query = new URLSearchParams({
        client_id: asking.clients.public.clientId,
        redirect_uri: 'http://localhost:3456/callback',
        response_type: 'code',
        scope: 'openid',
        code_challenge: 'c'.repeat(43),
        code_challenge_method: 'S256',
      });
      const first = await open(`${asking.issuer}/authorize?${query}`, cookies);
      const page = new URL(first.headers.get('location') ?? '', asking.issuer).href;
      const denied = await open(page, cookies, {
        method: 'POST',
        body: new URLSearchParams({ answer: 'no' }),
      });
      const back = await open(denied.headers.get('location') ?? '', cookies);
      expect(back.headers.get('location')).toMatch(/^http:\/\/localhost:3456\/callback\?error=access_denied/);
    } finally {
      await asking.close();
    }
  });
});
