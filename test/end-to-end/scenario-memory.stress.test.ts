import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/testing.js';
import { runCommand } from '../support/run-command.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const program = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));

/** Says in the end what is still in use, when all that nobody refers to is gone. */
const scales = `process.on('exit', () => {
  gc();
  gc();
  process._rawDebug('bytes in use: ' + process.memoryUsage().heapUsed);
});`;

it('a thousand sign-ins by one file keep no more in memory than a hundred do', async () => {
  const emulator = await startEmulator();
  try {
    const directory = await temporaryDirectory();
    const few = await bytesInUse(emulator, directory, 100);
    const many = await bytesInUse(emulator, directory, 1_000);
    // Each leaves its line of the report: half a kilobyte, and as much again in the text of the document.
    expect((many - few) / 900).toBeLessThan(3_000);
  } finally {
    await emulator.close();
  }
}, 600_000);

async function bytesInUse(emulator: Emulator, directory: string, amount: number): Promise<number> {
  const [application] = emulator.description.applications;
  const [user] = emulator.description.users;
  const file = join(directory, `${amount}.json`);
  const defaults = {
    endpoint: emulator.endpoint,
    appId: application?.appId,
    redirectUri: application?.redirectUris[0],
  };
  const scenarios = Array.from({ length: amount }, (_, index) => ({
    name: `sign-in ${index}`,
    user: { username: user?.username, passwordVariable: 'LOGTO_CLI_PASSWORD' },
  }));
  await writeFile(file, JSON.stringify({ defaults, scenarios }));
  const preload = join(directory, 'scales.cjs');
  await writeFile(preload, scales);
  const env = { ...process.env, LOGTO_CLI_HOME: directory, LOGTO_CLI_PASSWORD: user?.password ?? '' };
  const args = ['--expose-gc', '--require', preload, program, 'test', file, '--jobs', '10', '--json'];
  const { status, stdout, stderr } = await runCommand(process.execPath, args, { env });
  expect(status, stderr).toBe(0);
  expect(JSON.parse(stdout).checks).toHaveLength(amount);
  return Number(/bytes in use: (\d+)/.exec(stderr)?.[1]);
}
