import { afterEach, expect, it } from 'vitest';
import { paintWith } from '../../src/output/paint.js';
import { harReport } from '../../src/trace/har-report.js';
import { htmlReport } from '../../src/trace/html-report.js';
import { textReport } from '../../src/trace/text-report.js';
import { clientSecret, connect, prepare, startSession } from '../oidc/protocol-fixture.js';
import type { Lies } from '../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { secretsIn } from '../support/secret-forms.js';
import { beginTrace, type TracedProvider } from './traced-provider.js';

let lying: LyingProvider;
afterEach(() => lying.close());

const secretNames = [
  'code',
  'code_verifier',
  'refresh_token',
  'token',
  'client_secret',
  'state',
  'nonce',
  'id_token_hint',
];

/** Everything secret that went over the wire in either direction. */
function secretsOf({ issued, requests }: LyingProvider): string[] {
  const sent = requests.flatMap(({ url, form, headers }) => [
    ...secretNames.flatMap((name) => [...url.searchParams.getAll(name), ...form.getAll(name)]),
    (headers.authorization ?? '').split(' ')[1] ?? '',
    headers.cookie ?? '',
  ]);
  return [clientSecret, ...issued, ...sent].filter((secret) => secret !== '');
}

/** All that a person can get to see. */
function shownBy({ finish, lines }: TracedProvider): string {
  const trace = finish();
  const colored = textReport(trace, paintWith('1'), 60);
  const plain = textReport(trace, paintWith(null), 120);
  const archive = JSON.stringify(harReport(trace));
  return [...lines, ...colored, ...plain, htmlReport(trace), JSON.stringify(trace), archive].join('\n');
}

/** Everything that a client can do at a provider. */
async function wholeLife(traced: TracedProvider, changes = {}): Promise<void> {
  const options = { ...traced.options, ...changes };
  const { provider, tokens, refresh } = await startSession(lying, options, { maxAge: 600 });
  await refresh({ refreshToken: tokens.refreshToken ?? '' });
  await provider.userInfo(tokens.accessToken, lying.subject);
  await provider.clientCredentials({ resource: 'https://api.test', scopes: ['read'] });
  await provider.revoke(tokens.refreshToken ?? '');
  provider.endSessionUrl({ id_token_hint: tokens.idToken, state: 'end-session-state-0123456789' });
}

it.each([
  ['client_secret_basic', {}],
  [
    'client_secret_post',
    {
      discovery: (document: object) => ({
        ...document,
        token_endpoint_auth_methods_supported: ['client_secret_post'],
      }),
    },
  ],
  [
    'a pushed request',
    { discovery: (document: object) => ({ ...document, require_pushed_authorization_requests: true }) },
  ],
] as [string, Lies][])(
  'no trace of a session from its beginning to its end has a secret in it: %s',
  async (_, lies) => {
    lying = await startLyingProvider({
      ...lies,
      headers: { token: { 'Set-Cookie': 'session=provider-cookie-0123' } },
    });
    const traced = await beginTrace();
    const all: LyingProvider['requests'] = [];
    const { push } = lying.requests;
    // The session's helpers forget requests; this does not.
    lying.requests.push = (...requests) => all.push(...requests) && push.apply(lying.requests, requests);
    await wholeLife(traced, { clientSecret });
    lying.requests.splice(0, Number.POSITIVE_INFINITY, ...all);

    const secrets = [...secretsOf(lying), 'end-session-state-0123456789', 'provider-cookie-0123'];
    expect(secrets.length).toBeGreaterThan(15);
    const shown = shownBy(traced);
    expect(secretsIn(shown, secrets)).toEqual([]);
    // It did look at all of it.
    for (const step of ['refresh_token', 'client_credentials', 'UserInfo', 'revocation', 'end session']) {
      expect(shown).toContain(step);
    }
  },
);

it('a provider that repeats what it was sent, and what it hands out, in everything that is shown gives nothing away', async () => {
  lying = await startLyingProvider({
    tokenResponse: (body) => ({
      ...body,
      scope: `openid ${body['refresh_token']}`,
      [String(body['access_token'])]: 1,
    }),
    answers: {
      revoke: ({ form, headers }) => {
        const echo = [
          ...form.values(),
          headers.authorization,
          encodeURIComponent(form.get('token') ?? ''),
        ].join(' ');
        return {
          status: 400,
          headers: {
            'WWW-Authenticate': `Basic error="${form.get('token')}", nonce="${form.get('token')}"`,
            Location: `http://localhost/${form.get('token')}?code=${form.get('token')}#${form.get('token')}`,
            'Cache-Control': String(form.get('token')),
          },
          body: {
            error: 'invalid_request',
            error_description: echo,
            error_uri: `https://x.test/${form.get('token')}`,
          },
        };
      },
    },
  });
  const traced = await beginTrace();
  const { provider, tokens } = await startSession(lying, { ...traced.options, clientSecret });
  await expect(provider.revoke(tokens.refreshToken ?? '')).rejects.toThrow();
  expect(secretsIn(shownBy(traced), secretsOf(lying))).toEqual([]);
  expect(shownBy(traced)).toContain('‹redacted›');
});

it('a refused sign-in gives nothing away', async () => {
  lying = await startLyingProvider({
    answers: {
      token: ({ form }) => ({
        status: 400,
        body: {
          error: 'invalid_grant',
          error_description: `no code ${form.get('code')} by ${form.get('code_verifier')}`,
        },
      }),
    },
  });
  const traced = await beginTrace();
  const provider = await connect(lying, { ...traced.options, clientSecret });
  await expect(provider.exchangeCode(await prepare(lying, provider))).rejects.toThrow();
  expect(secretsIn(shownBy(traced), secretsOf(lying))).toEqual([]);
  expect(shownBy(traced)).toContain('no code ‹redacted› by ‹redacted›');
});
