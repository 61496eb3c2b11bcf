import { describe, expect, it } from 'vitest';
import { loopbackRedirect } from '../../src/loopback/loopback-redirect.js';
import { serverCertificate } from '../support/certificate-files.js';
import { failureOf } from '../support/failure-of.js';

const tls = serverCertificate('localhost');

const redirect = (redirectUri: string, port?: number) =>
  loopbackRedirect({ kind: 'sign-in', redirectUri, ...(port !== undefined && { port }) });

describe('where to listen for a redirect URI', () => {
  it.each([
    ['http://localhost:3000/callback', ['127.0.0.1', '::1'], 3000],
    ['http://LOCALHOST:3000/', ['127.0.0.1', '::1'], 3000],
    ['http://localhost', ['127.0.0.1', '::1'], 80],
    ['http://127.0.0.1:0/callback', ['127.0.0.1'], 0],
    ['http://127.1.2.3:8080/', ['127.1.2.3'], 8080],
    ['http://[::1]:3000/callback', ['::1'], 3000],
  ])('%s is %j port %i', (uri, addresses, port) => {
    expect(redirect(uri)).toMatchObject({ addresses, port });
  });

  it('is another port when one is given', () => {
    expect(redirect('http://localhost:3000/callback', 4000).port).toBe(4000);
    expect(redirect('http://localhost:3000/callback', 0).port).toBe(0);
  });
});

describe('over https', () => {
  it.each([
    ['https://localhost:3000/callback', ['127.0.0.1', '::1'], 3000],
    ['https://localhost/callback', ['127.0.0.1', '::1'], 443],
    ['https://[::1]:0/', ['::1'], 0],
  ])('%s is %j port %i', (redirectUri, addresses, port) => {
    expect(loopbackRedirect({ kind: 'sign-in', redirectUri, tls })).toMatchObject({ addresses, port });
  });

  it.each([
    ['sign-in', 'The redirect URI is'],
    ['sign-out', 'The post sign-out redirect URI is'],
  ] as const)('nothing is answered without a certificate (%s)', async (kind, begins) => {
    const redirectUri = 'https://127.0.0.1:3000/callback';
    const { code, message, hint } = await failureOf(() => loopbackRedirect({ kind, redirectUri }));
    expect(code).toBe('config_invalid');
    expect(message).toBe(`${begins} ${redirectUri}: to answer https: here takes a certificate and its key.`);
    expect(hint).toContain('--tls-cert <pem> --tls-key <pem>, a certificate for 127.0.0.1');
  });

  it.each([
    ['sign-in', 'http://localhost:3000/callback', '--redirect-uri https://localhost:3000/callback'],
    ['sign-out', 'http://localhost/', '--post-logout-redirect-uri https://localhost/'],
  ] as const)('nothing else is answered with one (%s)', async (kind, redirectUri, instead) => {
    const { code, hint } = await failureOf(() => loopbackRedirect({ kind, redirectUri, tls }));
    expect(code).toBe('config_invalid');
    expect(hint).toContain(instead);
  });
});

describe('a redirect URI that cannot be answered here', () => {
  it.each([
    'https://app.example/callback',
    'http://app.example/callback',
    'http://0.0.0.0:3000/callback',
    'http://192.168.0.1:3000/callback',
    'http://localhost.evil.example:3000/callback',
    'http://127.0.0.1.evil.example/callback',
    'http://app.localhost:3000/callback',
    'http://[::]:3000/callback',
    'http://[::ffff:127.0.0.1]:3000/callback',
    'http://user@localhost:3000/callback',
    'http://localhost:3000/callback#top',
    'http://localhost:99999/callback',
    'com.example.app:/callback',
    '/callback',
    '',
  ])('is a wrong setting: %s', async (uri) => {
    const failure = await failureOf(() => redirect(uri));
    expect(failure.code).toBe('config_invalid');
    expect(failure.hint).toContain('--redirect-uri http://localhost:3000/callback');
  });

  it('is named by the flag of its kind', async () => {
    const failure = await failureOf(() =>
      loopbackRedirect({ kind: 'sign-out', redirectUri: 'https://app.example/' }),
    );
    expect(failure.hint).toContain('--post-logout-redirect-uri http://localhost:3000/');
  });

  it.each([-1, 65_536, 1.5, Number.NaN])('may be one whose port is not a port: %d', async (port) => {
    const failure = await failureOf(() => redirect('http://localhost:3000/callback', port));
    expect(failure.code).toBe('config_invalid');
    expect(failure.hint).toContain('--port');
  });
});
