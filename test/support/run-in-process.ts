import { readCommandLine } from '../../src/cli/command-line.js';
import type { RunCommand } from '../../src/commands/command.js';
import { createOutput } from '../../src/output/output.js';
import type { Variables } from '../../src/profile/settings.js';
import type { Runtime } from '../../src/runtime.js';

/**
 * Runs one command line in this process, on a machine of the test's own.
 *
 * @returns the exit code
 * @throws whatever the command throws: nothing is reported
 */
export async function runInProcess(
  runtime: Runtime,
  argv: readonly string[],
  dotenv: Variables = {},
): Promise<number> {
  let exitCode = 0;
  const run: RunCommand = async (flags, work) => {
    const output = createOutput(runtime.stdout, runtime.stderr, flags);
    exitCode = (await work({ runtime, output, environments: [runtime.environment, dotenv] })) ?? 0;
  };
  const line = await readCommandLine(argv, run);
  await line.program.parseAsync(line.argv, { from: 'user' });
  return exitCode;
}
