import { describe, expect, it, onTestFinished } from 'vitest';
import { serverCertificate } from '../support/certificate-files.js';
import { startLocalServer } from '../support/local-server.js';
import { documentOf, runProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** The hint of a sign-in at an application that has the name of one of an emulator. */
async function hintAt(endpoint: string): Promise<string> {
  const outcome = await runProgram(
    ['sign-in', '--headless', '--username', 'alice', '--app-id', 'emulator-native', '--json'],
    {
      home: await temporaryDirectory(),
      environment: {
        LOGTO_ENDPOINT: endpoint,
        LOGTO_CLI_PASSWORD: 'emulator-only-alice',
        LOGTO_CLI_STORAGE: 'file',
      },
    },
  );
  expect(outcome.exitCode).toBe(7);
  return documentOf(outcome).error.hint;
}

describe('how the emulator is started', () => {
  it('is said where nobody listens', async () => {
    const { origin, port, close } = await startLocalServer(() => {}, { host: 'localhost' });
    await close();
    expect(await hintAt(origin)).toContain(`The emulator is started with: logto-cli emulator --port ${port}`);
  });

  it('is not said where somebody does, who would have the port', async () => {
    const server = await startLocalServer((request) => void request.socket.destroy(), { host: 'localhost' });
    onTestFinished(() => server.close());
    expect(await hintAt(server.origin)).toContain('what the provider has logged');
    expect(await hintAt(server.origin)).not.toContain('emulator');
  });

  it('is not said of an address where it would not be', async () => {
    const { port, close } = await startLocalServer(() => {}, { tls: serverCertificate('elsewhere') });
    await close();
    for (const origin of [`https://127.0.0.1:${port}`, `http://127.0.0.2:${port}`])
      expect(await hintAt(origin)).not.toContain('emulator');
  });
});
