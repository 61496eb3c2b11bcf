import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { runInProcess } from '../../support/run-in-process.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { type TestMachine, type TestRuntime, testRuntime } from '../../support/test-runtime.js';

let home: string;
beforeEach(async () => {
  home = await temporaryDirectory();
});

interface Listed {
  readonly name: string;
  readonly value: string | null;
  readonly source: string;
  readonly isSecret: boolean;
  readonly isSet: boolean;
}

const machineWith = (machine: Partial<TestMachine> = {}) => testRuntime({ home, ...machine });

async function shown(args: readonly string[], runtime: TestRuntime): Promise<Record<string, Listed>> {
  await runInProcess(runtime, ['config', 'show', ...args, '--json']);
  const { settings } = JSON.parse(runtime.stdout.text) as { settings: readonly Listed[] };
  return Object.fromEntries(settings.map((setting) => [setting.name, setting]));
}

describe('config show', () => {
  it('tells of every setting its value and who says so', async () => {
    await runInProcess(machineWith(), [
      ...['profile', 'set', 'web', '--endpoint', 'https://profile.test', '--app-id', 'of-profile'],
      ...['--storage', 'file'],
    ]);
    const settings = await shown(
      ['--profile', 'web', '--auth-method', 'client_secret_post'],
      machineWith({ environment: { LOGTO_APP_ID: 'of-environment', BROWSER: 'firefox' } }),
    );
    expect(settings).toMatchObject({
      profile: { value: 'web', source: 'flag', isSet: true },
      endpoint: { value: 'https://profile.test', source: 'profile', isSet: true },
      issuer: { value: null, source: 'default', isSet: false },
      appId: { value: 'of-environment', source: 'environment' },
      authMethod: { value: 'client_secret_post', source: 'flag' },
      storage: { value: 'file', source: 'profile' },
      browser: { value: 'firefox', source: 'environment' },
      appSecret: { value: null, source: 'default', isSecret: true, isSet: false },
    });
  });

  it('tells a default from what somebody set', async () => {
    const settings = await shown([], machineWith());
    expect(settings['storage']).toEqual({
      name: 'storage',
      value: 'keychain',
      source: 'default',
      isSecret: false,
      isSet: false,
    });
    expect(settings['profile']).toMatchObject({ value: 'default', source: 'default', isSet: false });
  });

  it('tells a person what is overridden, of the provider both names at once', async () => {
    await runInProcess(machineWith(), ['profile', 'set', 'default', '--endpoint', 'https://profile.test']);
    const runtime = machineWith({ environment: { LOGTO_ENDPOINT: 'https://environment.test' } });
    await runInProcess(runtime, ['config', 'show', '--issuer', 'https://issuer.test']);
    expect(runtime.stdout.lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^endpoint +not set$/),
        expect.stringMatching(/^ +not used: https:\/\/environment\.test {2}\(environment\)$/),
        expect.stringMatching(/^ +not used: https:\/\/profile\.test {2}\(profile\)$/),
        expect.stringMatching(/^issuer +https:\/\/issuer\.test {2}\(flag\)$/),
      ]),
    );
  });

  it('says of a secret that it is set, and never what it is', async () => {
    const environment = {
      LOGTO_APP_SECRET: 'hush-app',
      LOGTO_CLI_PASSWORD: 'hush-password',
      LOGTO_CLI_TOTP_SECRET: 'hush-totp',
      LOGTO_CLI_CLIENT_KEY: '-----BEGIN PRIVATE KEY-----\nhush-key\n-----END PRIVATE KEY-----',
      HTTPS_PROXY: 'http://somebody:hush-proxy@proxy.test:8080',
    };
    for (const json of [[], ['--json']]) {
      const runtime = machineWith({ environment });
      await runInProcess(runtime, ['config', 'show', ...json]);
      expect(`${runtime.stdout.text}${runtime.stderr.text}`).not.toContain('hush');
    }
    expect(await shown([], machineWith({ environment }))).toMatchObject({
      appSecret: { value: null, source: 'environment', isSecret: true, isSet: true },
      password: { value: null, source: 'environment', isSecret: true, isSet: true },
      totpSecret: { value: null, source: 'environment', isSecret: true, isSet: true },
      clientKey: { value: null, source: 'environment', isSecret: true, isSet: true },
      oneTimeToken: { value: null, isSecret: true, isSet: false },
    });
  });

  it('does not count a secret that belongs elsewhere, and tells why, also when it is quiet', async () => {
    const runtime = machineWith({
      environment: { LOGTO_ENDPOINT: 'https://one.test', LOGTO_APP_SECRET: 'hush' },
    });
    const settings = await shown(['--endpoint', 'https://other.test', '--quiet'], runtime);
    expect(settings['appSecret']).toMatchObject({ isSet: false });
    expect(runtime.stderr.text).toContain('LOGTO_APP_SECRET is set, but the environment names the provider');
  });
});

describe('config path', () => {
  it('is the path alone, and with --json every directory', async () => {
    const runtime = machineWith();
    await runInProcess(runtime, ['config', 'path']);
    expect(runtime.stdout.text).toBe(`${join(home, 'config.json')}\n`);
    runtime.stdout.clear();
    await runInProcess(runtime, ['config', 'path', '--json']);
    expect(JSON.parse(runtime.stdout.text)).toEqual({
      path: join(home, 'config.json'),
      exists: false,
      directories: runtime.directories,
    });
  });
});
