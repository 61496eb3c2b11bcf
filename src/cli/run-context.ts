import type { OutputFlags } from '../commands/command.js';
import { isVerificationSwitchedOff, verificationVariable } from '../network/tls-verification.js';
import { createOutput, type Output } from '../output/output.js';
import type { Runtime } from '../runtime.js';
import type { CommandContext } from '../session/command-context.js';
import type { KeychainProcess } from '../storage/keychain-process.js';
import type { CommandLine } from './arguments.js';
import { givenFlags, withGivenFlags } from './given-flags.js';
import { machineRuntime, type Watcher } from './machine-runtime.js';
import type { StandardStreams } from './standard-stream.js';

/** One run of the program. */
export interface Run {
  readonly environment: Record<string, string | undefined>;
  readonly streams: StandardStreams;
  readonly line: CommandLine | null;
  readonly watcher: Watcher | undefined;
  readonly keychainProcess: KeychainProcess | undefined;
}

/**
 * What a command works with.
 *
 * @param flags those that decide about the output and the environment
 */
export async function contextOf(
  flags: OutputFlags,
  { environment, streams, line, watcher, keychainProcess }: Run,
): Promise<CommandContext> {
  const given = line === null ? [] : givenFlags(line.argv, line.options);
  const { file, taken, remarks } = await dotenvOf(flags, environment);
  // An empty variable is one that is not set; whom we start is told of it all the same.
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const runtime = machineRuntime(
    { ...taken, ...set },
    { ...taken, ...environment },
    streams,
    watcher,
    keychainProcess,
  );
  const output = createOutput(runtime.stdout, runtime.stderr, {
    ...flags,
    // On stderr are events alone: what `eventOutput` does not see is no word there either.
    quiet: flags.quiet === true || isForPrograms(flags),
    pasteable: (text) => withGivenFlags(text, given),
  });
  if (isVerificationSwitchedOff(runtime.environment)) remarks.push(verificationIgnored);
  if (remarks.length > 0) await tellOfVariables(remarks, output, runtime, flags);
  return { runtime, output, environments: [environment, file] };
}

async function dotenvOf({ dotenv }: OutputFlags, environment: Record<string, string | undefined>) {
  if (dotenv === undefined) return { file: {}, taken: {}, remarks: [] as string[] };
  const { environmentOf, foreignLinesIn, misplacedIn, readDotenv } = await import('./dotenv.js');
  const file = await readDotenv(dotenv);
  return {
    file,
    taken: environmentOf(file),
    remarks: [...misplacedIn(file, environment), ...foreignLinesIn(file)],
  };
}

/** Whoever set the variable expects that certificates are not verified, which they are. */
const verificationIgnored =
  `${verificationVariable}=0 is ignored: certificates are verified all the same. ` +
  'Unset it, and give the certificate of a private authority with --ca-file or NODE_EXTRA_CA_CERTS.';

function isForPrograms(flags: OutputFlags): boolean {
  return 'jsonEvents' in flags && flags.jsonEvents === true;
}

/** Tells of variables that have not the effect for which they were set. */
async function tellOfVariables(
  remarks: readonly string[],
  output: Output,
  { stderr }: Runtime,
  flags: OutputFlags,
): Promise<void> {
  const { eventOutput } = await import('../commands/sign-in/event-output.js');
  const told = isForPrograms(flags) ? eventOutput(output, stderr) : output;
  for (const remark of remarks) told.warn(remark);
}
