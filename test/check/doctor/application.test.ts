import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { scopes } from '../../../src/check/doctor/application/scopes.js';
import type { DoctorSubject } from '../../../src/check/doctor/doctor-subject.js';
import { withRedirects } from '../../../src/emulator/seed.js';
import { LogtoError } from '../../../src/errors.js';
import type { Storage } from '../../../src/storage/storage.js';
import { defaultSeed, type Emulator, startEmulator } from '../../../src/testing.js';
import { holdPort } from '../../support/held-port.js';
import type { Answer, Answering } from '../../support/lies.js';
import { startLyingProvider } from '../../support/lying-provider.js';
import { type PlainProvider, startPlainProvider } from '../../support/plain-provider.js';
import { doctor, freeAddresses } from './doctor-run.js';

let emulator: Emulator;
let plain: PlainProvider;
let port: number;
beforeAll(async () => {
  const addresses = await freeAddresses();
  port = addresses.port;
  emulator = await startEmulator({ seed: withRedirects(defaultSeed(), addresses.uris) });
  plain = await startPlainProvider(addresses.uris);
});
afterAll(async () => {
  await emulator.close();
  await plain.close();
});

function atLogto(appId: string, args: readonly string[] = [], secret?: string) {
  return doctor(['--endpoint', emulator.endpoint, '--app-id', appId, ...withPort(args)], {
    environment: secret === undefined ? {} : { LOGTO_APP_SECRET: secret },
  });
}

function elsewhere(appId: string, args: readonly string[] = [], secret?: string) {
  return doctor(['--issuer', plain.issuer, '--app-id', appId, ...withPort(args)], {
    environment: secret === undefined ? {} : { LOGTO_APP_SECRET: secret },
  });
}

function withPort(args: readonly string[]): readonly string[] {
  return args.includes('--redirect-uri') || args.includes('--port')
    ? args
    : ['--port', String(port), ...args];
}

