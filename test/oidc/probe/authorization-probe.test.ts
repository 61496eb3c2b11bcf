import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Emulator, startEmulator } from '../../../src/emulator/emulator.js';
import { probeAuthorization } from '../../../src/oidc/probe/authorization-probe.js';
import type { ProbeTarget } from '../../../src/oidc/probe/probe.js';
import type { ProbedRequest } from '../../../src/oidc/probe/probed-authorization.js';
import type { Answer, Answering, Lies, RecordedRequest } from '../../support/lies.js';
import { startLyingProvider } from '../../support/lying-provider.js';
import { type PlainProvider, startPlainProvider } from '../../support/plain-provider.js';
import { emulated, inShort, redirectUri, targetAt } from './probe-fixture.js';

const api = 'https://api.example.test';
const sound: ProbedRequest = { redirectUri, scopes: ['openid', 'profile', 'offline_access'], resources: [] };

const probe = (target: ProbeTarget, changes: Partial<ProbedRequest> = {}) =>
  probeAuthorization(target, { ...sound, ...changes });

let emulator: Emulator;
let plain: PlainProvider;
beforeAll(async () => {
  [emulator, plain] = await Promise.all([startEmulator(), startPlainProvider()]);
});
afterAll(() => Promise.all([emulator.close(), plain.close()]));

/** Where a provider shows the errors of all requests. */
function onItsOwnPage(error: string, error_description = ''): Answer {
  const query = new URLSearchParams({ error, error_description });
  return { status: 302, headers: { Location: `/error?${query}` } };
}

async function lyingTarget(lies: Lies) {
  const lying = await startLyingProvider(lies);
  onTestFinished(() => lying.close());
  return { lying, target: await targetAt(lying.issuer, lying.clientId) };
}

const isOurs = ({ url: { searchParams } }: RecordedRequest) => searchParams.get('client_id') === 'app';
const isHome = ({ url: { searchParams } }: RecordedRequest) =>
  searchParams.get('redirect_uri') === redirectUri;

/** The answer to those requests; an error on a page to any other. */
function only(when: (request: RecordedRequest) => boolean, answer: Answer | Answering): Answering {
  return (request, response) => {
    if (!when(request)) return { status: 400, body: { error: 'invalid_request' } };
    return typeof answer === 'function' ? answer(request, response) : answer;
  };
}

/** As a provider does that looks who asks, and for which address. */
const toRegistered = (answer: Answer | Answering) =>
  only((request) => isOurs(request) && isHome(request), answer);

/** Sends the browser back with these parameters beside the state. */
function back(parameters: Readonly<Record<string, string>>, mark = '?'): Answering {
  return ({ url }) => {
    const query = new URLSearchParams({ state: url.searchParams.get('state') ?? '', ...parameters });
    return { status: 303, headers: { Location: url.searchParams.get('redirect_uri') + mark + query } };
  };
}

