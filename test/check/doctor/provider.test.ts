import { describe, expect, it, onTestFinished } from 'vitest';
import { createFetch } from '../../../src/network/create-fetch.js';
import { certificateFile, serverCertificate } from '../../support/certificate-files.js';
import type { Answer, Lies } from '../../support/lies.js';
import { type LyingProviderOptions, startLyingProvider } from '../../support/lying-provider.js';
import { startPlainProvider } from '../../support/plain-provider.js';
import type { TestMachine } from '../../support/test-runtime.js';
import { doctor, freeAddresses } from './doctor-run.js';

/** It answers a made-up code without a look at the client, so what needs a proof there stays open. */
const openQuestions = { 'application.type': 'incomplete' };

async function atLiar(
  lies: Lies,
  options: LyingProviderOptions & {
    readonly args?: readonly string[];
    readonly machine?: Partial<TestMachine>;
  } = {},
) {
  const { args = [], machine, ...more } = options;
  const provider = await startLyingProvider(lies, more);
  onTestFinished(() => provider.close());
  const connection = ['--issuer', provider.issuer, '--app-id', provider.clientId, '--port', '0'];
  return { provider, ...(await doctor([...connection, ...args], machine)) };
}

describe('the address of the provider', () => {
  it.each([
    ['http://tenant.example.com', 'issuer_insecure'],
    ['not an address', 'config_invalid'],
    ['https://cloud.logto.io/abc123/applications', 'config_invalid'],
    ['https://your-tenant.logto.app', 'config_invalid'],
  ])('is refused before anything is asked: %s', async (endpoint, code) => {
    const { faults, check } = await doctor(['--endpoint', endpoint, '--app-id', 'app', '--port', '0']);
    expect(faults).toEqual({ 'provider.address': `failed ${code}` });
    expect(check('application.exists')).toMatchObject({
      outcome: 'skipped',
      message: expect.stringContaining('“Issuer”, which failed'),
    });
  });

  it('is missing on a machine where nothing is set, and all of this machine is still looked at', async () => {
    const { faults, exitCode, check } = await doctor(['--port', '0']);
    expect(faults).toEqual({ 'provider.address': 'failed config_missing' });
    expect(check('machine.storage').outcome).toBe('passed');
    expect(exitCode).toBe(1);
  });

  it('is that of a profile nobody made', async () => {
    const { faults } = await doctor(['--profile', 'nobody', '--port', '0']);
    expect(faults).toEqual({ 'provider.address': 'failed profile_unknown' });
  });
});

describe('a provider that cannot be reached', () => {
  it('is named once, and what depends on it is skipped', async () => {
    const { faults, checks, exitCode } = await doctor([
      '--endpoint',
      'http://localhost:9',
      '--app-id',
      'app',
      '--port',
      '0',
    ]);
    expect(faults).toEqual({ 'provider.reachable': 'failed network_unreachable' });
    expect(exitCode).toBe(1);
    const skipped = checks.filter(({ message }) => message.includes('“Reachable”, which failed'));
    expect(skipped.length).toBeGreaterThan(15);
  });

  it('is one whose name does not exist', async () => {
    const { faults } = await doctor([
      '--endpoint',
      'https://tenant.invalid',
      '--app-id',
      'app',
      '--port',
      '0',
    ]);
    expect(faults).toEqual({ 'provider.reachable': 'failed network_unreachable' });
  });

  it('is incomplete when it is slow: a sign-in has more patience', async () => {
    const provider = await startLyingProvider({ answers: { discovery: () => 'handled' } });
    onTestFinished(() => provider.close());
    const { faults, exitCode } = await doctor(
      ['--issuer', provider.issuer, '--app-id', 'app', '--port', '0'],
      {},
      (runtime) => ({
        ...runtime,
        fetch: (options) => createFetch({ ...options, environment: {}, timeout: 50 }),
      }),
    );
    expect(faults).toEqual({ 'provider.reachable': 'incomplete request_timeout' });
    expect(exitCode).toBe(3);
  });

  it('is given 4 seconds for each answer', async () => {
    const limits: unknown[] = [];
    await doctor(['--endpoint', 'http://localhost:9', '--app-id', 'app', '--port', '0'], {}, (runtime) => ({
      ...runtime,
      fetch: (options) => {
        limits.push(options.timeout);
        return runtime.fetch(options);
      },
    }));
    expect(limits).toEqual([4_000]);
  });

  it.each([
    ['localhost', 'SELF_SIGNED_CERT|UNABLE_TO_|DEPTH_ZERO'],
    ['expired', 'CERT_HAS_EXPIRED'],
    ['elsewhere', 'ALTNAME'],
  ] as const)('is named by its certificate: %s', async (name, words) => {
    // Without the authority the certificate is one that nobody knows.
    const args = name === 'localhost' ? [] : ['--ca-file', certificateFile('authority')];
    const { faults, check } = await atLiar({}, { tls: serverCertificate(name), args });
    expect(faults).toEqual({ 'provider.tls': 'failed tls_untrusted' });
    expect(check('provider.tls').message).toMatch(new RegExp(words));
    expect(check('provider.discovery').message).toContain('“TLS”, which failed');
  });

  it('is trusted with its authority', async () => {
    const { check } = await atLiar(
      {},
      {
        tls: serverCertificate('localhost'),
        args: ['--ca-file', certificateFile('authority')],
      },
    );
    expect(check('provider.tls')).toMatchObject({ outcome: 'passed' });
    expect(check('provider.discovery')).toMatchObject({ outcome: 'passed' });
  });
});

