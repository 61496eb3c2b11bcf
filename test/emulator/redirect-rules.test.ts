import { describe, expect, it } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.js';
import { postLogoutRedirectUriAllowed, redirectUriAllowed } from '../../src/emulator/redirect-rules.js';

describe('redirectUriAllowed', () => {
  it.each([
    ['http://127.0.0.1/callback', 'http://127.0.0.1:4000/callback', true],
    ['http://[::1]:1/callback', 'http://[::1]:2/callback', true],
    ['http://localhost/callback', 'http://127.0.0.1/callback', false],
    ['http://localhost/callback', 'http://user@localhost:4000/callback', false],
    ['http://app.test/callback', 'http://app.test:4000/callback', false],
    ['https://localhost/callback', 'https://localhost:4000/callback', false],
    ['app:/callback', 'app:/callback', true],
    ['app:/callback', 'nothing', false],
  ])('Native, registered %s: %s is %s', (registered, uri, allowed) => {
    expect(redirectUriAllowed('Native', [registered], uri)).toBe(allowed);
  });
});

describe('postLogoutRedirectUriAllowed', () => {
  it.each([
    ['http://localhost:3000/', 'http://localhost:3000', true],
    ['http://localhost:3000/', 'http://localhost:3001/', false],
    ['http://localhost:3000/out', 'http://localhost:3000/out/', false],
  ])('registered %s: %s is %s', (registered, uri, allowed) => {
    expect(postLogoutRedirectUriAllowed([registered], uri)).toBe(allowed);
  });
});

describe('register', () => {
  it('sends browsers back to an address from then on, in this emulator alone, and knows its applications', async () => {
    const [emulator, other] = await Promise.all([startEmulator(), startEmulator()]);
    try {
      const redirectUri = 'http://localhost:8080/callback';
      const postLogoutRedirectUri = 'http://localhost:8080/bye';
      const answer = async ({ issuer }: { readonly issuer: string }) => {
        const query = new URLSearchParams({
          client_id: 'emulator-traditional',
          response_type: 'code',
          scope: 'openid',
          redirect_uri: redirectUri,
        });
        return (await fetch(`${issuer}/auth?${query}`, { redirect: 'manual' })).status;
      };
      expect(await answer(emulator)).toBe(400);
      emulator.register('emulator-traditional', { redirectUri, postLogoutRedirectUri });
      expect(await answer(emulator)).toBe(303);
      expect(await answer(other)).toBe(400);
      const application = emulator.description.applications.find(({ type }) => type === 'Traditional');
      expect(application?.redirectUris).toContain(redirectUri);
      expect(application?.postLogoutRedirectUris).toContain(postLogoutRedirectUri);
      expect(() => emulator.register('unknown', { redirectUri })).toThrow(
        'The emulator has no application unknown.',
      );
    } finally {
      await Promise.all([emulator.close(), other.close()]);
    }
  });
});
