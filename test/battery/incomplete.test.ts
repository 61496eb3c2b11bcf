import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takingTurns } from '../../src/check/run/taking-turns.js';
import { TestedProvider } from '../../src/check/tested-provider.js';
import { defaultSeed, type Emulator, startEmulator } from '../../src/testing.js';
import { battery } from './battery-run.js';
import { type Fault, FaultyProvider } from './faulty-provider.js';

let emulator: Emulator;
let provider: FaultyProvider;
beforeAll(async () => {
  emulator = await startEmulator({ seed: defaultSeed() });
  provider = await FaultyProvider.start(emulator.endpoint);
});
afterAll(async () => {
  await provider.close();
  await emulator.close();
});

const appSecret = 'emulator-only-app-secret';

function run(fault: Fault, appId = 'native', secret?: string) {
  provider.fault = fault;
  return battery(['--endpoint', provider.addressOf(emulator.endpoint), '--app-id', `emulator-${appId}`], {
    environment: { LOGTO_APP_SECRET: secret },
  }).finally(() => {
    provider.fault = null;
  });
}

const pkceless: Fault = ({ step, parameters }, honest) =>
  step === 'authorization' && !parameters.has('code_challenge')
    ? { status: 429, headers: {}, body: '' }
    : honest;

describe('a check that could not be run is never passed', () => {
  it.each([429, 502, 503])('where the provider answers %i', async (status) => {
    const { exitCode, outcome, failures, incomplete, check } = await run((request, honest) => {
      const changed = pkceless(request, honest);
      return changed === honest ? honest : { ...changed, status };
    });
    expect({ exitCode, outcome, failures }).toEqual({ exitCode: 3, outcome: 'incomplete', failures: {} });
    expect(Object.keys(incomplete)).toEqual(['pkce.required']);
    expect(check('pkce.required')).toMatchObject({
      code: 'provider_error',
      hint: expect.stringMatching(/\S/),
    });
  });

  it('where the provider is not there at all', async () => {
    const { exitCode, incomplete, checks } = await battery([
      ...['--endpoint', 'http://127.0.0.1:9', '--app-id', 'app'],
    ]);
    expect(exitCode).toBe(3);
    expect(Object.keys(incomplete)).toEqual(['discovery.document']);
    expect(checks.filter(({ outcome }) => outcome === 'passed')).toEqual([]);
  });

  it('where the application has a secret that nobody gave', async () => {
    const { exitCode, failures, incomplete, warnings, check } = await run(
      (_, honest) => honest,
      'traditional',
    );
    expect({ exitCode, failures }).toEqual({ exitCode: 3, failures: {} });
    expect(Object.keys(incomplete)).toEqual(['client.authentication']);
    expect(check('client.authentication')).toMatchObject({
      code: 'client_secret_missing',
      hint: expect.stringContaining('LOGTO_APP_SECRET'),
    });
    expect(check('token.code').outcome).toBe('skipped');
    // It is told to be confidential all the same.
    expect(Object.keys(warnings)).toContain('pkce.required');
  });

  it.each([
    ['a page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Hello</p>' }],
    [
      'a way to somewhere else',
      { status: 302, headers: { location: 'https://elsewhere.example.test/' }, body: '' },
    ],
    [
      'an error that says nothing',
      { status: 303, headers: { location: 'http://localhost:3000/callback?error=server_error' }, body: '' },
    ],
  ])('where the answer is %s', async (_, answer) => {
    const { failures, incomplete } = await run(({ step, parameters }, honest) =>
      step === 'authorization' && parameters.get('response_type') === 'token' ? answer : honest,
    );
    expect(failures).toEqual({});
    expect(Object.keys(incomplete)).toEqual(['response-type.token']);
  });

  it('where no answer to prompt=none is right, so that nothing can be concluded', async () => {
    const { incomplete, checks, exitCode } = await run(({ step }, honest) =>
      step === 'authorization' ? { status: 200, headers: {}, body: '<p>Sign in</p>' } : honest,
    );
    expect(exitCode).toBe(3);
    expect(Object.keys(incomplete)).toEqual(['authorization.request']);
    const passed = checks.filter(
      ({ id, outcome }) => /^(redirect-uri|pkce)/.test(id) && outcome !== 'skipped',
    );
    expect(passed).toEqual([]);
  });
});

describe('what is wrong with the setup', () => {
  it('is a failure with the code of the contract', async () => {
    const wrongSecret = await run((_, honest) => honest, 'traditional', 'a-wrong-secret');
    expect(wrongSecret.check('client.authentication')).toMatchObject({
      outcome: 'failed',
      code: 'client_secret_invalid',
    });
    expect(JSON.stringify(wrongSecret.checks)).not.toContain('a-wrong-secret');
    const elsewhere = await battery([
      ...['--endpoint', emulator.endpoint, '--app-id', 'emulator-native'],
      ...['--redirect-uri', 'http://localhost:3000/elsewhere'],
    ]);
    expect(elsewhere.check('authorization.request')).toMatchObject({
      outcome: 'failed',
      code: 'redirect_uri_not_registered',
    });
    expect(elsewhere.exitCode).toBe(1);
  });

  it('is a provider that breaks at a request (500)', async () => {
    const { failures } = await run((request, honest) => {
      const changed = pkceless(request, honest);
      return changed === honest ? honest : { ...changed, status: 500 };
    });
    expect(Object.keys(failures)).toEqual(['pkce.required']);
  });

  it('repeats nothing of a secret, however a provider repeats it', async () => {
    const credentials = Buffer.from(`emulator-traditional:${appSecret}`).toString('base64');
    const { runtime, checks } = await run(
      ({ step }, honest) =>
        step === 'token' || step === 'par' || step === 'introspection'
          ? {
              status: 400,
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify({
                error: `${appSecret} ${credentials}`,
                error_description: `${appSecret} ${credentials}`,
              }),
            }
          : honest,
      'traditional',
      appSecret,
    );
    expect(checks.filter(({ outcome }) => outcome === 'incomplete' || outcome === 'failed')).not.toEqual([]);
    for (const secret of [appSecret, credentials]) {
      expect(runtime.stdout.text + runtime.stderr.text).not.toContain(secret);
    }
  });
});

describe('requests', () => {
  it('are few at a time, and each gets its turn', async () => {
    let underWay = 0;
    let most = 0;
    const inTurn = takingTurns(3);
    const ask = async (url: string) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      if (url === '7') throw new Error('this one fails');
      return new Response(url);
    };
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => inTurn(() => ask(String(index)))),
    );
    expect(most).toBe(3);
    expect(answers.map(({ status }) => status)).toEqual(
      Array.from({ length: 20 }, (_, index) => (index === 7 ? 'rejected' : 'fulfilled')),
    );
  });

  it('go nowhere but to addresses that can be trusted', async () => {
    const asked: string[] = [];
    const subject = new TestedProvider({
      issuer: 'http://provider.example.test',
      clientId: 'app',
      redirectUri: 'http://localhost:3000/callback',
      device: false,
      fetch: async (url) => {
        asked.push(url);
        return Response.json({});
      },
      now: Date.now,
      signal: new AbortController().signal,
    });
    await expect(subject.discovery()).rejects.toMatchObject({ code: 'issuer_insecure' });
    expect(asked).toEqual([]);
  });
});
