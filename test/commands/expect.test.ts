import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../support/failure-of.js';
import { freePort } from '../support/free-port.js';
import { HttpBrowser, personNamed } from '../support/http-browser.js';
import { runInProcess } from '../support/run-in-process.js';
import {
  api,
  everything,
  signInAt,
  startWatchedEmulator,
  type WatchedEmulator,
} from '../support/session-home.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { type TestRuntime, testRuntime } from '../support/test-runtime.js';

const environment = { LOGTO_CLI_STORAGE: 'file' };

let emulator: WatchedEmulator;
beforeAll(async () => {
  emulator = await startWatchedEmulator();
});
afterAll(() => emulator.close());

async function signedIn(): Promise<TestRuntime> {
  const home = await temporaryDirectory();
  await signInAt(emulator, home, everything);
  return testRuntime({ home, environment });
}

function expecting(...assertions: string[]): string[] {
  return assertions.flatMap((assertion) => ['--expect', assertion]);
}

describe('--expect', () => {
  it('of whoami looks at the ID token alone, and asks nobody', async () => {
    const runtime = await signedIn();
    emulator.takeRequests();
    const assertions = expecting('sub', 'username=alice', '!email', 'ttl>=3500', 'aud~^emulator-');
    expect(await runInProcess(runtime, ['whoami', ...assertions])).toBe(0);
    expect(runtime.stderr.text).toBe('');
    expect(emulator.takeRequests()).toEqual([]);
  });

  it('of whoami asks UserInfo, and looks at the access token, where an assertion is about them', async () => {
    const runtime = await signedIn();
    emulator.takeRequests();
    const assertions = expecting(
      'userinfo.username=alice',
      'access_token.scope[]=openid',
      'access_token.ttl>0',
    );
    expect(await runInProcess(runtime, ['whoami', ...assertions])).toBe(0);
    expect(emulator.takeRequests()).toEqual(['GET /oidc/.well-known/openid-configuration', 'GET /oidc/me']);
  });

  it('lists every assertion that fails with what was seen, after the result', async () => {
    const runtime = await signedIn();
    const assertions = expecting('username=bob', 'sub', 'missing', 'ttl<10');
    expect(await runInProcess(runtime, ['whoami', ...assertions])).toBe(1);
    expect(runtime.stdout.text).toContain('Signed in as alice');
    expect(runtime.stderr.text).toMatch(
      /^✗ username=bob: saw "alice"\n✗ missing: saw nothing\n✗ ttl<10: saw 3\d\d\d\nerror: 3 of 4 assertions failed\. \(assertion_failed\)\nhint: .*\n$/,
    );
  });

  it('keeps the document with --json, and adds the error', async () => {
    const runtime = await signedIn();
    expect(await runInProcess(runtime, ['whoami', '--json', ...expecting('username=bob')])).toBe(1);
    expect(JSON.parse(runtime.stdout.text)).toMatchObject({
      subject: 'emulator-user-alice',
      error: {
        code: 'assertion_failed',
        message: '1 of 1 assertion failed.',
        details: { failures: ['username=bob: saw "alice"'] },
      },
    });
    expect(runtime.stderr.text).toBe('');
  });

  it('makes what it saw inert', async () => {
    const runtime = await signedIn();
    expect(await runInProcess(runtime, ['whoami', ...expecting('sub=\u001b[31m\u202e')])).toBe(1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    expect(runtime.stderr.text).not.toMatch(/[\u001b\u202e]/);
  });

  it('of token looks at the token that is printed', async () => {
    const runtime = await signedIn();
    const assertions = expecting(`aud=${api}`, 'scope[]=read:things', 'access_token.scope~write', 'ttl>=600');
    expect(await runInProcess(runtime, ['token', '--resource', api, ...assertions])).toBe(0);
    expect(runtime.stdout.text).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  });

  it('of token prints no token that is not as it should be', async () => {
    const runtime = await signedIn();
    const assertions = expecting('scope[]=admin');
    expect(await runInProcess(runtime, ['token', '--resource', api, '--header', ...assertions])).toBe(1);
    expect(runtime.stdout.text).toBe('');
    expect(runtime.stderr.text).toContain('✗ scope[]=admin: saw "read:things write:things"');
  });

  it('of token --json and --decode shows it all the same', async () => {
    for (const form of ['--json', '--decode']) {
      const runtime = await signedIn();
      expect(await runInProcess(runtime, ['token', '--resource', api, form, ...expecting('sub=bob')])).toBe(
        1,
      );
      expect(runtime.stdout.text).toContain('emulator-user-alice');
    }
  });

  it('of token --id-token looks at the ID token', async () => {
    const runtime = await signedIn();
    expect(
      await runInProcess(runtime, ['token', '--id-token', ...expecting('username=alice', 'ttl>60')]),
    ).toBe(0);
    expect(await runInProcess(runtime, ['token', '--id-token', ...expecting('username=bob')])).toBe(1);
  });

  it('of token --client-credentials looks at the application’s token', async () => {
    const runtime = testRuntime({
      home: await temporaryDirectory(),
      environment: { ...environment, LOGTO_APP_SECRET: 'emulator-only-m2m-secret' },
    });
    const args = ['--endpoint', emulator.endpoint, '--app-id', 'emulator-m2m', '--resource', api];
    const token = ['token', '--client-credentials', ...args, '--scope', 'read:things'];
    expect(
      await runInProcess(runtime, [...token, ...expecting('scope=read:things', 'sub=emulator-m2m')]),
    ).toBe(0);
    expect(await runInProcess(runtime, [...token, ...expecting('scope[]=write:things')])).toBe(1);
  });

  it('of sign-in looks at what it brought, and keeps it', async () => {
    const home = await temporaryDirectory();
    const port = await freePort();
    const browser = new HttpBrowser(
      (url, init = {}) => fetch(url, { ...init, redirect: 'manual', signal: null, body: init.body ?? null }),
      personNamed({ username: 'alice', password: 'emulator-only-alice' }),
    );
    const runtime = testRuntime({ home, environment, browser });
    const args = ['--endpoint', emulator.endpoint, '--app-id', 'emulator-native', '--port', String(port)];
    const wanted = ['--resource', api, '--scope', 'read:things'];
    const assertions = expecting('username=alice', 'access_token.scope=read:things', 'userinfo.sub=bob');
    expect(await runInProcess(runtime, ['sign-in', ...args, ...wanted, ...assertions])).toBe(1);
    expect(runtime.stderr.text).toContain('✗ userinfo.sub=bob: saw "emulator-user-alice"\n');
    expect(runtime.stderr.text).toContain('1 of 3 assertions failed');
    expect(await runInProcess(testRuntime({ home, environment }), ['whoami'])).toBe(0);
  });

  it('can say that a user gets no token', async () => {
    const home = await temporaryDirectory();
    const port = await freePort();
    const browser = new HttpBrowser(
      (url, init = {}) => fetch(url, { ...init, redirect: 'manual', signal: null, body: init.body ?? null }),
      personNamed({ username: 'bob', password: 'emulator-only-bob' }),
    );
    const runtime = testRuntime({ home, environment, browser });
    const args = ['--endpoint', emulator.endpoint, '--app-id', 'emulator-native', '--port', String(port)];
    const wanted = ['--organization', 'emulator-org-acme'];
    expect(
      await runInProcess(runtime, ['sign-in', ...args, ...wanted, ...expecting('!access_token', 'sub')]),
    ).toBe(0);
    expect(runtime.stderr.text).toContain('organization_denied');
    expect(runtime.stderr.text).toContain(
      'Signed in, but without a token for the organization "emulator-org-acme": ',
    );
  });

  it('tells where the provider gives an opaque token, which no claim can be seen in', async () => {
    const runtime = await signedIn();
    expect(await runInProcess(runtime, ['token', ...expecting('sub')])).toBe(1);
    expect(runtime.stderr.text).toContain('The token is opaque');
    expect(runtime.stderr.text).not.toContain('gives the user these claims');
  });

  it.each(['whoami', 'token', 'sign-in'])(
    'of %s that cannot be read is refused before anything else',
    async (name) => {
      const runtime = testRuntime({ home: await temporaryDirectory(), environment });
      expect(await failureOf(runInProcess(runtime, [name, '--expect', '!a=b']))).toMatchObject({
        code: 'usage_invalid',
        message: expect.stringContaining('"!a=b"'),
      });
    },
  );

  it('does not go with a token that is given', async () => {
    const runtime = testRuntime({ home: await temporaryDirectory(), environment });
    const given = runInProcess(runtime, ['token', '--decode', 'x.y.z', ...expecting('sub')]);
    expect(await failureOf(given)).toMatchObject({ code: 'usage_invalid' });
  });
});