describe('NODE_TLS_REJECT_UNAUTHORIZED=0', () => {
  const environment = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };

  it('is a fault of its own, although the certificate is verified all the same', async () => {
    const args = ['--ca-file', certificateFile('authority')];
    const { faults, check } = await atLiar(
      {},
      { tls: serverCertificate('localhost'), args, machine: { environment } },
    );
    expect(faults['provider.tls']).toBe('failed config_invalid');
    expect(check('provider.tls').message).toContain('NODE_TLS_REJECT_UNAUTHORIZED');
    expect(check('provider.tls').message).not.toContain('trusted');
    expect(check('provider.discovery')).toMatchObject({ outcome: 'passed' });
  });

  it('makes no unknown certificate a trusted one', async () => {
    const { faults, check } = await atLiar(
      {},
      { tls: serverCertificate('localhost'), machine: { environment } },
    );
    expect(faults).toEqual({ 'provider.tls': 'failed tls_untrusted' });
    expect(check('provider.tls').message).toContain('NODE_TLS_REJECT_UNAUTHORIZED=0 changes nothing');
  });
});

describe('the discovery document', () => {
  const html: Answer = {
    headers: { 'Content-Type': 'text/html' },
    body: '<!doctype html><title>Welcome</title>',
  };

  it.each([
    ['an HTML page', html, 'failed discovery_invalid'],
    ['404', { status: 404, body: 'no' }, 'failed discovery_invalid'],
    ['500', { status: 500, body: 'no' }, 'failed provider_error'],
    ['429', { status: 429, headers: { 'Retry-After': '7' } }, 'incomplete provider_error'],
    [
      'a redirect elsewhere',
      { status: 302, headers: { Location: 'https://other.example.com/' } },
      'failed provider_error',
    ],
    ['broken JSON', { body: '{"issuer":' }, 'failed discovery_invalid'],
  ] as const)('is %s', async (_name, discovery, fault) => {
    const { faults, check } = await atLiar({ answers: { discovery } });
    expect(faults).toEqual({ 'provider.discovery': fault });
    expect(check('provider.reachable').outcome).toBe('passed');
    expect(check('machine.clock').outcome).toBe('passed');
  });

  it.each([
    ['userinfo_endpoint', 'access tokens'],
    ['introspection_endpoint', "an API's secret and tokens"],
    ['pushed_authorization_request_endpoint', "the application's secret"],
    ['token_endpoint', "the application's secret, codes and refresh tokens"],
    ['revocation_endpoint', "the application's secret and tokens"],
  ])('has the %s at another site, which is a warning', async (name, secrets) => {
    const { check } = await atLiar({
      discovery: (document) => ({ ...document, [name]: 'https://elsewhere.invalid/path' }),
    });
    expect(check('provider.sites')).toMatchObject({
      outcome: 'warning',
      message: expect.stringContaining(`${secrets} to elsewhere.invalid (${name})`),
      hint: expect.stringContaining('nothing is to be done'),
    });
  });

  it('has everything at its own site, or at one that belongs to it', async () => {
    const { check } = await atLiar({});
    expect(check('provider.sites').outcome).toBe('passed');
  });

  it('says how long to wait where the provider does', async () => {
    const { check } = await atLiar({
      answers: { discovery: { status: 429, headers: { 'Retry-After': '7' } } },
    });
    expect(check('provider.discovery').hint).toContain('7 seconds');
  });

  it.each([
    ['a slash', (issuer: string) => `${issuer}/`, 'slash'],
    ['the host', () => 'http://127.0.0.1:1', '127.0.0.1:1'],
    ['the scheme', (issuer: string) => issuer.replace('http:', 'https:'), 'https:'],
  ])('names another issuer, which differs by %s', async (_name, change, words) => {
    const { faults, check } = await atLiar({
      discovery: (document) => ({ ...document, issuer: change(String(document['issuer'])) }),
    });
    expect(faults).toEqual({ 'provider.discovery': 'failed issuer_mismatch' });
    expect(check('provider.discovery').message).toContain(words);
  });

  it('lacks an endpoint', async () => {
    const { faults } = await atLiar({ discovery: ({ token_endpoint: _, ...rest }) => rest });
    expect(faults).toEqual({ 'provider.discovery': 'failed discovery_invalid' });
  });

  it.each([
    ['PKCE with S256', { code_challenge_methods_supported: ['plain'] }, 'provider.pkce'],
    [
      'the issuer in answers',
      { authorization_response_iss_parameter_supported: undefined },
      'provider.response-issuer',
    ],
    ['revocation', { revocation_endpoint: undefined }, 'provider.revocation'],
    ['ending its session', { end_session_endpoint: undefined }, 'provider.end-session'],
  ])('does not offer %s, which is a warning', async (_name, change, id) => {
    const { faults } = await atLiar({ discovery: (document) => ({ ...document, ...change }) });
    expect(faults).toEqual({ ...openQuestions, [id]: 'warning' });
  });

  const withoutRefresh: Lies['discovery'] = (document) => ({
    ...document,
    grant_types_supported: ['authorization_code'],
  });

  it('does not list refreshing, and does it: that is tried', async () => {
    const { faults, check } = await atLiar({ discovery: withoutRefresh });
    expect(faults).toEqual(openQuestions);
    expect(check('provider.refresh').message).toBe(
      'works, though the discovery document does not list refresh_token',
    );
  });

  it.each([
    ['unsupported_grant_type', ', and the token endpoint refuses it'],
    ['invalid_grant', ''],
  ])('does not list refreshing, and answers %s to everything: a warning', async (error, words) => {
    const { check } = await atLiar({
      discovery: withoutRefresh,
      answers: { token: { status: 400, body: { error } } },
    });
    expect(check('provider.refresh')).toMatchObject({
      outcome: 'warning',
      message: `The discovery document does not list refresh_token${words}: a session may end with its access token.`,
    });
  });

  it('revokes tokens of applications with a secret only, which is no fault of this one', async () => {
    const provider = await startPlainProvider();
    onTestFinished(() => provider.close());
    const args = ['--issuer', provider.issuer, '--app-id', 'plain-public', '--port', '0'];
    const { check } = await doctor(args, {}, (runtime) => ({
      ...runtime,
      fetch: async (options) => {
        const fetch = await runtime.fetch(options);
        return async (url, init) =>
          url.endsWith('/oauth/revoke')
            ? Response.json({ error: 'invalid_client' }, { status: 401 })
            : fetch(url, init);
      },
    }));
    expect(check('provider.revocation')).toMatchObject({
      outcome: 'warning',
      message: expect.stringContaining('refuses applications without a secret'),
    });
  });

  it('says nothing about what it need not say', async () => {
    const { check } = await atLiar({ discovery: ({ code_challenge_methods_supported: _, ...rest }) => rest });
    expect(check('provider.pkce').outcome).toBe('skipped');
    expect(check('provider.refresh').outcome).toBe('skipped');
  });
});

