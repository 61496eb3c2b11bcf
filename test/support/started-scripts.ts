import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './run-command.js';
import { temporaryDirectory } from './temporary-directory.js';

const program = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));

/**
 * Runs the built program in a home of its own, and names the scripts that it starts.
 *
 * @param session the storage that the session of its profile is in
 */
export async function runSpied(
  args: readonly string[],
  session: 'keychain' | 'file',
  environment: NodeJS.ProcessEnv,
) {
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
  const env = { ...environment, LOGTO_CLI_HOME: home };
  const outcome = await runCommand(process.execPath, ['-r', spy, program, ...args], { env });
  return { ...outcome, started: existsSync(list) ? readFileSync(list, 'utf8').trim().split('\n') : [] };
}
