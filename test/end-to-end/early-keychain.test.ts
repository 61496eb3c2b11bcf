import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runCommand } from '../support/run-command.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const program = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));

/** Scripts that the built program starts, where the session of its profile is in this storage. */
async function startedBy(args: readonly string[], session: 'keychain' | 'file'): Promise<readonly string[]> {
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
  const env = { ...process.env, LOGTO_CLI_HOME: home };
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
