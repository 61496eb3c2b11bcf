import { expect, it, onTestFinished } from 'vitest';
import { failureOf } from '../support/failure-of.js';
import { startLyingProvider } from '../support/lying-provider.js';
import { runInProcess } from '../support/run-in-process.js';
import { expire, signInAtLiar } from '../support/session-home.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { testRuntime } from '../support/test-runtime.js';

/** Somebody with a session, whose provider may lie from now on. */
async function somebody(lies: Parameters<typeof startLyingProvider>[0] = {}) {
  const lying = await startLyingProvider(lies);
  onTestFinished(() => lying.close());
  const home = await temporaryDirectory();
  await signInAtLiar(lying, home);
  const run = async (...argv: string[]) => {
    const runtime = testRuntime({ home, environment: { LOGTO_CLI_STORAGE: 'file' } });
    const ended = runInProcess(runtime, argv);
    return { ended, runtime };
  };
  return { lying, home, run };
}

it.each([25_000, 60_000])(
  'a refresh token of %d characters is taken out of a description of 900,000',
  async (length) => {
    const refreshToken = 'ab'.repeat(length / 2);
    const { lying, home, run } = await somebody({
      tokenResponse: (body) => ({ ...body, refresh_token: refreshToken }),
    });
    const description = `${'ab'.repeat((900_000 - length) / 2)} ${refreshToken} …`;
    lying.lies = {
      answers: { token: { status: 400, body: { error: 'invalid_grant', error_description: description } } },
    };
    await expire(home);
    const { ended } = await run('token');
    const failure = await failureOf(ended);
    expect(failure.code).toBe('session_expired');
    expect(failure.message.length).toBeLessThan(1000);
    expect(JSON.stringify(failure)).not.toContain('abab');
  },
);

it('an access token of 60,000 characters is a token like any other', async () => {
  const accessToken = `${'xy.'.repeat(20_000)}z`;
  const { run } = await somebody({ tokenResponse: (body) => ({ ...body, access_token: accessToken }) });
  const { ended, runtime } = await run('token');
  expect(await ended).toBe(0);
  expect(runtime.stdout.text).toBe(`${accessToken}\n`);
});

it('129,000 claims are shown, each on its line', async () => {
  const signs = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];
  const names = signs.flatMap((one) => signs.flatMap((two) => signs.map((three) => one + two + three)));
  const claims = Object.fromEntries(names.slice(0, 129_000).map((name) => [name, 0]));
  const { lying, run } = await somebody();
  lying.lies = { userInfo: (honest) => ({ ...claims, ...honest }) };
  const { ended, runtime } = await run('whoami', '--remote');
  expect(await ended).toBe(0);
  expect(runtime.stdout.lines.length).toBeGreaterThan(129_000);
});
