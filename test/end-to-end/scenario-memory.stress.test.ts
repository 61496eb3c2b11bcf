import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/testing.js';
import { runCommand } from '../support/run-command.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const program = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));

interface Memory {
  /** Bytes that are still in use in the end, when all that nobody refers to is gone. */
  readonly inUse: number;
  /** Bytes that the process had at its peak. */
  readonly peak: number;
}

const scales = `process.on('exit', () => {
  const peak = process.resourceUsage().maxRSS * 1024;
  gc();
  gc();
  process._rawDebug('memory: ' + JSON.stringify({ inUse: process.memoryUsage().heapUsed, peak }));
});`;

it('a thousand sign-ins by one file keep no more in memory than a hundred do', async () => {
  const emulator = await startEmulator();
  try {
    const directory = await temporaryDirectory();
    const few = await memoryOf(emulator, directory, 100);
    const many = await memoryOf(emulator, directory, 1_000);
    // Each leaves its line of the report: half a kilobyte, and as much again in the text of the document.
    expect((many.inUse - few.inUse) / 900).toBeLessThan(3_000);
    // What V8 gives to what lives briefly would grow by 90 MB and more.
    expect(many.peak - few.peak).toBeLessThan(70 * 2 ** 20);
  } finally {
    await emulator.close();
  }
}, 600_000);

async function memoryOf(emulator: Emulator, directory: string, amount: number): Promise<Memory> {
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
  return JSON.parse(/memory: (.+)/.exec(stderr)?.[1] ?? '');
}
