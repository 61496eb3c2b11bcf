import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { schemaFaults } from '../output/junit-schema.js';
import { freePort } from '../support/free-port.js';
import { isListening } from '../support/is-listening.js';
import { startLocalServer } from '../support/local-server.js';
import { documentOf, runProgram, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const sample = fileURLToPath(new URL('../sample-application/main.js', import.meta.url));

/** Those that nobody can find. */
const addresses = [
  '--sign-out',
  '/sign-out',
  '--sign-up',
  '/sign-up',
  '--back-channel-logout',
  '/backchannel-logout',
];

async function arranged(defects: readonly string[] = []) {
  const port = await freePort();
  const url = `http://localhost:${port}/`;
  const env = ['--env', `PORT=${port}`, '--env', `DEFECTS=${defects.join()}`];
  return {
    port,
    url,
    flags: [url, ...env, ...addresses],
    command: ['--', process.execPath, sample],
    home: await temporaryDirectory(),
  };
}

async function isAnswered(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

type Report = readonly { readonly id: string; readonly outcome: string; readonly message: string }[];

describe('test-app', () => {
  it('passes an application that is right, with a report of its own name, and leaves nothing behind', async () => {
    const { flags, command, home, url } = await arranged();
    const file = join(home, 'report.xml');
    const outcome = await runProgram(
      ['test-app', ...flags, '--json', '--reporter', `junit=${file}`, ...command],
      { home },
    );
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    const { checks } = documentOf(outcome) as { checks: Report };
    expect(checks.filter((check) => check.outcome !== 'passed')).toEqual([]);
    const xml = await readFile(file, 'utf8');
    expect(schemaFaults(xml)).toEqual([]);
    expect(xml).toContain('name="logto-cli test-app"');
    expect(await isAnswered(url)).toBe(false);
  });

  it('fails an application that believes what it must not, and says what', async () => {
    const { flags, command, home } = await arranged(['code-missing']);
    const { exitCode, stdout } = await runProgram(['test-app', ...flags, ...command], { home });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('✗ A callback without a code (callback.no-code)');
  });

  it('passes what a baseline knows, and writes it', async () => {
    const { flags, command, home } = await arranged(['code-missing']);
    const file = join(home, 'known.json');
    const only = ['--only', 'callback.no-code', '--baseline', file];
    const written = await runProgram(['test-app', ...flags, ...only, '--update-baseline', ...command], {
      home,
    });
    expect(written.exitCode).toBe(0);
    const { known } = JSON.parse(await readFile(file, 'utf8'));
    expect(known).toEqual([expect.objectContaining({ check: 'callback.no-code', outcome: 'failed' })]);
    const outcome = await runProgram(['test-app', ...flags, ...only, '--json', ...command], { home });
    expect(outcome.exitCode).toBe(0);
    expect(documentOf(outcome)).toMatchObject({ outcome: 'passed', stale: [] });
  });

  it('starts an application again that ends in a check, and goes on', async () => {
    const { flags, command, home, url } = await arranged(['ends-at-error']);
    const outcome = await runProgram(['test-app', ...flags, '--json', ...command], { home });
    expect(outcome.exitCode).toBe(1);
    const { checks } = documentOf(outcome) as { checks: Report };
    const bad = checks.filter((check) => check.outcome !== 'passed');
    expect(bad.map(({ id, outcome: found }) => `${id} ${found}`)).toEqual([
      'callback.access-denied failed',
      'callback.error-without-state failed',
      'callback.markup failed',
    ]);
    expect(bad[0]?.message).toContain('The application ended (exit code 3).');
    expect(bad[0]).toMatchObject({
      printed: expect.arrayContaining([expect.stringMatching(/^The sample listens at/)]),
    });
    expect(await isAnswered(url)).toBe(false);
  });

  it('starts an application again that does not recover, and goes on', async () => {
    const { flags, command, home } = await arranged(['discovery-failure-lasting']);
    const only = ['--only', 'provider', '--json', '--jobs', '1'];
    const outcome = await runProgram(['test-app', ...flags, ...only, ...command], { home });
    const { checks } = documentOf(outcome) as { checks: Report };
    expect(checks.map(({ id, outcome: found }) => `${id} ${found}`)).toEqual([
      'request.response-type passed',
      'request.redirect-uri passed',
      'sound.sign-in passed',
      'provider.other-issuer passed',
      'provider.discovery-down failed',
      'provider.keys-down passed',
      'provider.down passed',
    ]);
  });

  it('waits for an application that somebody else starts, after it has said how', async () => {
    const { home, url, port } = await arranged();
    const program = startProgram(['test-app', url, '--only', 'sound'], { home });
    const issuer = (await program.line('stderr', /^OIDC_ISSUER=/)).split('=')[1] ?? '';
    const { startSample } = await import('../sample-application/sample-application.js');
    const application = await startSample({
      issuer,
      clientId: 'test-app',
      clientSecret: 'emulator-only-app-secret',
      port,
    });
    try {
      expect(await program.ended).toMatchObject({ exitCode: 0 });
      expect(await isAnswered(url)).toBe(true);
    } finally {
      await application.close();
    }
  });

  it('says why there is nothing to test, without secrets of the environment', async () => {
    const { url, home } = await arranged();
    const script = 'console.error("no database for", process.env.MY_PASSWORD); process.exit(4)';
    const outcome = await runProgram(['test-app', url, '--', process.execPath, '-e', script], {
      home,
      environment: { MY_PASSWORD: 'correct horse' },
    });
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toContain('(exit code 4)');
    expect(outcome.stderr).toContain('no database for ‹redacted›');
    expect(outcome.stderr).toContain('(app_not_started)');
  });

  it('does not test what was there before', async () => {
    const { home } = await arranged();
    const other = await startLocalServer((_request, response) => void response.end('hello'));
    try {
      const outcome = await runProgram(['test-app', `${other.origin}/`, '--', process.execPath, sample], {
        home,
      });
      expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
      expect(outcome.stderr).toContain('before the application was started');
      const unguarded = await runProgram(['test-app', `${other.origin}/`], { home });
      expect(unguarded.exitCode).toBe(2);
      expect(unguarded.stderr).toContain('(app_undecided)');
    } finally {
      await other.close();
    }
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'leaves no application behind when %s ends it',
    async (signal) => {
      const { home, url, port } = await arranged();
      const script = `require('node:http').createServer((_, response) => setTimeout(() => response.end('x'), 3600e3)).listen(${port}, 'localhost', () => {})`;
      const program = startProgram(['test-app', url, '--', process.execPath, '-e', script], { home });
      while (!(await isListening(port))) await delay(10);
      program.kill(signal);
      const { exitCode } = await program.ended;
      expect(exitCode).toBe({ SIGINT: 130, SIGTERM: 143, SIGKILL: null }[signal]);
      while (await isListening(port)) await delay(10);
    },
  );

  it.each([
    [[], 'The address of the application is missing'],
    [['no-address'], '<url> is no web address'],
    [['http://localhost:1/', '--sign-out', 'ftp://localhost/'], '--sign-out is no web address'],
    [['http://localhost:1/', '--env', 'x'], 'It takes NAME=text.'],
    [['http://localhost:1/', '--only', 'nothing'], '--only names no check and no group: nothing'],
    [['http://localhost:1/', '--', 'no-such-program'], 'The command "no-such-program" is not found.'],
  ])('refuses %j', async (args, said) => {
    const outcome = await runProgram(['test-app', ...args], { home: await temporaryDirectory() });
    expect(outcome.stderr).toContain(said);
    expect(outcome.stdout).toBe('');
    expect(outcome.exitCode).toBe(2);
  });
});
