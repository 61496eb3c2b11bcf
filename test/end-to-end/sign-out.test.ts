import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdPort } from '../support/held-port.js';
import { confirmSignOut } from '../support/http-browser.js';
import { documentOf, runProgram, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { browserVariable } from './browser-variable.js';
import { type Providers, type Registration, type RegistrationName, startProviders } from './providers.js';
import {
  fetchOnce,
  filesOf,
  secretsIn,
  signedInHome,
  signIn,
  tokensOf,
  VisitingBrowser,
  withoutLine,
} from './sign-in-run.js';

let providers: Providers;
let signedIn: Awaited<ReturnType<typeof signedInHome>>;
beforeAll(async () => {
  providers = await startProviders();
  signedIn = await signedInHome(providers.native, providers.port);
});
afterAll(async () => {
  await providers.close();
  await signedIn.remove();
});

const names: readonly RegistrationName[] = [
  'native',
  'traditional',
  'spa',
  'plainPublic',
  'plainConfidential',
];

/** The flags with which each provider gives a refresh token. */
function flagsFor({ endpoint }: Registration): string[] {
  return endpoint === undefined ? ['--prompt', 'consent'] : [];
}

/** What the provider answers to a refresh with this token. */
async function refresh({ issuer, endpoint, appId, appSecret }: Registration, token: string) {
  const form = { grant_type: 'refresh_token', refresh_token: token, client_id: appId };
  const secret = appSecret === undefined ? {} : { client_secret: appSecret };
  const basic = Buffer.from(`${appId}:${appSecret}`).toString('base64');
  const isPlain = endpoint === undefined;
  const response = await fetch(isPlain ? `${issuer}/oauth/token` : `${issuer}/token`, {
    method: 'POST',
    headers: isPlain && appSecret !== undefined ? { authorization: `Basic ${basic}` } : {},
    body: new URLSearchParams(isPlain ? form : { ...form, ...secret }),
  });
  return response.status;
}

describe('sign-out', () => {
  it.each(names)(
    'revokes, clears and ends the session in the browser, needing no setting (%s)',
    async (name) => {
      const home = await temporaryDirectory();
      const registration = providers[name];
      const { browser } = await signIn(registration, providers.port, { home }, flagsFor(registration));
      const tokens = tokensOf(home);
      const leaving = new VisitingBrowser(confirmSignOut);
      Object.assign(leaving, { cookies: browser.cookies });

      const program = startProgram(['sign-out', '--no-browser', '--json'], { home });
      const address = await program.address();
      await leaving.open(address);
      await leaving.finished();
      const outcome = await program.ended;

      expect(outcome.exitCode).toBe(0);
      expect(documentOf(outcome)).toEqual({
        profile: 'default',
        tokens: 'cleared',
        revocation: 'done',
        endSession: 'confirmed',
        warnings: [],
      });
      expect(leaving.pages[0]?.text).toContain('You are signed out');
      expect(await refresh(registration, tokens.refreshToken)).toBe(400);
      const left = JSON.stringify(filesOf(home));
      const secrets = [...secretsIn(tokens), registration.appSecret ?? tokens.idToken];
      expect(secrets.filter((secret) => left.includes(secret))).toEqual([]);
      const told = outcome.stdout + outcome.stderr;
      expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
      const state = new URL(leaving.visited.at(-1) ?? '').searchParams.get('state');
      expect(leaving.visited.join()).toContain('state=');
      expect(withoutLine(outcome.stderr, address)).not.toContain(state ?? 'state=');
      const again = await runProgram(['whoami', '--json'], { home });
      expect(documentOf(again).error.code).toBe('not_signed_in');
    },
  );

  it('opens what BROWSER names, and gives a provider that may insist the ID token only by a one-time path', async () => {
    const home = await temporaryDirectory();
    const { plainPublic: registration, port } = providers;
    await signIn(registration, port, { home }, flagsFor(registration));
    const { idToken } = tokensOf(home);
    const browser = browserVariable(home, registration.user);

    const outcome = await runProgram(['sign-out', '--json'], { home, environment: browser.environment });

    expect(documentOf(outcome)).toMatchObject({ revocation: 'done', endSession: 'confirmed' });
    const record = await browser.shown();
    expect(record.arguments).toEqual([
      expect.stringMatching(`^http://localhost:${port}/continue/[\\w-]{32}$`),
    ]);
    expect(outcome.stderr.split('\n')).toContain(record.arguments[0]);
    expect(outcome.stderr + record.arguments.join()).not.toContain(idToken);
  });

  it('gives the ID token to whoever comes first, once', async () => {
    const home = await temporaryDirectory();
    const { plainPublic: registration, port } = providers;
    await signIn(registration, port, { home });
    const { idToken } = tokensOf(home);
    const program = startProgram(['sign-out', '--no-browser', '--timeout', '30'], { home });
    const address = await program.address();

    const first = await fetchOnce(address);
    const second = await fetchOnce(address);

    const target = new URL(first.headers.get('location') ?? '');
    expect(target.origin + target.pathname).toBe(`${registration.issuer}/logout`);
    expect(target.searchParams.get('id_token_hint')).toBe(idToken);
    expect(second.status).toBe(404);
    program.kill('SIGINT');
    expect((await program.ended).exitCode).toBe(130);
    expect(tokensOf(home)).toBeNull();
  });

  it('sends Logto no ID token at all', async () => {
    const home = await signedIn.copy();
    const program = startProgram(['sign-out', '--no-browser'], { home });
    const { origin, pathname, searchParams } = new URL(await program.address());
    expect(origin + pathname).toBe(`${providers.native.issuer}/session/end`);
    expect([...searchParams.keys()].sort()).toEqual(['client_id', 'post_logout_redirect_uri', 'state']);
  });

  it.each([
    {
      what: 'nobody comes back',
      args: ['--no-browser', '--timeout', '1'],
      environment: {},
      endSession: 'opened',
    },
    { what: 'there is no browser', args: [], environment: {}, endSession: 'skipped' },
    {
      what: 'the browser does not start',
      args: [],
      environment: { BROWSER: 'false' },
      endSession: 'skipped',
    },
  ])('says $endSession when $what', async ({ args, environment, endSession }) => {
    const home = await signedIn.copy();

    const outcome = await runProgram(['sign-out', '--json', ...args], { home, environment });

    expect(outcome.exitCode).toBe(0);
    expect(documentOf(outcome)).toMatchObject({ revocation: 'done', endSession });
    expect(tokensOf(home)).toBeNull();
  });

  it('only forgets with --local: the provider hears nothing', async () => {
    const home = await temporaryDirectory();
    const { native, port } = providers;
    await signIn(native, port, { home });
    const { refreshToken } = tokensOf(home);

    const outcome = await runProgram(['sign-out', '--local', '--json'], { home });

    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    expect(documentOf(outcome)).toMatchObject({ revocation: 'skipped', endSession: 'skipped', warnings: [] });
    expect(tokensOf(home)).toBeNull();
    expect(await refresh(native, refreshToken)).toBe(200);
  });

  it('clears the tokens when the provider is away, and says that it revoked nothing', async () => {
    const home = await temporaryDirectory();
    const { native, port, close } = await startProviders();
    await signIn(native, port, { home });
    await close();

    const outcome = await runProgram(['sign-out', '--json'], { home });

    expect(outcome.exitCode).toBe(7);
    expect(documentOf(outcome)).toEqual({
      profile: 'default',
      tokens: 'cleared',
      revocation: 'failed',
      endSession: 'failed',
      warnings: [expect.stringContaining('network_unreachable')],
    });
    expect(tokensOf(home)).toBeNull();
  });

  it('succeeds with a warning when the port is busy', async () => {
    const home = await temporaryDirectory();
    const { native, port } = providers;
    const { browser } = await signIn(native, port, { home });
    const { refreshToken } = tokensOf(home);
    await holdPort(port);

    const outcome = await runProgram(['sign-out', '--json'], {
      home,
      environment: { BROWSER: 'true' },
    });

    expect(outcome.exitCode).toBe(0);
    expect(documentOf(outcome)).toMatchObject({
      revocation: 'done',
      endSession: 'opened',
      warnings: [expect.stringContaining(`127.0.0.1:${port}`)],
    });
    expect(outcome.stderr).toContain('warning:');
    expect(browser.pages).toHaveLength(1);
    expect(await refresh(native, refreshToken)).toBe(400);
  });

  it('a second time has nothing to do', async () => {
    const home = await signedIn.copy();
    await runProgram(['sign-out', '--local'], { home });
    const outcome = await runProgram(['sign-out', '--json'], { home });
    expect(outcome.exitCode).toBe(0);
    expect(documentOf(outcome)).toMatchObject({ tokens: 'cleared', revocation: 'skipped' });
    expect(outcome.stderr).toContain('Nobody is signed in');
  });

  it('is over at once when the browser comes back without our state', async () => {
    const home = await signedIn.copy();
    const program = startProgram(['sign-out', '--no-browser', '--json'], { home });
    await program.address();
    const back = await fetchOnce(`http://localhost:${providers.port}/`);
    await fetchOnce(new URL(back.headers.get('location') ?? '', `http://localhost:${providers.port}/`).href);
    const outcome = await program.ended;
    expect(outcome.exitCode).toBe(0);
    expect(documentOf(outcome)).toMatchObject({ tokens: 'cleared', endSession: 'returned' });
  });

  it('of one profile leaves the others signed in', async () => {
    const home = await temporaryDirectory();
    for (const name of ['a', 'b']) {
      await signIn(providers.native, providers.port, { home }, ['--profile', name]);
    }
    await runProgram(['sign-out', '--profile', 'a'], { home });
    expect(tokensOf(home, 'a')).toBeNull();
    expect((await runProgram(['whoami', '--profile', 'b'], { home })).exitCode).toBe(0);
  });

  it('interrupted while it waits for the browser does not say that nothing has changed', async () => {
    const home = await signedIn.copy();
    const program = startProgram(['sign-out', '--no-browser', '--json'], { home });
    await program.address();
    // It waits as soon as it answers.
    await fetchOnce(`http://localhost:${providers.port}/nothing`);

    program.kill('SIGINT');

    const outcome = await program.ended;
    expect(outcome).toMatchObject({ exitCode: 130, signal: null });
    expect(tokensOf(home)).toBeNull();
    expect(documentOf(outcome)).toEqual({
      profile: 'default',
      tokens: 'cleared',
      revocation: 'done',
      endSession: 'opened',
      warnings: [],
    });
  });

  it.each([
    ['SIGINT', 130, []],
    ['SIGTERM', 143, []],
    ['SIGINT', 130, ['--trace']],
  ] as const)('ended by %s is a summary, not an error (%i, %j)', async (signal, exitCode, flags) => {
    const home = await signedIn.copy();
    const program = startProgram(['sign-out', '--no-browser', ...flags], { home });
    await program.address();
    await fetchOnce(`http://localhost:${providers.port}/nothing`);
    program.kill(signal);
    const outcome = await program.ended;
    expect(outcome).toMatchObject({ exitCode, signal: null });
    expect(outcome.stdout).toContain('Signed out of the profile default');
    expect(outcome.stdout).toContain('not confirmed');
    expect(outcome.stderr).not.toContain('interrupted');
  });

  it('says what of its end could be seen, and why not all', async () => {
    const bye = 'https://app.example/bye';
    const elsewhere = ['--no-browser', '--post-logout-redirect-uri', bye];
    const told = await runProgram(['sign-out', ...elsewhere], { home: await signedIn.copy() });
    expect(told.exitCode).toBe(0);
    expect(told.stdout.replaceAll(/\s+/g, ' ')).toContain(
      `not confirmed: the browser goes on to ${bye}, which is not seen from here`,
    );
    await holdPort(providers.port);
    const held = await runProgram(['sign-out', '--no-browser'], { home: await signedIn.copy() });
    expect(held.stdout).toContain('not confirmed: nothing could listen for the browser here');
  });
});
