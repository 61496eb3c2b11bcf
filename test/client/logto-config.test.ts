import { describe, expect, it } from 'vitest';
import { appIdOf, issuerOf, normalizeEndpoint } from '../../src/client/logto-config.js';
import { failureOf } from '../support/failure-of.js';

describe('an endpoint', () => {
  it.each([
    ['https://tenant.logto.app', 'https://tenant.logto.app'],
    ['https://tenant.logto.app/', 'https://tenant.logto.app'],
    ['https://tenant.logto.app///', 'https://tenant.logto.app'],
    ['HTTPS://Tenant.Logto.App', 'https://tenant.logto.app'],
    ['https://host.test:8443/auth/', 'https://host.test:8443/auth'],
    ['http://localhost:3001', 'http://localhost:3001'],
    ['http://[::1]:3001/', 'http://[::1]:3001'],
  ])('%s is %s', (endpoint, normal) => {
    expect(normalizeEndpoint(endpoint)).toBe(normal);
  });

  it.each([
    '',
    'tenant.logto.app',
    'localhost:3001',
    'ftp://tenant.test',
    'javascript:alert(1)',
    'https://tenant.test?x=1',
    'https://tenant.test#x',
    'https://user:password@tenant.test',
    'https://',
    'https://tenant.test/a\tb',
    'https://ten\nant.test',
  ])('%j is refused', async (endpoint) => {
    const failure = await failureOf(() => normalizeEndpoint(endpoint));
    expect(failure).toMatchObject({ code: 'config_invalid' });
    expect(failure.message + failure.hint).not.toContain('password');
  });

  it('that is the issuer is refused with the endpoint to use', async () => {
    const failure = await failureOf(() => normalizeEndpoint('https://tenant.test/oidc/'));
    expect(failure).toMatchObject({ code: 'config_invalid' });
    expect(failure.hint).toContain('https://tenant.test,');
  });
});

describe('the ID of an application', () => {
  it.each([
    ['a\u0000b', 'U+0000'],
    ['app\n', 'several lines'],
  ])('is refused with a control character in it: %j', async (appId, why) => {
    const failure = await failureOf(() => appIdOf({ endpoint: 'https://tenant.test', appId }));
    expect(failure).toMatchObject({ code: 'config_invalid', message: expect.stringContaining(why) });
  });
});

describe('the issuer', () => {
  it('of an endpoint is <endpoint>/oidc', () => {
    expect(issuerOf({ endpoint: 'https://tenant.test/' })).toBe('https://tenant.test/oidc');
  });

  it('is taken to the letter where it is given itself', () => {
    expect(issuerOf({ issuer: 'https://issuer.test/' })).toBe('https://issuer.test/');
  });

  it('has no password in it, and shows none', async () => {
    for (const issuer of ['https://me:sesame@issuer.test', 'me:sesame@issuer.test']) {
      const failure = await failureOf(() => issuerOf({ issuer }));
      expect(failure).toMatchObject({ code: 'config_invalid' });
      expect(JSON.stringify(failure)).not.toContain('sesame');
    }
  });

  it('is not two things, and not nothing', async () => {
    const both = await failureOf(() => issuerOf({ endpoint: 'https://a.test', issuer: 'https://b.test' }));
    expect(both).toMatchObject({ code: 'config_invalid' });
    expect(await failureOf(() => issuerOf({}))).toMatchObject({ code: 'config_missing' });
  });
});