describe('the keys', () => {
  const rsa1024 = {
    kty: 'RSA',
    e: 'AQAB',
    n: Buffer.alloc(128, 0xc1).toString('base64url'),
  };
  const broken = { kty: 'EC', crv: 'P-256', alg: 'ES256', x: 'AA', y: 'AA', kid: 'broken' };

  it.each([
    ['no JSON', { answers: { jwks: { body: '<html></html>' } } }],
    ['no list', { jwks: () => ({ keys: 'none' }) }],
    ['empty', { jwks: () => ({ keys: [] }) }],
    [
      'for another algorithm',
      { discovery: (document) => ({ ...document, id_token_signing_alg_values_supported: ['RS256'] }) },
    ],
    [
      'for no algorithm that is acceptable',
      {
        discovery: (document) => ({ ...document, id_token_signing_alg_values_supported: ['HS256', 'none'] }),
      },
    ],
    [
      'for encryption only',
      { jwks: ({ keys }) => ({ keys: (keys as object[]).map((key) => ({ ...key, use: 'enc' })) }) },
    ],
    ['too short', { jwks: () => ({ keys: [rsa1024] }) }],
    ['broken', { jwks: () => ({ keys: [broken] }) }],
  ] satisfies [string, Lies][])('are %s', async (_name, lies) => {
    const { faults } = await atLiar(lies);
    expect(faults).toEqual({ ...openQuestions, 'provider.keys': 'failed jwks_invalid' });
  });

  it.each<[string, object[], string]>([
    ['none', [], 'is empty: nothing is there to verify ES256, RS256 with.'],
    ['one that is broken', [broken], 'has 1 key, and none that can be used for ES256, RS256.'],
    ['several', [broken, rsa1024], 'has 2 keys, and none that can be used for ES256, RS256.'],
  ])('are told in words that fit how many there are: %s', async (_, keys, words) => {
    const { check } = await atLiar({ jwks: () => ({ keys }) });
    expect(check('provider.keys').message).toContain(words);
  });

  it('are down', async () => {
    const { faults } = await atLiar({ answers: { jwks: { status: 503 } } });
    expect(faults).toEqual({ ...openQuestions, 'provider.keys': 'failed provider_error' });
  });

  it('are a warning where one of them is broken and another serves', async () => {
    const { faults } = await atLiar({ jwks: ({ keys }) => ({ keys: [...(keys as object[]), broken] }) });
    expect(faults).toEqual({ ...openQuestions, 'provider.keys': 'warning jwks_invalid' });
  });

  it.each<[string, Record<string, string>, string, string]>([
    [
      'long enough',
      { LOGTO_APP_SECRET: 'a-secret-of-32-bytes-0123456789-' },
      'passed',
      "the application's secret is one for HS256",
    ],
    [
      'too short',
      { LOGTO_APP_SECRET: 'short' },
      'failed',
      'the secret of the application is too short: 32 bytes are the least',
    ],
    ['not there', {}, 'failed', 'only an application with a secret can verify'],
  ])(
    'need not be there where ID tokens are signed with the secret, which is %s',
    async (_, environment, outcome, says) => {
      const announced = { id_token_signing_alg_values_supported: ['HS256'] };
      const lies = {
        discovery: (document: object) => ({ ...document, ...announced }),
        jwks: () => ({ keys: [] }),
      };
      const { check } = await atLiar(lies, { machine: { environment } });
      expect(check('provider.keys')).toMatchObject({ outcome, message: expect.stringContaining(says) });
    },
  );

  it('may be of a kind that nobody here knows, beside one that serves', async () => {
    const { check } = await atLiar({
      jwks: ({ keys }) => ({ keys: [{ kty: 'PQC', alg: 'X' }, ...(keys as object[])] }),
    });
    expect(check('provider.keys')).toMatchObject({
      outcome: 'passed',
      message: '1 for ES256, and 1 for something else',
    });
  });
});

