import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { startFalseBus } from '../support/false-bus.js';
import { runCommand } from '../support/run-command.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const program = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));

/** Scripts that the built program starts, where the session of its profile is in this storage. */
async function startedBy(
  args: readonly string[],
  session: 'keychain' | 'file',
  environment: NodeJS.ProcessEnv = {},
): Promise<readonly string[]> {
  const home = await temporaryDirectory();
  const [spy, list] = [join(home, 'spy.cjs'), join(home, 'started')];
  await writeFile(
    spy,
    `const processes = require('node:child_process'), { spawn } = processes;
    processes.spawn = (file, args, options) => {
      require('node:fs').appendFileSync(${JSON.stringify(list)}, args[0] + '\\n');
      return spawn(file, args, options);
    };`,
  );
  const configuration = { version: 1, profiles: { default: { session } } };
  await writeFile(join(home, 'config.json'), JSON.stringify(configuration), { mode: 0o600 });
  const env = { ...process.env, ...environment, LOGTO_CLI_HOME: home };
  await runCommand(process.execPath, ['-r', spy, program, ...args], { env });
  return existsSync(list) ? readFileSync(list, 'utf8').trim().split('\n') : [];
}

it("the keychain's process starts before the arguments are read, where the session is in it", async () => {
  const child = [expect.stringMatching(/keychain-child\.cjs$/)];
  // What is wrong with it is found by the parser.
  expect(await startedBy(['whoami', '--no-such-flag'], 'keychain')).toEqual(child);
  expect(await startedBy(['whoami', '--no-such-flag'], 'file')).toEqual([]);
  expect(await startedBy(['--help'], 'keychain')).toEqual([]);
  expect(await startedBy(['whoami', '--help'], 'keychain')).toEqual([]);
});

it.skipIf(process.platform !== 'linux')(
  'or the bus is asked instead, where nothing will be written',
  async () => {
    let said = Buffer.alloc(0);
    const bus = await startFalseBus((socket) => {
      socket.on('data', (bytes) => {
        said = Buffer.concat([said, bytes]);
      });
    });
    onTestFinished(() => bus.stop());
    expect(await startedBy(['whoami', '--no-such-flag'], 'file', bus.environment)).toEqual([]);
    expect(said).toHaveLength(0);
    // It ends, though nobody has answered.
    expect(await startedBy(['whoami', '--no-such-flag'], 'keychain', bus.environment)).toEqual([]);
    await expect.poll(() => said.toString('latin1')).toContain('OpenSession');
    expect(said.toString('latin1')).toMatch(/^\0AUTH EXTERNAL (?:[\da-f]{2})+\r\nBEGIN\r\n/);
    // Whose item would be read is not told before it is asked for.
    expect(said.toString('latin1')).not.toMatch(/SearchItems|default/);
    expect(await startedBy(['sign-out', '--no-such-flag'], 'keychain', bus.environment)).toHaveLength(1);
  },
);
