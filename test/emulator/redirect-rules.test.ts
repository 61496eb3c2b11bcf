import { describe, expect, it } from 'vitest';
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
