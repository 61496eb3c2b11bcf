import { beforeEach, describe, expect, it } from 'vitest';
import { LogtoError } from '../../../src/errors.js';
import type { CallbackListenerOptions } from '../../../src/loopback/callback-listener.js';
import { runInProcess } from '../../support/run-in-process.js';
import { storeSession } from '../../support/stored-session.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { type TestRuntime, testRuntime } from '../../support/test-runtime.js';

const allowed = { LOGTO_CLI_ALLOW_NON_LOOPBACK: '1' };
const named = ['--redirect-uri', 'http://localhost:3000/callback'];

let home: string;
beforeEach(async () => {
  home = await temporaryDirectory();
});

/** What is listened to by a command on this machine, which then hears that the port is taken. */
async function listened(
  args: readonly string[],
  environment: Record<string, string> = {},
  dotenv: Record<string, string> = {},
): Promise<{
  readonly options: CallbackListenerOptions[];
  readonly runtime: TestRuntime;
  readonly error: LogtoError;
}> {
  const options: CallbackListenerOptions[] = [];
  const listen: TestRuntime['listen'] = async (given) => {
    options.push(given);
    throw new LogtoError('port_in_use', 'It is taken.', 'Take another.');
  };
  const fetch = async () => () =>
    Promise.reject(new LogtoError('network_unreachable', 'It is down.', 'Wait.'));
  const runtime = { ...testRuntime({ home, environment }), listen, fetch };
  await storeSession(runtime, 'default');
  const error = await runInProcess(runtime, args, dotenv).then(
    () => new LogtoError('internal_error', 'It did not fail.', ''),
    (thrown: LogtoError) => thrown,
  );
  return { options, runtime, error };
}

const signIn = (...flags: readonly string[]) => [
  ...[
    'sign-in',
    '--issuer',
    'https://id.example.test',
    '--app-id',
    'x',
    '--storage',
    'memory',
    '--no-preflight',
  ],
  ...flags,
];

describe('sign-in --listen', () => {
  it.each(['127.0.0.1', '::1', '[::1]', 'localhost'])('%s needs nothing else', async (address) => {
    const { options } = await listened(signIn('--listen', address));
    expect(options).toMatchObject([
      { redirectUri: 'http://localhost:3000/callback', address: address.replace(/[[\]]/g, '') },
    ]);
  });

  it.each(['0.0.0.0', '::', '192.168.0.7'])(
    '%s is allowed by the environment, for a named address',
    async (address) => {
      const { options } = await listened(signIn('--listen', address, ...named), allowed);
      expect(options).toMatchObject([{ redirectUri: 'http://localhost:3000/callback', address }]);
    },
  );

  it('takes the port to listen on from --port', async () => {
    const { options } = await listened(signIn('--listen', '0.0.0.0', ...named, '--port', '8080'), allowed);
    expect(options).toMatchObject([
      { redirectUri: 'http://localhost:3000/callback', address: '0.0.0.0', port: 8080 },
    ]);
  });

  it.each([
    ['without the variable', {}, {}],
    ['with another value of it', { LOGTO_CLI_ALLOW_NON_LOOPBACK: 'true' }, {}],
    ['with none in it', { LOGTO_CLI_ALLOW_NON_LOOPBACK: '' }, {}],
    ['with the variable in the file of --dotenv alone', {}, allowed],
  ])('0.0.0.0 is refused %s', async (_, environment, dotenv) => {
    const { error, options, runtime } = await listened(
      signIn('--listen', '0.0.0.0', ...named),
      environment,
      dotenv,
    );
    expect(error).toMatchObject({
      code: 'config_invalid',
      message:
        '--listen 0.0.0.0 would open the callback to other machines, which LOGTO_CLI_ALLOW_NON_LOOPBACK=1 has to allow.',
    });
    expect(error.hint).toBe(
      'Set LOGTO_CLI_ALLOW_NON_LOOPBACK=1 in the environment (the file of --dotenv does not count).',
    );
    expect([options, runtime.opened.filter((opened) => !opened.startsWith('keychain'))]).toEqual([[], []]);
  });

  it('0.0.0.0 is refused without a redirect URI, and with one that is not on loopback', async () => {
    const without = (await listened(signIn('--listen', '0.0.0.0'), allowed)).error;
    expect(without).toMatchObject({ code: 'config_invalid' });
    expect(without.hint).toContain('--redirect-uri http://localhost:3000/callback');
    for (const uri of [
      'http://192.168.0.7:3000/callback',
      'https://app.example/callback',
      'http://0.0.0.0:3000/',
    ]) {
      const { error, options } = await listened(
        signIn('--listen', '0.0.0.0', '--redirect-uri', uri),
        allowed,
      );
      expect(error).toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining('not loopback'),
      });
      expect(options).toEqual([]);
    }
  });

  it.each([
    [[], 'http://localhost:3000/callback'],
    [['--port', '8080'], 'http://localhost:8080/callback'],
    [['--port', '0'], 'http://localhost:<port>/callback'],
  ])('names the redirect URI of the other flags: %j', async (flags, uri) => {
    for (const environment of [{}, allowed]) {
      const { error } = await listened(signIn('--listen', '0.0.0.0', ...flags), environment);
      expect(error.hint.endsWith(`, such as --redirect-uri ${uri}`)).toBe(true);
    }
  });

  it('takes no name but localhost', async () => {
    const { error } = await listened(signIn('--listen', 'myhost', ...named), allowed);
    expect(error).toMatchObject({
      code: 'config_invalid',
      message: '--listen takes an IP address of this machine.',
    });
  });

  it('does not go with --headless', async () => {
    const { error } = await listened(signIn('--headless', '--username', 'alice', '--listen', '::1'));
    expect(error).toMatchObject({ code: 'usage_invalid', hint: 'Leave out --listen.' });
  });
});

describe('sign-out --listen', () => {
  const bye = ['--post-logout-redirect-uri', 'http://localhost:3000/'];

  it('waits for the way back there', async () => {
    expect((await listened(['sign-out', '--listen', '::1'])).options).toMatchObject([{ address: '::1' }]);
    const { options } = await listened(['sign-out', '--listen', '0.0.0.0', ...bye], allowed);
    expect(options).toMatchObject([{ redirectUri: 'http://localhost:3000/', address: '0.0.0.0' }]);
  });

  it.each([
    ['without the variable', bye, {}, 'does not count).'],
    ['without both', [], {}, '--post-logout-redirect-uri http://localhost:<port>/'],
    [
      'without an address to come back to',
      [],
      allowed,
      '--post-logout-redirect-uri http://localhost:<port>/',
    ],
    ['with a port alone', ['--port', '8080'], allowed, '--post-logout-redirect-uri http://localhost:8080/'],
  ])('0.0.0.0 is refused %s, and nothing is cleared', async (_, flags, environment, end) => {
    const { error, runtime } = await listened(['sign-out', '--listen', '0.0.0.0', ...flags], environment);
    expect(error).toMatchObject({ code: 'config_invalid' });
    expect(error.hint.endsWith(end)).toBe(true);
    expect(await (await runtime.storage('keychain', 'default')).get('tokenSet')).not.toBeNull();
  });
});

it('the file of --dotenv is told to have no say in it', async () => {
  const { misplacedIn } = await import('../../../src/cli/dotenv.js');
  expect(misplacedIn(allowed, {})).toEqual([
    expect.stringMatching(
      /^LOGTO_CLI_ALLOW_NON_LOOPBACK in the file of --dotenv has no effect: .*who reaches this machine/,
    ),
  ]);
  expect(misplacedIn(allowed, allowed)).toEqual([]);
});
