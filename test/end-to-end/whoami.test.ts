import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countedProcesses } from '../support/counted-processes.js';
import { documentOf, runProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { type Providers, startProviders } from './providers.js';
import { browserOf, filesOf, secretsIn, signedInHome, signIn, tokensOf } from './sign-in-run.js';

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

describe('whoami', () => {
  it('tells what sign-in told, with no setting and no provider', async () => {
    const home = await temporaryDirectory();
    const { native, port, close } = await startProviders();
    const { outcome: signInOutcome } = await signIn(native, port, { home }, ['--json']);
    await close();
    const before = filesOf(home);

    const outcome = await runProgram(['whoami', '--json'], { home });

    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    expect(documentOf(outcome)).toEqual(documentOf(signInOutcome));
    expect(filesOf(home)).toEqual(before);
  });

  it('tells a person who it is and where the tokens are, and shows none of them', async () => {
    const home = await signedIn.copy();

    const { exitCode, stdout, stderr } = await runProgram(['whoami'], { home });

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('Signed in as alice\n');
    expect(stdout).toMatch(/tokens kept in +file\n/);
    expect(stdout).toMatch(/profile +default\n/);
    expect(secretsIn(tokensOf(home)).filter((secret) => stdout.includes(secret))).toEqual([]);
  });

  it.each(['traditional', 'plainPublic'] as const)('asks UserInfo with --remote (%s)', async (name) => {
    const home = await temporaryDirectory();
    const { user } = providers[name];
    await signIn(providers[name], providers.port, { home });

    const outcome = await runProgram(['whoami', '--remote', '--json'], { home });

    expect(outcome.exitCode).toBe(0);
    const { subject, userInfo } = documentOf(outcome);
    expect(userInfo.sub).toBe(subject);
    expect(Object.values(userInfo)).toContain(user.username);
  });

  it('is a failure of the network with --remote when the provider is away, and the session stays', async () => {
    const home = await temporaryDirectory();
    const { native, port, close } = await startProviders();
    await signIn(native, port, { home });
    await close();
    const before = filesOf(home);

    const outcome = await runProgram(['whoami', '--remote', '--json'], { home });

    expect(outcome.exitCode).toBe(7);
    expect(documentOf(outcome)).toEqual({ error: expect.objectContaining({ code: 'network_unreachable' }) });
    expect(filesOf(home)).toEqual(before);
  });

  it('keeps profiles apart', async () => {
    const home = await temporaryDirectory();
    const bob = providers.emulator.description.users[1];
    if (bob === undefined) return expect.unreachable();
    await signIn(providers.native, providers.port, { home }, ['--profile', 'a']);
    await signIn(providers.native, providers.port, { home }, ['--profile', 'b'], browserOf(bob));

    await countedProcesses.atOnce(2);
    const [a, b] = await Promise.all(
      ['a', 'b'].map((name) => runProgram(['whoami', '--json', '--profile', name], { home })),
    );

    expect(a && documentOf(a)).toMatchObject({ profile: 'a', claims: { username: 'alice' } });
    expect(b && documentOf(b)).toMatchObject({ profile: 'b', claims: { username: 'bob' } });
  });

  it.each([
    { what: 'nobody has signed in', args: [], signsIn: false, code: 'not_signed_in', exitCode: 4 },
    {
      what: 'another application is set',
      args: ['--app-id', 'other'],
      signsIn: true,
      code: 'not_signed_in',
      exitCode: 4,
    },
    {
      what: 'another provider is set',
      args: ['--endpoint', 'https://other.example'],
      signsIn: true,
      code: 'not_signed_in',
      exitCode: 4,
    },
    {
      what: 'there is no such profile',
      args: ['--profile', 'nobody'],
      signsIn: true,
      code: 'profile_unknown',
      exitCode: 2,
    },
  ])('fails with $code when $what', async ({ args, signsIn, code, exitCode }) => {
    const home = signsIn ? await signedIn.copy() : await temporaryDirectory();

    const outcome = await runProgram(['whoami', '--storage', 'file', '--json', ...args], { home });

    expect(outcome.exitCode).toBe(exitCode);
    expect(documentOf(outcome)).toEqual({ error: expect.objectContaining({ code }) });
    expect(documentOf(outcome).error.hint).not.toBe('');
  });

  it('takes the same application named again', async () => {
    const home = await signedIn.copy();
    const outcome = await runProgram(['whoami', '--json', ...providers.native.flags], { home });
    expect(outcome.exitCode).toBe(0);
  });
});
