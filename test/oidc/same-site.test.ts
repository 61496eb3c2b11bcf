import { expect, it } from 'vitest';
import { isSameSite } from '../../src/oidc/same-site.js';

it.each([
  ['id.example.com', 'id.example.com', true],
  ['id.example.com', 'ID.example.com.', true],
  ['example.com', 'tokens.example.com', true],
  ['id.example.com', 'tokens.example.com', true],
  ['access.line.me', 'api.line.me', true],
  ['id.example.co.uk', 'tokens.example.co.uk', true],
  ['example.co.uk', 'tokens.example.co.uk', true],
  ['localhost', '127.0.0.1', true],
  ['[::1]', 'localhost', true],
  ['id.example.com', 'id.example.org', false],
  ['id.example.com', 'example.com.evil.test', false],
  ['id.example.com', 'evilexample.com', false],
  ['one.co.uk', 'other.co.uk', false],
  ['accounts.google.com', 'oauth2.googleapis.com', false],
  ['one.logto.app', 'other.logto.app', false],
  ['one.us.auth0.com', 'other.us.auth0.com', false],
  ['one.auth.eu-west-1.amazoncognito.com', 'two.auth.eu-west-1.amazoncognito.com', false],
  ['one.logto.app', 'below.one.logto.app', true],
  ['10.0.0.1', '10.1.0.1', false],
  ['192.168.1.1', '10.168.1.1', false],
  ['[2001:db8::1]', '[2001:db8::2]', false],
  ['id.example.com', '127.0.0.1', false],
  ['com', 'example.com', false],
  ['localhost', 'evil.localhost', false],
])('%s and %s are one site: %s', (one, other, isOne) => {
  expect(isSameSite(one, other)).toBe(isOne);
  expect(isSameSite(other, one)).toBe(isOne);
});
