import { describe, expect, it } from 'vitest';
import { applicationIn, meantProviders } from '../../../src/commands/init/typed-provider.js';

describe('an address that somebody pasted', () => {
  it.each([
    ['abc123', 'https://abc123.logto.app/oidc'],
    ['https://cloud.logto.io/abc123/applications/x', 'https://abc123.logto.app/oidc'],
    ['cloud.logto.io/abc123', 'https://abc123.logto.app/oidc'],
    ['http://localhost:3002/console/applications', 'http://localhost:3001/oidc'],
    ['https://auth.example.com/console', 'https://auth.example.com/oidc'],
    [' "tenant.logto.app" ', 'https://tenant.logto.app/oidc'],
    ['https://tenant.logto.app/sign-in?app_id=x', 'https://tenant.logto.app/oidc'],
    ['localhost:3001/oidc/.well-known/openid-configuration', 'http://localhost:3001/oidc'],
  ])('may mean, first of all: %s', (typed, issuer) => {
    expect(meantProviders(typed)[0]).toBe(issuer);
  });

  it.each([
    ['https://id.example.com', 'https://id.example.com'],
    ['https://id.example.com/', 'https://id.example.com'],
    ['https://id.example.com', 'https://id.example.com/'],
    ['id.example.com/realms/a/.well-known/openid-configuration', 'https://id.example.com/realms/a'],
    ['https://id.example.com/realms/a/protocol/openid-connect/auth?x=1', 'https://id.example.com/realms/a'],
  ])('may mean any provider: %s', (typed, issuer) => {
    expect(meantProviders(typed)).toContain(issuer);
  });

  it('is never asked for with what may be a password in it', () => {
    expect(meantProviders('https://alice:secret@id.example.com')).toEqual([
      'https://alice:secret@id.example.com',
    ]);
  });

  it.each([
    ['https://cloud.logto.io/abc123/applications/abcdefghij0123456789/settings', 'abcdefghij0123456789'],
    ['https://tenant.logto.app/oidc/auth?client_id=abc&scope=openid', 'abc'],
    ['https://tenant.logto.app/sign-in?app_id=abc', 'abc'],
    ['https://tenant.logto.app', null],
    ['tenant', null],
  ])('may name the application: %s', (typed, appId) => {
    expect(applicationIn(typed)).toBe(appId);
  });
});