describe('the clock', () => {
  const at = (seconds: number) => ({ machine: { now: () => Date.now() + seconds * 1000 } });

  it('has failed when this machine is 10 minutes slow', async () => {
    const { faults } = await atLiar({}, at(-600));
    expect(faults).toEqual({ ...openQuestions, 'machine.clock': 'failed clock_skew' });
  });

  it('is a warning when it is 10 minutes fast', async () => {
    const { faults } = await atLiar({}, at(600));
    expect(faults).toEqual({ ...openQuestions, 'machine.clock': 'warning clock_skew' });
  });

  it('is not called fast for a stored answer, which says how old it is', async () => {
    const Date_ = new Date(Date.now() - 600_000).toUTCString();
    const { check } = await atLiar({ headers: { discovery: { Date: Date_, Age: '600' } } });
    expect(check('machine.clock').outcome).toBe('passed');
  });
});

describe('a provider that answers everything with a page', () => {
  it('leaves open what it does not tell, and nothing is guessed', async () => {
    const page: Answer = {
      headers: { 'Content-Type': 'text/html' },
      body: '<!doctype html><title>Welcome</title>',
    };
    const { faults, exitCode, outcome } = await atLiar({
      answers: {
        authorize: page,
        token: page,
        revoke: page,
        'end-session': page,
        par: page,
        elsewhere: page,
      },
    });
    expect(faults).toEqual({ 'application.exists': 'incomplete' });
    expect({ exitCode, outcome }).toEqual({ exitCode: 3, outcome: 'incomplete' });
  });
});