describe('the application at Logto', () => {
  it.each([undefined, 'a-secret'])(
    'is unknown, and nothing else is said about it (secret: %s)',
    async (secret) => {
      const { faults, exitCode } = await atLogto('nobody', [], secret);
      expect(faults).toEqual({ 'application.exists': 'failed client_unknown' });
      expect(exitCode).toBe(1);
    },
  );

  it('is not set', async () => {
    const { faults } = await doctor(['--endpoint', emulator.endpoint, '--port', '0']);
    expect(faults).toEqual({ 'application.exists': 'failed config_missing' });
  });

  it.each([
    ['its secret is wrong', 'emulator-traditional', 'wrong', 'secret', 'client_secret_invalid'],
    ['its secret is missing', 'emulator-traditional', undefined, 'type', 'client_secret_missing'],
    ['it is public and gets one', 'emulator-native', 'surplus', 'type', 'client_secret_unexpected'],
    ['it is public and gets one', 'emulator-spa', 'surplus', 'type', 'client_secret_unexpected'],
  ])('is named when %s (%s)', async (_name, appId, secret, id, code) => {
    const { faults, runtime } = await atLogto(appId, [], secret);
    expect(faults).toEqual({ [`application.${id}`]: `failed ${code}` });
    if (secret !== undefined) expect(runtime.stdout.text + runtime.stderr.text).not.toContain(`"${secret}"`);
  });

  it.each([
    ['another path', (uri: string) => uri.replace('/callback', '/elsewhere')],
    ['a slash', (uri: string) => `${uri}/`],
    ['127.0.0.1 for localhost', (uri: string) => uri.replace('localhost', '127.0.0.1')],
    ['[::1] for localhost', (uri: string) => uri.replace('localhost', '[::1]')],
  ])('has not registered a redirect URI with %s', async (_name, change) => {
    const uri = change(`http://localhost:${port}/callback`);
    const { faults, check } = await atLogto('emulator-native', ['--redirect-uri', uri]);
    expect(faults).toEqual({ 'application.redirect-uri': 'failed redirect_uri_not_registered' });
    expect(check('application.redirect-uri')).toMatchObject({
      message: expect.stringContaining(uri),
      hint: expect.stringContaining('Redirect URIs'),
    });
  });

  it('has not registered another port, and so not the way back from a sign-out there', async () => {
    const { port: other } = await freeAddresses();
    const { faults, check } = await atLogto('emulator-spa', ['--port', `${other}`]);
    expect(faults).toEqual({
      'application.redirect-uri': 'failed redirect_uri_not_registered',
      'application.post-sign-out-uri': 'warning post_logout_redirect_uri_not_registered',
    });
    expect(check('application.scopes').message).toContain('“Redirect URI”, which failed');
  });

  it('is asked for where it has https, and the post sign-out URI with it', async () => {
    const { port: other } = await freeAddresses();
    const uri = `https://localhost:${other}/callback`;
    const { faults, check } = await atLogto('emulator-native', ['--redirect-uri', uri]);
    expect(faults).toEqual({
      'application.redirect-uri': 'failed redirect_uri_not_registered',
      'application.post-sign-out-uri': 'warning post_logout_redirect_uri_not_registered',
    });
    expect(check('application.redirect-uri').hint).toContain(uri);
    expect(check('application.post-sign-out-uri').hint).toContain(`https://localhost:${other}/`);
  });

  it.each(['https://app.example.com/callback', 'http://app.example.com/callback'])(
    'is not asked for %s, which nobody could answer here',
    async (uri) => {
      const { faults } = await atLogto('emulator-native', [
        ...['--redirect-uri', uri],
        ...['--post-logout-redirect-uri', `http://localhost:${port}/`],
      ]);
      expect(faults).toEqual({ 'machine.callback-port': 'failed config_invalid' });
    },
  );

  it('has not registered the post sign-out URI', async () => {
    const { faults } = await atLogto('emulator-native', [
      '--post-logout-redirect-uri',
      `http://localhost:${port}/bye`,
    ]);
    expect(faults).toEqual({
      'application.post-sign-out-uri': 'failed post_logout_redirect_uri_not_registered',
    });
  });

  it('cannot be sent back from a sign-out to what is no address', async () => {
    const { faults } = await atLogto('emulator-native', ['--post-logout-redirect-uri', 'bye']);
    expect(faults).toEqual({ 'application.post-sign-out-uri': 'failed config_invalid' });
  });

  it('asks for a resource that nobody knows, among others', async () => {
    const { faults, check } = await atLogto('emulator-native', [
      ...['--resource', 'https://api.example.test', '--resource', 'https://other.example.test'],
    ]);
    expect(faults).toEqual({ 'application.resources': 'failed resource_unknown' });
    expect(check('application.resources').message).toContain('https://other.example.test');
    expect(check('application.resources').message).not.toContain('api.example');
  });

  it('asks for a scope that nobody lists', async () => {
    const { faults, exitCode } = await atLogto('emulator-native', ['--scope', 'opnid']);
    expect(faults).toEqual({ 'application.scopes': 'warning scope_not_allowed' });
    expect(exitCode).toBe(0);
  });

  it.each([
    [['--no-prompt'], 'Leave --no-prompt out, or use --prompt consent.'],
    [['--prompt', 'login'], "Leave --prompt out, or use --prompt 'login consent'."],
  ])('asks for offline access without the consent that Logto wants, with %j', async (flags, hint) => {
    const { faults, check } = await atLogto('emulator-native', flags);
    expect(faults).toEqual({ 'application.offline-access': 'warning' });
    expect(check('application.offline-access').hint).toBe(hint);
  });

  it.each([[['--prompt', 'login consent']], [['--no-prompt', '--no-default-scopes']]])(
    'is content with %j',
    async (flags) => {
      expect((await atLogto('emulator-native', flags)).faults).toEqual({});
    },
  );

  it('may not use the device flow', async () => {
    const { faults } = await atLogto('emulator-native', ['--device']);
    expect(faults).toEqual({ 'application.device-flow': 'failed device_flow_disabled' });
  });
});

describe('the application at another provider', () => {
  it.each([
    ['unknown', 'nobody', undefined, 'exists'],
    ['unknown, with a secret', 'nobody', 'a-secret', 'exists'],
    ['confidential, with a wrong secret', 'plain-confidential', 'wrong', 'secret'],
    ['confidential, without its secret', 'plain-confidential', undefined, 'secret'],
    ['public, with a secret', 'plain-public', 'surplus', 'secret'],
  ])('is rejected when it is %s: the provider does not tell why', async (_name, appId, secret, id) => {
    const { faults } = await elsewhere(appId, [], secret);
    expect(faults).toEqual({ [`application.${id}`]: 'failed client_rejected' });
  });

  it('has not registered the redirect URI', async () => {
    const { faults } = await elsewhere('plain-public', [
      '--redirect-uri',
      `http://localhost:${port}/elsewhere`,
    ]);
    expect(faults).toEqual({ 'application.redirect-uri': 'failed redirect_uri_not_registered' });
  });

  it.each([
    ['plain-public', undefined, 'public: it needs no secret'],
    ['plain-confidential', 'plain-confidential-test-secret', 'confidential: its secret is set'],
  ])('has a type in words of no other provider (%s)', async (appId, secret, words) => {
    const { check } = await elsewhere(appId, [], secret);
    expect(check('application.type')).toMatchObject({ outcome: 'passed', message: words });
  });

  it('has not registered the post sign-out URI', async () => {
    const { faults } = await elsewhere('plain-public', [
      '--post-logout-redirect-uri',
      `http://localhost:${port}/bye`,
    ]);
    expect(faults).toEqual({
      'application.post-sign-out-uri': 'failed post_logout_redirect_uri_not_registered',
    });
  });
});

