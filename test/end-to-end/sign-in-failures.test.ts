import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { followSignIn } from '../../src/testing.js';
import { freePort } from '../support/free-port.js';
import { sentBackWith } from '../support/http-browser.js';
import { startLocalServer } from '../support/local-server.js';
import { documentOf, type RunningProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { type Providers, type RegistrationName, startProviders } from './providers.js';
import {
  browserOf,
  expectNothingSecret,
  fetchOnce,
  filesOf,
  secretsIn,
  signIn,
  startSignIn,
  tokensOf,
  VisitingBrowser,
  withoutLine,
} from './sign-in-run.js';

let providers: Providers;
beforeAll(async () => {
  providers = await startProviders();
});
afterAll(() => providers.close());

describe('a sign-in that fails', () => {
  const denied = (url: string) => {
    const iss = providers.native.issuer;
    return new VisitingBrowser(sentBackWith({ error: 'access_denied', iss })).open(url);
  };

  const interrupt = async (program: RunningProgram, signal: NodeJS.Signals) => {
    // It waits as soon as it answers.
    await fetchOnce(`http://localhost:${providers.port}/nothing`);
    program.kill(signal);
  };

  interface Failure {
    readonly name: RegistrationName;
    readonly args?: readonly string[];
    /** Instead of the application's own. */
    readonly secret?: string;
    /** What happens while it waits. */
    readonly happens?: (program: RunningProgram, url: string) => Promise<void>;
    readonly code: string;
    readonly exitCode: number;
    readonly page?: string;
  }

  const failures: Readonly<Record<string, Failure>> = {
    'because the person refuses': {
      name: 'native',
      happens: async (_program, url) => void (await denied(url)),
      code: 'access_denied',
      exitCode: 5,
    },
    'because the secret is wrong': {
      name: 'traditional',
      args: ['--no-preflight'],
      secret: 'wrong-secret',
      happens: async (_program, url) => void (await browserOf(providers.traditional.user).open(url)),
      code: 'client_secret_invalid',
      exitCode: 9,
    },
    'because the secret is wrong at another provider': {
      name: 'plainConfidential',
      args: ['--no-preflight'],
      secret: 'wrong-secret',
      happens: async (_program, url) => void (await browserOf(providers.plainConfidential.user).open(url)),
      code: 'client_rejected',
      exitCode: 9,
    },
    'because nobody comes': {
      name: 'native',
      args: ['--timeout', '1'],
      code: 'sign_in_timeout',
      exitCode: 124,
    },
    'because of Ctrl-C': {
      name: 'native',
      happens: (program) => interrupt(program, 'SIGINT'),
      code: 'interrupted',
      exitCode: 130,
    },
    'because it is terminated': {
      name: 'native',
      happens: (program) => interrupt(program, 'SIGTERM'),
      code: 'interrupted',
      exitCode: 143,
    },
  };

  it.each(Object.keys(failures))('%s leaves the session before it as it was', async (title) => {
    const failure = failures[title];
    if (failure === undefined) return expect.unreachable();
    const { name, args = [], secret, happens, code, exitCode } = failure;
    const home = await temporaryDirectory();
    await signIn(providers[name], providers.port, { home });
    const before = filesOf(home);

    const registration = { ...providers[name], ...(secret !== undefined && { appSecret: secret }) };
    const program = startSignIn(registration, providers.port, { home }, [...args, '--json']);
    const url = await program.address();
    await happens?.(program, url);
    const outcome = await program.ended;

    expect(outcome).toMatchObject({ exitCode, signal: null });
    expect(documentOf(outcome)).toEqual({ error: expect.objectContaining({ code }) });
    expect(documentOf(outcome).error.hint).not.toBe('');
    expect(filesOf(home)).toEqual(before);
    expect(Object.keys(before)).not.toEqual([]);
    const told = outcome.stdout + withoutLine(outcome.stderr, url);
    expectNothingSecret(told, url, [...secretsIn(tokensOf(home)), secret ?? 'wrong-secret']);
    expect(told).not.toMatch(/^\s+at /m);
  });

  it('tells the browser what went wrong', async () => {
    const home = await temporaryDirectory();
    const wrong = { ...providers.traditional, appSecret: 'wrong-secret' };
    const { outcome, browser } = await signIn(wrong, providers.port, { home }, ['--no-preflight']);
    expect(outcome.exitCode).toBe(9);
    expect(outcome.stdout).toBe('');
    expect(browser.pages[0]?.text).toContain('Sign-in failed');
    expect(browser.pages[0]?.text).toContain('client_secret_invalid');
    expect(browser.pages[0]?.url).not.toMatch(/code=|state=/);
  });

  it('because the redirect URI is not registered ends when nobody could come back', async () => {
    const home = await temporaryDirectory();
    const args = ['--json', '--timeout', '2', '--no-preflight'];
    const program = startSignIn(providers.spa, await freePort(), { home }, args);

    const refusal = await fetchOnce(await program.address());

    expect(await refusal.json()).toMatchObject({ code: 'oidc.invalid_redirect_uri' });
    const outcome = await program.ended;
    expect(outcome.exitCode).toBe(124);
    expect(documentOf(outcome).error.code).toBe('sign_in_timeout');
    expect(filesOf(home)).toEqual({});
  });

  it.each([
    ['redirect URI is not registered', 'redirect_uri_not_registered', 'Redirect URIs', {}],
    ['application is unknown', 'client_unknown', 'App ID', { appId: 'nobody' }],
    ['secret is wrong', 'client_secret_invalid', 'App secrets', { appSecret: 'wrong-secret' }],
  ])('because the %s ends before any browser opens, and says so', async (_, code, field, fault) => {
    const home = await temporaryDirectory();
    await signIn(providers.traditional, providers.port, { home });
    const before = filesOf(home);
    const { appId, appSecret, endpoint = '' } = { ...providers.traditional, ...fault };
    const registration = {
      ...(appSecret && { appSecret }),
      flags: ['--endpoint', endpoint, '--app-id', appId],
    };
    const port = code.startsWith('redirect') ? await freePort() : providers.port;

    const outcome = await startSignIn(registration, port, { home }, ['--json']).ended;

    expect(outcome.exitCode).toBe(9);
    expect(documentOf(outcome).error).toMatchObject({ code, hint: expect.stringContaining(field) });
    expect(outcome.stderr).not.toMatch(/https?:\/\/\S+\?/);
    expect(outcome.stdout + outcome.stderr).not.toContain('wrong-secret');
    expect(filesOf(home)).toEqual(before);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'because of %s while the provider does not answer ends at once',
    async (signal) => {
      const home = await temporaryDirectory();
      let requests = 0;
      const mute = await startLocalServer(() => {
        requests += 1;
      });
      onTestFinished(() => mute.close());
      const flags = ['--issuer', mute.origin, '--app-id', 'app'];
      const program = startSignIn({ flags }, 0, { home }, ['--json']);
      await expect.poll(() => requests, { timeout: 20_000 }).toBe(1);

      program.kill(signal);

      const outcome = await program.ended;
      expect(outcome).toMatchObject({ exitCode: signal === 'SIGINT' ? 130 : 143, signal: null });
      expect(documentOf(outcome).error.code).toBe('interrupted');
    },
  );

  it("when the provider goes away in the middle is the network's failure", async () => {
    const home = await temporaryDirectory();
    const { emulator, native, port, close } = await startProviders();
    const program = startSignIn(native, port, { home }, ['--json']);
    const url = await program.address();
    const callback = await followSignIn({ authorizationUrl: url, ...native.user, fetch: fetchOnce });
    await emulator.close();

    const page = await (await fetch(callback)).text();

    const outcome = await program.ended;
    await close();
    expect(outcome.exitCode).toBe(7);
    expect(documentOf(outcome).error.code).toBe('network_unreachable');
    expect(page).toContain('network_unreachable');
    expect(filesOf(home)).toEqual({});
  });
});