it('asks for each thing once', async () => {
  const { port, uris } = await freeAddresses();
  const provider = await startPlainProvider(uris);
  onTestFinished(() => provider.close());
  await doctor(['--issuer', provider.issuer, '--app-id', 'plain-public', '--port', `${port}`]);
  const times = (what: string) => provider.requests.filter((request) => request === what).length;
  expect(times('GET /.well-known/openid-configuration')).toBe(1);
  expect(times('GET /keys')).toBe(1);
  expect(times('POST /oauth/revoke')).toBe(1);
  // Ours, and somebody else's to compare with.
  expect(times('POST /oauth/token')).toBe(2);
  // The redirect URI alone, and with every scope; a stranger's, and one to elsewhere, to compare with.
  expect(times('GET /authorize')).toBe(4);
});

describe("the address of Logto's Console", () => {
  /** Its own tenant, which knows no application of others. */
  const consoleAt = (location: string): Lies => ({
    answers: {
      authorize: {
        status: 400,
        body: {
          code: 'oidc.invalid_client',
          error: 'invalid_client',
          error_description: 'invalid client app',
        },
      },
      token: {
        status: 400,
        body: {
          code: 'oidc.invalid_client',
          error: 'invalid_client',
          error_description: 'invalid client app',
        },
      },
      elsewhere: ({ url }) =>
        url.pathname === '/' ? { status: 302, headers: { Location: location } } : { status: 404 },
    },
  });

  async function doctorAt(lies: Lies, flag: '--endpoint' | '--issuer') {
    const provider = await startLyingProvider(lies, { issuerPath: '/oidc' });
    onTestFinished(() => provider.close());
    const address = flag === '--endpoint' ? provider.origin : provider.issuer;
    return { provider, ...(await doctor([flag, address, '--app-id', 'app', '--port', '0'])) };
  }

  it.each(['/console', '/console/welcome'])(
    'is named where the application is unknown (%s)',
    async (location) => {
      const { check, provider } = await doctorAt(consoleAt(location), '--endpoint');
      expect(check('application.exists')).toMatchObject({
        outcome: 'failed',
        code: 'client_unknown',
        message: expect.stringContaining(`${provider.origin} is the address of Logto's Console`),
        hint: expect.stringMatching(/“Logto endpoint”.*--endpoint/),
      });
    },
  );

  it('is named where there is no discovery document', async () => {
    const lies = { answers: { ...consoleAt('/console').answers, discovery: { body: '<html>' } } };
    const { check } = await doctorAt(lies, '--endpoint');
    expect(check('provider.discovery')).toMatchObject({
      code: 'discovery_invalid',
      message: expect.stringContaining("is the address of Logto's Console"),
    });
  });

  it.each(['/sign-in', '/consoles', 'https://other.test/console'])(
    'is not seen in a redirect to %s',
    async (location) => {
      const { check } = await doctorAt(consoleAt(location), '--endpoint');
      expect(check('application.exists').message).not.toContain('Console');
    },
  );

  it('is nothing that whoever gives an issuer hears of', async () => {
    const { check, provider } = await doctorAt(consoleAt('/console'), '--issuer');
    expect(JSON.stringify(check('application.exists'))).not.toMatch(/Logto|Console/);
    expect(provider.requestsTo('elsewhere').filter(({ url }) => url.pathname === '/')).toEqual([]);
  });
});
