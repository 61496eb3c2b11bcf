import { createServer } from 'node:https';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.js';
import { certificateFile, serverCertificate } from '../support/certificate-files.js';
import { listenOnLoopback } from '../support/local-server.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { documentOf, runProgram } from '../support/program.js';
import { signInAt } from '../support/session-home.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const variable = 'NODE_TLS_REJECT_UNAUTHORIZED';
const environment = { [variable]: '0', LOGTO_CLI_STORAGE: 'file' };

let provider: LyingProvider;
beforeAll(async () => {
  provider = await startLyingProvider({}, { tls: serverCertificate('localhost') });
});
afterAll(() => provider.close());

const connection = () => ['--issuer', provider.issuer, '--app-id', provider.clientId];
const warningsOf = (stderr: string) => stderr.split('\n').filter((line) => line.includes(variable));

describe(`${variable}=0`, () => {
  it.each([
    ['doctor', ['doctor', '--json', '--port', '0']],
    ['test', ['test', '--json']],
    ['sign-in', ['sign-in', '--json', '--no-browser', '--port', '0']],
    ['token', ['token', '--client-credentials', '--json']],
  ])('makes %s trust nobody, and is told once', async (_, args) => {
    const home = await temporaryDirectory();
    const secret = { LOGTO_APP_SECRET: 'a-secret-of-the-application' };
    const outcome = await runProgram([...args, ...connection()], {
      home,
      environment: { ...environment, ...secret },
    });
    expect(outcome.exitCode).not.toBe(0);
    expect(JSON.stringify(documentOf(outcome))).toContain('tls_untrusted');
    expect(warningsOf(outcome.stderr)).toEqual([expect.stringContaining('is ignored')]);
    expect(outcome.stderr).not.toContain('insecure');
  });

  it('is told by doctor as the fault that it is, where the certificate is good', async () => {
    const outcome = await runProgram(
      ['doctor', '--json', '--port', '0', ...connection(), '--ca-file', certificateFile('authority')],
      { home: await temporaryDirectory(), environment: { ...environment, BROWSER: process.execPath } },
    );
    const { checks } = documentOf(outcome);
    const check = checks.find(({ id }: { id: string }) => id === 'provider.tls');
    expect(check).toMatchObject({ outcome: 'failed', message: expect.stringContaining(variable) });
    expect(JSON.stringify(checks)).not.toContain('is trusted');
  });

  it.each([
    ['whoami', ['whoami', '--json']],
    ['explain', ['explain', 'state_mismatch']],
    ['sign-out', ['sign-out', '--local', '--json']],
  ])('is told once by %s too, which needs no network', async (_, args) => {
    const outcome = await runProgram(args, { home: await temporaryDirectory(), environment });
    expect(warningsOf(outcome.stderr)).toHaveLength(1);
  });

  it('is one JSON document for programs', async () => {
    const { stderr } = await runProgram(
      ['sign-in', '--json-events', '--no-browser', '--port', '0', ...connection()],
      { home: await temporaryDirectory(), environment },
    );
    const events = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.filter(({ event }) => event === 'warning')).toEqual([
      { event: 'warning', message: expect.stringContaining(variable) },
    ]);
  });

  it('still says what it says to the command of exec', async () => {
    const server = createServer(serverCertificate('localhost'), (_, response) => response.end('{}'));
    const port = await listenOnLoopback(server);
    try {
      const script = `fetch('https://localhost:${port}').then((answer) => console.log(answer.status))`;
      const emulator = await startEmulator();
      onTestFinished(() => emulator.close());
      const home = await temporaryDirectory();
      await signInAt(emulator, home);
      const { stdout } = await runProgram(['exec', '--', process.execPath, '-e', script], {
        home,
        environment,
      });
      expect(stdout).toBe('200\n');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