describe('the sign-in request', () => {
  it('is refused by a provider that does not take our PKCE', async () => {
    const provider = await startLyingProvider({
      answers: {
        authorize: ({ url: { searchParams } }) =>
          searchParams.get('client_id') !== 'app' || searchParams.get('redirect_uri')?.includes('example')
            ? { status: 400, body: { error: 'invalid_request' } }
            : {
                status: 303,
                headers: {
                  Location: `${searchParams.get('redirect_uri')}?${new URLSearchParams({
                    error: 'invalid_request',
                    error_description: 'code_challenge_method S256 is not supported',
                    state: searchParams.get('state') ?? '',
                  })}`,
                },
              },
      },
    });
    onTestFinished(() => provider.close());
    const { faults } = await doctor(['--issuer', provider.issuer, '--app-id', 'app', '--port', '0']);
    expect(faults).toMatchObject({ 'application.authorization-request': 'failed authorization_error' });
  });
});

describe('an application for machines whose secret is missing', () => {
  it('is not told to register addresses that it cannot have', async () => {
    const { faults, check } = await atLogto('emulator-m2m');
    expect(faults).toEqual({
      'application.type': 'failed client_secret_missing',
      'application.redirect-uri': 'incomplete redirect_uri_not_registered',
      'application.post-sign-out-uri': 'incomplete post_logout_redirect_uri_not_registered',
    });
    for (const id of ['application.redirect-uri', 'application.post-sign-out-uri'])
      expect(check(id).message).toContain('An application for machines has none at all');
  });
});

describe('two faults at once', () => {
  it('are both named: a wrong secret and a redirect URI that is not registered', async () => {
    const uri = `http://localhost:${port}/elsewhere`;
    const { faults } = await atLogto('emulator-traditional', ['--redirect-uri', uri], 'wrong');
    expect(faults).toEqual({
      'application.secret': 'failed client_secret_invalid',
      'application.redirect-uri': 'failed redirect_uri_not_registered',
    });
  });

  it('are both named: on this machine and at the provider', async () => {
    await holdPort(port);
    const { faults } = await atLogto('nobody');
    expect(faults).toEqual({
      'machine.callback-port': 'failed port_in_use',
      'application.exists': 'failed client_unknown',
    });
  });

  it('are both named: a storage that fails and a missing secret, which is not looked for there', async () => {
    const broken = () => Promise.reject(new LogtoError('storage_locked', 'It is locked.', 'Unlock it.'));
    const keychain: Storage = { get: async () => null, set: broken, delete: broken };
    const args = ['--endpoint', emulator.endpoint, '--app-id', 'emulator-traditional', '--port', `${port}`];
    const { faults } = await doctor(args, { keychain, environment: { LOGTO_APP_SECRET: 'wrong' } });
    expect(faults).toEqual({
      'machine.storage': 'failed storage_locked',
      'application.secret': 'failed client_secret_invalid',
    });
  });

  it('are not made of one: a secret that may be in a storage that fails is not called missing', async () => {
    const broken = () =>
      Promise.reject(new LogtoError('storage_unavailable', 'It is away.', 'Bring it back.'));
    const keychain: Storage = { get: broken, set: broken, delete: broken };
    const args = ['--endpoint', emulator.endpoint, '--app-id', 'emulator-traditional', '--port', `${port}`];
    const { faults, check } = await doctor(args, { keychain });
    expect(faults).toEqual({ 'machine.storage': 'failed storage_unavailable' });
    expect(check('application.type').message).toContain('the storage, which cannot be read');
    expect(check('application.redirect-uri').outcome).toBe('passed');
  });
});

