import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { holdPort } from '../support/held-port.js';
import { documentOf, runProgram, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { type Providers, startProviders } from './providers.js';
import { filesOf, signedInHome } from './sign-in-run.js';

let providers: Providers;
beforeAll(async () => {
  providers = await startProviders();
});
afterAll(() => providers.close());

/** A browser that is there, so that its absence is not what is told. */
const environment = { BROWSER: process.execPath, LOGTO_CLI_STORAGE: 'file' };

function faultsIn(document: { checks: { id: string; outcome: string; code?: string }[] }) {
  return document.checks
    .filter(({ outcome }) => ['failed', 'warning', 'incomplete'].includes(outcome))
    .map(({ id, outcome, code = '' }) => `${id} ${outcome} ${code}`.trim());
}

describe('doctor', () => {
  it.each(['native', 'traditional', 'plainConfidential'] as const)(
    'calls a sound setup sound (%s)',
    async (name) => {
      const { flags, appSecret } = providers[name];
      const secret: Record<string, string> = appSecret === undefined ? {} : { LOGTO_APP_SECRET: appSecret };
      const outcome = await runProgram(['doctor', '--json', ...flags, '--port', `${providers.port}`], {
        home: await temporaryDirectory(),
        environment: { ...environment, ...secret },
      });
      const document = documentOf(outcome);
      expect(faultsIn(document)).toEqual([]);
      expect(document.outcome).toBe('passed');
      expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    },
  );

  it('finds the session of a sign-in with the same settings, and leaves it as it is', async () => {
    const { native, port } = providers;
    const signedIn = await signedInHome(native, port);
    const home = await signedIn.copy();
    const before = filesOf(home);
    const outcome = await runProgram(['doctor', '--json', ...native.flags, '--port', `${port}`], {
      home,
      environment,
    });
    await signedIn.remove();
    const { checks } = documentOf(outcome);
    const session = checks.filter(({ id }: { id: string }) => id.startsWith('session.'));
    expect(session.map(({ outcome }: { outcome: string }) => outcome)).toEqual(Array(4).fill('passed'));
    expect(filesOf(home)).toEqual(before);
  });

  it('names three faults at once, spelled out for a person, and fails', async () => {
    const { emulator, traditional } = providers;
    const port = await freePort();
    await holdPort(port);
    const { exitCode, stdout, stderr } = await runProgram(
      ['doctor', '--endpoint', emulator.endpoint, '--app-id', traditional.appId, '--port', `${port}`],
      { home: await temporaryDirectory(), environment: { ...environment, LOGTO_APP_SECRET: 'wrong-secret' } },
    );
    const wrong = stdout.slice(stdout.indexOf('\nWrong\n'));
    for (const code of ['port_in_use', 'client_secret_invalid', 'redirect_uri_not_registered']) {
      expect(wrong).toContain(`(${code})`);
    }
    expect(stdout).not.toContain('wrong-secret');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
  });

  it('looks at this machine where nothing is set', async () => {
    const outcome = await runProgram(['doctor', '--json', '--port', '0'], {
      home: await temporaryDirectory(),
      environment,
    });
    expect(faultsIn(documentOf(outcome))).toEqual(['provider.address failed config_missing']);
    expect(outcome.exitCode).toBe(1);
  });

  it('says on a terminal how far it is, and shows the list without that', async () => {
    const { native, port } = providers;
    const program = startProgram(['doctor', ...native.flags, '--port', `${port}`], {
      home: await temporaryDirectory(),
      environment,
      terminal: true,
    });
    await program.says('stdout', /Checked \d+ of \d+/);
    const { exitCode, stdout } = await program.ended;
    expect(stdout).toContain('\r\u001b[2KThis machine');
    expect(exitCode).toBe(0);
  });

  it.each([
    [['--fix-hints', 'nowhere'], 'usage_invalid'],
    [['--port', '70000'], 'usage_invalid'],
    [['--app-secret', 'a-secret-value'], 'usage_invalid'],
    [['--endpoint', 'http://a.test', '--issuer', 'http://b.test'], 'config_invalid'],
  ])('refuses %j', async (args, code) => {
    const outcome = await runProgram(['doctor', '--json', ...args], { home: await temporaryDirectory() });
    expect(documentOf(outcome).error.code).toBe(code);
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stdout + outcome.stderr).not.toContain('a-secret-value');
  });
});
