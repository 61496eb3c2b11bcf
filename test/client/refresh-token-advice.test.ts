import { describe, expect, it } from 'vitest';
import { refreshTokenAdvice } from '../../src/client/refresh-token-advice.js';

const logto = { endpoint: 'https://tenant.test' };
const other = { issuer: 'https://issuer.test' };
const google = { issuer: 'https://accounts.google.com' };
const listed = { scopes_supported: ['openid', 'offline_access'] };
const asked = (scopes: readonly string[], consent: boolean) => ({ scopes, consent });

describe('the way to a refresh token', () => {
  it('is the prompt and the scope where the provider lists the scope', () => {
    expect(refreshTokenAdvice(other, listed)).toEqual({ flags: '--prompt consent --scope offline_access' });
    expect(refreshTokenAdvice(other, listed, asked(['openid', 'offline_access'], false))).toEqual({
      flags: '--prompt consent --scope offline_access',
    });
  });

  it('has no prompt that the provider leaves out of its list', () => {
    const metadata = { ...listed, prompt_values_supported: ['none', 'login'] };
    expect(refreshTokenAdvice(other, metadata)).toEqual({ flags: '--scope offline_access' });
    expect(refreshTokenAdvice(other, metadata, asked(['offline_access'], false))).toEqual({
      reason: 'The provider gave none, though it was asked with offline_access.',
    });
  });

  it.each([
    ['lists other scopes', { scopes_supported: ['openid', 'profile'] }],
    ['lists no scopes', {}],
  ])('is none where the provider %s: nothing is advised that it does not list', (_, metadata) => {
    const advice = refreshTokenAdvice(other, metadata);
    expect(advice).toEqual({ reason: expect.stringMatching(/does not list offline_access: nothing says/) });
    expect(JSON.stringify(advice)).not.toContain('--');
  });

  it("is Google's own parameter at Google", () => {
    expect(refreshTokenAdvice(google, { scopes_supported: ['openid', 'email', 'profile'] })).toEqual({
      flags: '--param access_type=offline --prompt consent',
    });
  });

  it('is not what was sent already', () => {
    const all = asked(['openid', 'offline_access'], true);
    expect(refreshTokenAdvice(other, listed, all)).toEqual({
      reason: 'The provider gave none, though it was asked with offline_access and prompt=consent.',
    });
    expect(refreshTokenAdvice(logto, null, all)).toEqual({
      reason: 'Logto gave none, though offline_access and prompt=consent were sent.',
    });
  });

  it('is at Logto the prompt, and the scope where it was left out', () => {
    expect(refreshTokenAdvice(logto, null)).toEqual({ flags: '--prompt consent' });
    expect(refreshTokenAdvice(logto, null, asked(['openid', 'offline_access'], false))).toEqual({
      flags: '--prompt consent',
    });
    expect(refreshTokenAdvice(logto, null, asked(['openid'], true))).toEqual({
      flags: '--prompt consent --scope offline_access',
    });
  });

  it('cannot be told of a provider whose document nobody can read', () => {
    expect(refreshTokenAdvice(other, null)).toEqual({
      reason: expect.stringContaining('its discovery document'),
    });
  });
});
