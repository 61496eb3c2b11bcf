import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { keyringMissing } from '../support/capabilities.js';
import { startMuteBus } from '../support/false-bus.js';
import {
  type KeyringSession,
  lockKeyring,
  secretToolSearch,
  startKeyring,
} from '../support/keyring-session.js';
import { documentOf, runProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { type Providers, startProviders } from './providers.js';
import { filesOf, signIn, startSignIn } from './sign-in-run.js';

const keychain = ['--storage', 'keychain', '--json'];

describe.skipIf(keyringMissing() !== null)('with a real keyring', () => {
  let providers: Providers;
  beforeAll(async () => {
    providers = await startProviders();
  });
  afterAll(() => providers.close());

  describe('that is unlocked', () => {
    let keyring: KeyringSession;
    beforeEach(async () => {
      keyring = await startKeyring();
      return () => keyring.stop();
    });

    it('the tokens are in it from sign-in to sign-out, and nowhere else', async () => {
      const home = await temporaryDirectory();
      const { environment } = keyring;
      const { traditional, port } = providers;

      // The keychain is the default.
      const program = await signIn(traditional, port, { home, environment }, keychain);

      expect(program.outcome.exitCode).toBe(0);
      expect(documentOf(program.outcome).storage).toBe('keychain');
      const found = secretToolSearch(keyring, 'service', 'logto-cli');
      expect(found).toContain('"idToken"');
      expect(found).toContain('"refreshToken"');
      expect(found).toContain(traditional.appSecret);
      expect(found.match(/attribute\.account = default\//g)).toHaveLength(2);
      const [, idToken = ''] = /"idToken":"([^"]+)"/.exec(found) ?? [];
      expect(idToken).not.toBe('');
      expect(JSON.stringify(filesOf(home))).not.toMatch(new RegExp(`${idToken}|${traditional.appSecret}`));

      const whoami = await runProgram(['whoami', '--json'], { home, environment });
      expect(documentOf(whoami)).toEqual(documentOf(program.outcome));

      const out = await runProgram(['sign-out', '--json'], { home, environment });
      expect(documentOf(out)).toMatchObject({ tokens: 'cleared', revocation: 'done' });
      expect(secretToolSearch(keyring, 'service', 'logto-cli')).toBe('');
      const after = await runProgram(['whoami', '--json'], { home, environment });
      expect(documentOf(after).error.code).toBe('not_signed_in');
    });

    it('and is locked later, a session in it is storage_locked and not not_signed_in', async () => {
      const home = await temporaryDirectory();
      const { environment } = keyring;
      await signIn(providers.native, providers.port, { home, environment }, keychain);
      lockKeyring(keyring);

      for (const args of [['whoami'], ['sign-out'], ['sign-out', '--local']]) {
        const outcome = await runProgram([...args, '--json'], { home, environment });
        expect(outcome).toMatchObject({ exitCode: 8, stderr: '' });
        expect(documentOf(outcome).error.code).toBe('storage_locked');
      }
      expect(filesOf(home)['config.json']).toContain('"session": "keychain"');
    });

    it('and then locked, sign-in ends before it shows an address', async () => {
      const home = await temporaryDirectory();
      const { environment } = keyring;
      lockKeyring(keyring);

      const outcome = await startSignIn(providers.native, providers.port, { home, environment }, keychain)
        .ended;

      expect(outcome).toMatchObject({ exitCode: 8, stderr: '' });
      expect(documentOf(outcome).error.code).toBe('storage_locked');
      expect(documentOf(outcome).error.hint).toContain('--storage file');
      expect(filesOf(home)).toEqual({});
    });

    it('profile remove takes the tokens and the secret out of it', async () => {
      const home = await temporaryDirectory();
      const { environment } = keyring;
      const { traditional, port } = providers;
      const { flags, appSecret = '' } = traditional;
      const set = ['profile', 'set', 'web', ...flags, '--app-secret-stdin', '--storage', 'keychain'];
      await runProgram(set, { home, environment, stdin: appSecret });
      const { appSecret: _, ...rest } = traditional;
      const run = await signIn(rest, port, { home, environment }, [...keychain, '--profile', 'web']);
      expect(run.outcome.exitCode).toBe(0);
      expect(secretToolSearch(keyring, 'service', 'logto-cli')).toContain('account = web/');

      await runProgram(['profile', 'remove', 'web'], { home, environment });

      expect(secretToolSearch(keyring, 'service', 'logto-cli')).toBe('');
    });
  });

  it('a keychain that never answers is given up, and the program ends', async () => {
    const home = await temporaryDirectory();
    const mute = await startMuteBus();
    onTestFinished(() => mute.stop());
    const { environment } = mute;

    const began = performance.now();
    const outcome = await startSignIn(providers.native, providers.port, { home, environment }, keychain)
      .ended;

    expect(outcome).toMatchObject({ exitCode: 8, signal: null, stderr: '' });
    expect(documentOf(outcome).error.code).toBe('storage_unavailable');
    // 4 s for the keychain; the rest is for a machine too busy to let anybody answer.
    expect(performance.now() - began).toBeLessThan(50_000);
    expect(filesOf(home)).toEqual({});
  });
});
