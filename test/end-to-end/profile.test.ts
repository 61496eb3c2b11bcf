import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentOf, type ProgramOutcome, runProgram, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { type Providers, type Registration, startProviders } from './providers.js';
import { browserOf, filesOf, goThere, tokensOf } from './sign-in-run.js';

let providers: Providers;
beforeAll(async () => {
  providers = await startProviders();
});
afterAll(() => providers.close());

/** Signs in with nothing but what the profile in use knows. */
async function signInAsConfigured(
  home: string,
  { user }: Registration,
  args: readonly string[] = [],
): Promise<ProgramOutcome> {
  const port = String(providers.port);
  const program = startProgram(['sign-in', '--no-browser', '--json', '--port', port, ...args], { home });
  await goThere(browserOf(user), program);
  return program.ended;
}

describe('profile', () => {
  it('set, show, list and use decide what sign-in needs not be told', async () => {
    const home = await temporaryDirectory();
    const run = async (...args: string[]) => {
      const outcome = await runProgram(['profile', ...args, '--json'], { home });
      expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
      return documentOf(outcome);
    };
    const { native, plainPublic } = providers;
    const work = { endpoint: native.endpoint, appId: native.appId, storage: 'file' };

    expect(await run('set', 'work', ...native.flags, '--storage', 'file')).toEqual({ name: 'work', ...work });
    await run('set', 'other', ...plainPublic.flags, '--storage', 'file');
    expect(await run('show', 'work')).toEqual({ name: 'work', ...work });
    expect(await run('use', 'work')).toEqual({ current: 'work' });
    expect(await run('list')).toEqual({
      current: 'work',
      profiles: [
        { name: 'other', issuer: plainPublic.issuer, appId: plainPublic.appId, storage: 'file' },
        { name: 'work', ...work },
      ],
    });
    expect(documentOf(await signInAsConfigured(home, native))).toMatchObject({
      profile: 'work',
      appId: native.appId,
    });
    expect(documentOf(await signInAsConfigured(home, plainPublic, ['--profile', 'other']))).toMatchObject({
      profile: 'other',
      issuer: plainPublic.issuer,
    });
    const byVariable = await runProgram(['whoami', '--json'], {
      home,
      environment: { LOGTO_CLI_PROFILE: 'other' },
    });
    expect(documentOf(byVariable).profile).toBe('other');
  });

  it('keeps a secret in the storage, never in the configuration, and sign-in and sign-out find it there', async () => {
    const home = await temporaryDirectory();
    const { flags, appSecret = '', appId } = providers.traditional;
    const set = await runProgram(
      ['profile', 'set', 'web', ...flags, '--storage', 'file', '--app-secret-stdin'],
      { home, stdin: appSecret },
    );
    expect(set.exitCode).toBe(0);
    expect(set.stdout + set.stderr + filesOf(home)['config.json']).not.toContain(appSecret);

    const signedIn = await signInAsConfigured(home, providers.traditional, ['--profile', 'web']);
    const signedOut = await runProgram(['sign-out', '--profile', 'web', '--json'], { home });
    const again = await signInAsConfigured(home, providers.traditional, ['--profile', 'web']);

    expect(documentOf(signedIn).appId).toBe(appId);
    expect(documentOf(signedOut).revocation).toBe('done');
    expect(again.exitCode).toBe(0);
  });

  it('does not send its secret to another application or provider', async () => {
    const home = await temporaryDirectory();
    const { flags, appSecret = '' } = providers.traditional;
    await runProgram(['profile', 'set', 'default', ...flags, '--storage', 'file', '--app-secret-stdin'], {
      home,
      stdin: appSecret,
    });

    // A public application that is authenticated with a secret is refused.
    const outcome = await signInAsConfigured(home, providers.traditional, ['--app-id', providers.spa.appId]);

    expect(outcome.exitCode).toBe(0);
  });

  it('remove takes the tokens and the secret along', async () => {
    const home = await temporaryDirectory();
    const { flags, appSecret = '' } = providers.traditional;
    await runProgram(['profile', 'set', 'web', ...flags, '--storage', 'file', '--app-secret-stdin'], {
      home,
      stdin: appSecret,
    });
    await signInAsConfigured(home, providers.traditional, ['--profile', 'web']);
    expect(tokensOf(home, 'web')).not.toBeNull();

    const removed = await runProgram(['profile', 'remove', 'web', '--json'], { home });

    expect(documentOf(removed)).toEqual({ removed: 'web' });
    expect(filesOf(join(home, 'sessions'))).toEqual({});
    expect(filesOf(home)['config.json']).not.toContain('web');
    const after = await runProgram(['whoami', '--profile', 'web', '--json'], { home });
    expect(documentOf(after).error.code).toBe('profile_unknown');
  });

  it('is not needed: the environment configures a sign-in too, and the flags are stronger', async () => {
    const home = await temporaryDirectory();
    const { native } = providers;
    const environment = {
      LOGTO_ENDPOINT: native.endpoint ?? '',
      LOGTO_APP_ID: 'weaker than the flag',
      LOGTO_CLI_STORAGE: 'file',
    };
    const args = ['sign-in', '--no-browser', '--json', '--port', String(providers.port)];
    const program = startProgram([...args, '--app-id', native.appId], { home, environment });
    await goThere(browserOf(native.user), program);
    expect(documentOf(await program.ended)).toMatchObject({ appId: native.appId, storage: 'file' });
  });
});
