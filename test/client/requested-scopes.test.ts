import { describe, expect, it } from 'vitest';
import type { LogtoConfig } from '../../src/client/logto-config.js';
import { requestedScopes } from '../../src/client/requested-scopes.js';

const logto: LogtoConfig = { endpoint: 'https://tenant.test', appId: 'app' };
const other: LogtoConfig = { issuer: 'https://issuer.test', appId: 'app' };

describe('the requested scopes', () => {
  it('at Logto are openid, profile and offline_access, whatever discovery says', () => {
    expect(requestedScopes(logto, [])).toEqual(['openid', 'profile', 'offline_access']);
  });

  it('elsewhere are openid and profile where the provider does not list its scopes', () => {
    expect(requestedScopes(other, undefined)).toEqual(['openid', 'profile']);
  });

  it('elsewhere leave out profile where the provider lists its scopes without it', () => {
    expect(requestedScopes(other, ['openid', 'email'])).toEqual(['openid']);
    expect(requestedScopes(other, [])).toEqual(['openid']);
    expect(requestedScopes(other, ['openid', 'profile'])).toEqual(['openid', 'profile']);
    // What somebody asks for is asked for, whatever the list says.
    expect(requestedScopes({ ...other, scopes: ['profile'] }, ['openid'])).toEqual(['openid', 'profile']);
  });

  it('elsewhere have offline_access only where the provider says so', () => {
    expect(requestedScopes(other, ['openid', 'profile', 'offline_access'])).toEqual([
      'openid',
      'profile',
      'offline_access',
    ]);
    expect(requestedScopes(other, ['openid', 'offline_access'])).toEqual(['openid', 'offline_access']);
  });

  it('are the given ones beside the default ones, each once', () => {
    expect(requestedScopes({ ...logto, scopes: ['email', 'openid', 'email'] }, [])).toEqual([
      'openid',
      'profile',
      'offline_access',
      'email',
    ]);
  });

  it('are the given ones alone without the default ones, but for openid, which makes it a sign-in', () => {
    expect(requestedScopes({ ...logto, defaultScopes: false, scopes: ['email'] }, [])).toEqual([
      'openid',
      'email',
    ]);
    expect(requestedScopes({ ...logto, defaultScopes: false }, [])).toEqual(['openid']);
  });
});