describe('scopes', () => {
  it.each([
    [['openid'], ['openid', 'profile'], [], 'passed'],
    [['openid', 'x'], undefined, [], 'passed'],
    [['openid', 'x'], ['openid'], [], 'warning'],
    [['openid', 'read:x'], ['openid'], ['https://api.test'], 'skipped'],
  ] as const)('%j against %j, with the resources %j: %s', async (asked, listed, resources, outcome) => {
    const subject: Partial<Record<keyof DoctorSubject, unknown>> = {
      authorizationOfScopes: async () => ({ verdict: 'accepted' }),
      scopes: async () => asked,
      metadata: async () => ({ scopes_supported: listed }),
      signIn: { resources },
    };
    expect((await scopes.run(subject as DoctorSubject, new AbortController().signal)).outcome).toBe(outcome);
  });
});

describe('a provider that tells everybody first that nobody is signed in', () => {
  const toAnybody: Answering = ({ url: { searchParams } }) => {
    const answer = new URLSearchParams({ error: 'login_required', state: searchParams.get('state') ?? '' });
    return { status: 303, headers: { Location: `${searchParams.get('redirect_uri')}?${answer}` } };
  };

  it('has not shown that it knows the application, nor the redirect URI', async () => {
    const provider = await startLyingProvider({ answers: { authorize: toAnybody } });
    onTestFinished(() => provider.close());
    const { faults, check } = await doctor(['--issuer', provider.issuer, '--app-id', 'app', '--port', '0']);
    // Its token endpoint does not look who asks either.
    expect(faults).toEqual({ 'application.exists': 'incomplete' });
    expect(check('application.exists').message).toContain('that nobody registered alike');
  });

  it('is told what it refuses everybody for, and not that the redirect URI is right', async () => {
    const provider = await startLyingProvider({
      answers: {
        authorize: (request, response) => {
          const answer = toAnybody(request, response) as Answer;
          const location = answer.headers?.['Location']?.replace('login_required', 'invalid_scope') ?? '';
          return { ...answer, headers: { Location: location } };
        },
        token: ({ form }) => ({
          status: 400,
          body: { error: form.get('client_id') === 'app' ? 'invalid_grant' : 'invalid_client' },
        }),
      },
    });
    onTestFinished(() => provider.close());
    const { faults } = await doctor(['--issuer', provider.issuer, '--app-id', 'app', '--port', '0']);
    expect(faults).toEqual({
      'application.redirect-uri': 'warning',
      'application.authorization-request': 'failed scope_not_allowed',
    });
  });

  it('leaves the redirect URI open where its token endpoint knows the application', async () => {
    const provider = await startLyingProvider({
      answers: {
        authorize: toAnybody,
        token: ({ form }) => ({
          status: 400,
          body: { error: form.get('client_id') === 'app' ? 'invalid_grant' : 'invalid_client' },
        }),
      },
    });
    onTestFinished(() => provider.close());
    const { faults, exitCode } = await doctor([
      '--issuer',
      provider.issuer,
      '--app-id',
      'app',
      '--port',
      '0',
    ]);
    expect(faults).toEqual({ 'application.redirect-uri': 'incomplete' });
    expect(exitCode).toBe(3);
  });
});

it('leads from what only the end of a session shows to a sign-out, not to a sign-in', async () => {
  const provider = await startLyingProvider({
    answers: {
      'end-session': ({ url: { searchParams } }) => ({
        status: 303,
        headers: { Location: searchParams.get('post_logout_redirect_uri') ?? '' },
      }),
      revoke: { body: '<!doctype html>' },
      token: ({ form }) => ({
        status: 400,
        body: { error: form.get('client_id') === 'app' ? 'invalid_grant' : 'invalid_client' },
      }),
    },
  });
  onTestFinished(() => provider.close());
  const { check } = await doctor(['--issuer', provider.issuer, '--app-id', 'app']);
  for (const id of ['provider.revocation', 'application.post-sign-out-uri']) {
    expect(check(id).outcome).toBe('incomplete');
    expect(check(id).hint).toContain('logto-cli sign-out');
    expect(check(id).hint).not.toContain('logto-cli sign-in');
  }
});

it('asks for a resource that the provider takes, as it takes any: nobody can tell', async () => {
  const { faults, check } = await elsewhere('plain-public', ['--resource', 'https://api.example.test']);
  expect(faults).toEqual({ 'application.resources': 'incomplete' });
  expect(check('application.resources').message).toContain('nobody registered');
});