describe('an authorization request with prompt=none', () => {
  it.each(['Native', 'Traditional', 'SPA'] as const)(
    'is accepted for a sound %s application',
    async (name) => {
      const target = await emulated(emulator, name);
      expect(await probe(target, { resources: [api], scopes: ['openid', 'read:things'] })).toEqual({
        verdict: 'accepted',
        proof: { application: true, redirectUri: true },
      });
    },
  );

  it('is accepted by a sound provider that is not Logto, with PAR too', async () => {
    for (const clientId of ['plain-public', 'plain-confidential']) {
      expect(inShort(await probe(await targetAt(plain.issuer, clientId)))).toBe('accepted');
    }
    const pushing = await startPlainProvider({ configuration: pushedRequests });
    onTestFinished(() => pushing.close());
    const { clientId, clientSecret } = pushing.clients.confidential;
    expect(inShort(await probe(await targetAt(pushing.issuer, clientId, clientSecret)))).toBe('accepted');
    expect(pushing.requests).toContain('POST /par');
  });

  const unregistered = {
    'of another path': 'http://localhost:3000/other',
    'with a slash more': 'http://localhost:3000/callback/',
    'with 127.0.0.1 for localhost': 'http://127.0.0.1:3000/callback',
    'of another scheme': 'https://localhost:3000/callback',
  };

  it.each(Object.entries(unregistered))('names a redirect URI %s', async (_, redirectUri) => {
    const expected = {
      verdict: 'refused',
      error: { code: 'redirect_uri_not_registered', details: { redirect_uri: redirectUri } },
    };
    const native = await emulated(emulator, 'Native');
    const other = await targetAt(plain.issuer, 'plain-public');
    expect(await probe(native, { redirectUri })).toMatchObject(expected);
    expect(await probe(other, { redirectUri })).toMatchObject(expected);
  });

  it('knows that only a Native application may use another port', async () => {
    const redirectUri = 'http://localhost:4567/callback';
    expect(inShort(await probe(await emulated(emulator, 'Native'), { redirectUri }))).toBe('accepted');
    const others = ['Traditional', 'SPA', 'MachineToMachine', 'device'] as const;
    for (const name of others) {
      const verdict = await probe(await emulated(emulator, name), { redirectUri });
      expect(inShort(verdict)).toBe('redirect_uri_not_registered');
    }
  });

  it('names an application that Logto does not know', async () => {
    const verdict = await probe(await targetAt(emulator.issuer, 'nobody', 'a-secret'));
    expect(verdict).toMatchObject({ verdict: 'refused', error: { code: 'client_unknown' } });
  });

  it('names an application that another provider does not know as the one thing possible', async () => {
    const verdict = await probe(await targetAt(plain.issuer, 'nobody'));
    expect(verdict).toMatchObject({
      verdict: 'refused',
      error: { code: 'client_rejected', details: { possible: ['client_unknown'] } },
    });
  });

  it('names the unknown one of several resources', async () => {
    const target = await emulated(emulator, 'Native');
    const verdict = await probe(target, { resources: [api, 'https://typo.example.test'] });
    expect(verdict).toMatchObject({
      verdict: 'refused',
      error: { code: 'resource_unknown', details: { resource: 'https://typo.example.test' } },
    });
    expect(inShort(await probe(target, { resources: ['https://typo.example.test'] }))).toBe(
      'resource_unknown',
    );
  });

  it('names a code challenge that is missing and must not be', async () => {
    const verdict = await probe(await emulated(emulator, 'Native'), { hasPkce: false });
    expect(verdict).toMatchObject({ verdict: 'refused', error: { code: 'authorization_error' } });
    expect(inShort(await probe(await targetAt(plain.issuer, 'plain-public')))).toBe('accepted');
  });

  it('names what a pushed request is refused for', async () => {
    const pushing = await startPlainProvider({ configuration: pushedRequests });
    onTestFinished(() => pushing.close());
    const { clientId, clientSecret } = pushing.clients.confidential;
    const target = await targetAt(pushing.issuer, clientId, clientSecret);
    const redirectUri = 'http://localhost:3000/other';
    expect(inShort(await probe(target, { redirectUri }))).toBe('redirect_uri_not_registered');
    expect(inShort(await probe({ ...target, clientSecret: 'wrong' }))).toBe('client_rejected');
  });

  const answers: readonly [what: string, answer: Answer | Answering, short: string][] = [
    ['a page for whoever asks', { body: '<!doctype html><p>invalid_redirect_uri' }, 'unknown'],
    ['a way to its own page', { status: 302, headers: { Location: '/login' } }, 'unknown'],
    ['a way to its own page with an error of the request', onItsOwnPage('invalid_request'), 'unknown'],
    ['a way to its own page with an unknown client', onItsOwnPage('invalid_client'), 'client_rejected'],
    [
      'a way to its own page with another redirect URI',
      onItsOwnPage('invalid_redirect', 'invalid redirect uri'),
      'redirect_uri_not_registered',
    ],
    [
      "a way to somebody else's page with an unknown client",
      { status: 302, headers: { Location: 'https://other.example.test/?error=invalid_client' } },
      'unknown',
    ],
    [
      'our redirect URI without our state, with an unknown client',
      back({ error: 'invalid_client', state: 'other' }),
      'unknown',
    ],
    ['a redirect without a target', { status: 302 }, 'unknown'],
    ['our redirect URI without our state', back({ error: 'login_required', state: 'other' }), 'unknown'],
    [
      'another address with our state',
      ({ url }) => {
        const Location = `http://localhost:3000/?error=login_required&state=${url.searchParams.get('state')}`;
        return { status: 302, headers: { Location } };
      },
      'unknown',
    ],
    ['our redirect URI, and login_required', back({ error: 'login_required' }), 'accepted'],
    ['our redirect URI, and that in the fragment', back({ error: 'login_required' }, '#'), 'accepted'],
    ['our redirect URI, and consent_required', back({ error: 'consent_required' }), 'accepted'],
    ['our redirect URI, and interaction_required', back({ error: 'interaction_required' }), 'accepted'],
    ['access_denied', back({ error: 'access_denied' }), 'unknown'],
    ['invalid_scope', back({ error: 'invalid_scope', scope: 'email' }), 'scope_not_allowed'],
    ['unauthorized_client', back({ error: 'unauthorized_client' }), 'grant_type_not_allowed'],
    ['unsupported_response_type', back({ error: 'unsupported_response_type' }), 'authorization_error'],
    ['invalid_request', back({ error: 'invalid_request' }), 'authorization_error'],
    ['HTML that names one error', { status: 400, body: '<b>Error:</b> invalid_client' }, 'client_rejected'],
    ['HTML that names two', { status: 400, body: '<p>invalid_client or invalid_redirect_uri' }, 'unknown'],
    [
      'HTML with scripts that name others',
      { status: 400, body: '<script>["invalid_client"]</script><p>redirect_uri_mismatch</p>' },
      'redirect_uri_not_registered',
    ],
    [
      "Keycloak's page",
      { status: 400, body: '<h1>We are sorry...</h1><p>Invalid parameter: redirect_uri</p>' },
      'redirect_uri_not_registered',
    ],
    [
      "Zitadel's JSON",
      {
        status: 400,
        body: {
          error: 'invalid_request',
          error_description: 'The requested redirect_uri is missing in the client configuration.',
        },
      },
      'redirect_uri_not_registered',
    ],
    ['an error that says no more', { status: 400, body: { error: 'invalid_request' } }, 'unknown'],
    ['a page that is not there', { status: 404, body: '<p>Not found' }, 'unknown'],
  ];

  it.each(answers)('that is answered with %s', async (_, answer, short) => {
    const { target } = await lyingTarget({ answers: { authorize: toRegistered(answer) } });
    expect(inShort(await probe(target))).toBe(short);
  });

  it.each(['login_required', 'consent_required', 'unauthorized_client'])(
    'proves nothing by %s where an unknown application and an unregistered redirect URI get the same',
    async (error) => {
      const { target } = await lyingTarget({ answers: { authorize: back({ error }) } });
      expect(await probe(target)).toMatchObject({
        verdict: 'unknown',
        reason: expect.stringContaining('that nobody registered alike'),
        proof: { application: false, redirectUri: false },
      });
    },
  );

  it('proves the redirect URI alone, or the application alone, where only the other is not looked at', async () => {
    const answer = back({ error: 'login_required' });
    const anyone = await lyingTarget({ answers: { authorize: only(isHome, answer) } });
    const anywhere = await lyingTarget({ answers: { authorize: only(isOurs, answer) } });
    expect(await probe(anyone.target)).toMatchObject({
      verdict: 'unknown',
      proof: { application: false, redirectUri: true },
    });
    expect(await probe(anywhere.target)).toMatchObject({
      verdict: 'unknown',
      proof: { application: true, redirectUri: false },
    });
  });

  it('is refused for what it asks for, whoever asks for that', async () => {
    const { target } = await lyingTarget({ answers: { authorize: back({ error: 'invalid_scope' }) } });
    expect(await probe(target)).toMatchObject({
      verdict: 'refused',
      error: { code: 'scope_not_allowed' },
      proof: { application: false },
    });
  });

  it('is told from one that the provider breaks at, and not from one that it is too busy for', async () => {
    const at = (status: number) => ({
      answers: {
        authorize: ((request, response) =>
          isOurs(request) && isHome(request)
            ? back({ error: 'login_required' })(request, response)
            : { status }) satisfies Answering,
      },
    });
    expect(inShort(await probe((await lyingTarget(at(500))).target))).toBe('accepted');
    expect(inShort(await probe((await lyingTarget(at(429))).target))).toBe('unknown');
  });

  it('asks as a browser does: others are answered by an API at the same address', async () => {
    const { lying, target } = await lyingTarget({});
    await probe(target);
    const asked = lying.requestsTo('authorize').map(({ headers }) => headers.accept);
    expect(asked).toEqual(Array(3).fill('text/html,application/xhtml+xml;q=0.9,*/*;q=0.8'));
  });

  it('gives no secret to somebody else', async () => {
    const { lying, target } = await lyingTarget({
      discovery: (document) => ({ ...document, require_pushed_authorization_requests: true }),
    });
    await probe({ ...target, clientSecret: 'the-secret' });
    const authenticated = lying
      .requestsTo('par')
      .filter(({ headers, form }) => headers.authorization !== undefined || form.has('client_secret'));
    // Ours, for our address and for another.
    expect(authenticated).toHaveLength(2);
    expect(lying.requestsTo('par')).toHaveLength(3);
  });

  it('is not mistaken for what the provider has against prompt=none alone', async () => {
    const { lying, target } = await lyingTarget({
      answers: {
        authorize: toRegistered((request, response) =>
          request.url.searchParams.get('prompt') === 'none'
            ? back({ error: 'invalid_request' })(request, response)
            : { body: '<form>' },
        ),
      },
    });
    expect(inShort(await probe(target))).toBe('accepted');
    expect(lying.requestsTo('authorize').filter(isOurs).filter(isHome)).toHaveLength(2);
  });

  it('asks exactly what the sign-in will ask, and brings neither cookies nor a secret', async () => {
    const { lying, target } = await lyingTarget({});
    await probe(
      { ...target, clientSecret: 'the-secret' },
      { resources: [api], parameters: { audience: 'x' } },
    );
    const [request, ...more] = lying.requestsTo('authorize').filter(isOurs).filter(isHome);
    expect(more).toEqual([]);
    expect(Object.fromEntries(request?.url.searchParams ?? [])).toMatchObject({
      response_type: 'code',
      prompt: 'none',
      redirect_uri: redirectUri,
      scope: 'openid profile offline_access',
      resource: api,
      audience: 'x',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(request?.headers.cookie).toBeUndefined();
    expect(request?.url.href).not.toContain('the-secret');
  });

  it.each([
    [{ status: 503 }, 'provider_error'],
    [{ status: 429, headers: { 'Retry-After': '7' } }, 'provider_error'],
  ])('ends as the network does when the provider is down (%j)', async (answer, code) => {
    const { target } = await lyingTarget({ answers: { authorize: answer } });
    await expect(probe(target)).rejects.toMatchObject({ code });
  });

  it('ends with the reason of its signal', async () => {
    const { target } = await lyingTarget({ answers: { authorize: () => 'handled' } });
    const signal = AbortSignal.timeout(50);
    await expect(probe({ ...target, signal })).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

const pushedRequests = {
  features: { pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true } },
};
