import type { CommanderError } from 'commander';
import type { OutputFlags, RunCommand } from '../commands/command.js';
import { asError, exitCodeOf, LogtoError } from '../errors.js';
import { isVerificationSwitchedOff, verificationVariable } from '../network/tls-verification.js';
import type { Output } from '../output/output.js';
import type { Runtime } from '../runtime.js';
import { isSecretVariable } from '../secret-variables.js';
import type { CommandContext } from '../session/command-context.js';
import type { KeychainProcess } from '../storage/keychain-process.js';
import type { CommandLine } from './command-line.js';
import { willAskKeychain } from './early-keychain.js';
import type { Watcher } from './machine-runtime.js';
import { textOutput } from './terminal.js';
import { version } from './version.js';

/**
 * Runs the program, and waits until all that it says has been taken. Afterwards nothing may hold the process.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code
 */
export async function runToEnd(argv: readonly string[]): Promise<number> {
  const failures = new Map([process.stdout, process.stderr].map((stream) => [stream, [] as Error[]]));
  for (const [stream, errors] of failures) stream.on('error', (error: Error) => errors.push(error));
  const exitCode = await main(argv);
  await Promise.all([...failures.keys()].map(drained));
  // What a stream could not take is known a moment later.
  await new Promise((done) => setImmediate(done));
  const failure = unwritable(failures.get(process.stdout) ?? []);
  if (failure === null) return exitCode;
  await report(failure, [], process.env);
  await drained(process.stderr);
  return exitCode === 0 ? exitCodeOf(failure) : exitCode;
}

/**
 * Runs the program.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code
 */
export async function main(argv: readonly string[]): Promise<number> {
  const environment = takeEnvironment();
  let exitCode = 0;
  let keychainProcess: KeychainProcess | undefined;
  let output: Output | null = null;
  const run: RunCommand = async (flags, work) => {
    const context = async (watcher?: Watcher) => {
      const made = await contextOf(flags, environment, line, watcher, keychainProcess);
      output = made.output;
      return made;
    };
    if (flags.trace === undefined && !flags.verbose) {
      exitCode = (await work(await context())) ?? 0;
      return;
    }
    const { watchedRun } = await import('./watched-run.js');
    exitCode = (await watchedRun(flags, (line?.path ?? []).join(' '), context, work)) ?? 0;
  };
  let line: CommandLine | null = null;
  try {
    // Loading the argument parser costs more than everything else in this.
    if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
      textOutput(process.stdout, environment).write([version()]);
      return 0;
    }
    if (argv[0] === 'completion' && argv[1] === '--complete') {
      const { answerShell } = await import('./answer-shell.js');
      if (answerShell(argv, environment)) return 0;
    }
    if (willAskKeychain(argv, environment, process.platform))
      keychainProcess = await startKeychain(environment);
    const { readCommandLine } = await import('./command-line.js');
    line = await readCommandLine(argv, run);
    if (line.argv.length === 0) line.program.outputHelp();
    else await line.program.parseAsync(line.argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    const failure = isUsage(error) ? await usageError(error, line) : error;
    if (failure === null) return 0;
    await report(failure, line?.argv ?? argv, environment, line?.options, (output as Output | null)?.hint);
    return exitCodeOf(asError(failure));
  }
}

/** Resolves when all that was written has been taken, or never will be. */
function drained(stream: NodeJS.WriteStream): Promise<unknown> {
  return new Promise((done) => stream.write('', done));
}

/** Whoever reads our output may stop when they have seen enough (`logto-cli … | head`): that is no failure. */
function unwritable(errors: readonly NodeJS.ErrnoException[]): LogtoError | null {
  const code = errors[0]?.code;
  if (code === undefined || code === 'EPIPE') return null;
  return new LogtoError(
    'config_invalid',
    `Standard output cannot be written (${code}): what was to be told there is lost.`,
    ['ENOSPC', 'EDQUOT'].includes(code)
      ? 'Free some space on the disk that it goes to, or send it elsewhere.'
      : 'Send it to a file or a program that takes it.',
  );
}

/** The environment of this run. Our secret variables leave `process.env`, so that no child of ours inherits them. */
function takeEnvironment(): Record<string, string | undefined> {
  const environment = { ...process.env };
  for (const name of Object.keys(process.env)) if (isSecretVariable(name)) delete process.env[name];
  // Node's own word about it would be untrue of us.
  delete process.env[verificationVariable];
  return environment;
}

/** Its process takes as long to start as all else does together, and starts while that is done. */
async function startKeychain(environment: Record<string, string | undefined>): Promise<KeychainProcess> {
  const { KeychainProcess } = await import('../storage/keychain-process.js');
  const keychain = new KeychainProcess(environment);
  keychain.start();
  return keychain;
}

async function contextOf(
  flags: OutputFlags,
  environment: Record<string, string | undefined>,
  line: CommandLine | null,
  watcher?: Watcher,
  keychainProcess?: KeychainProcess,
): Promise<CommandContext> {
  const [{ machineRuntime }, { createOutput }, { givenFlags, withGivenFlags }] = await Promise.all([
    import('./machine-runtime.js'),
    import('../output/output.js'),
    import('./given-flags.js'),
  ]);
  const given = line === null ? [] : givenFlags(line.argv, line.options);
  const { file, taken, remarks } = await dotenvOf(flags, environment);
  // An empty variable is one that is not set; whom we start is told of it all the same.
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const runtime = machineRuntime(
    { ...taken, ...set },
    { ...taken, ...environment },
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

function isUsage(error: unknown): error is CommanderError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');
}

/** Commander's word for a wrong command line, without values that may be secrets; `null` when help was asked for. */
async function usageError(error: CommanderError, line: CommandLine | null): Promise<LogtoError | null> {
  if (error.exitCode === 0) return null;
  const { flagMeantBy, flagName, usageHint } = await import('./unknown-words.js');
  const message = error.message
    .replace(/^error: /, '')
    .replace(/'(--[^'=\s]+)=.*'/s, "'$1'")
    .replace(/'(-[^-'])[^']*'/s, "'$1'");
  const given = /'(-[^']*)/.exec(error.message)?.[1] ?? '';
  // One dash too few: the parser sees a row of short flags.
  const flag = /^-[a-z]{2,}$/.test(given) ? `-${given}` : flagName(given);
  const meant = error.code === 'commander.unknownOption' ? flagMeantBy(flag, line?.options ?? []) : undefined;
  return new LogtoError(
    'usage_invalid',
    `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\n\(?/g, ' (')}`,
    usageHint(meant === undefined ? null : `Did you mean ${meant}?`, line?.path ?? []),
  );
}

async function report(
  error: unknown,
  argv: readonly string[],
  environment: Record<string, string | undefined>,
  options: CommandLine['options'] = [],
  hint?: Output['hint'],
): Promise<void> {
  const { givenFlags, withGivenFlags } = await import('./given-flags.js');
  const { ownArguments } = await import('./command-line.js');
  const { errorDocument, reportError } = await import('../output/error-report.js');
  const own = ownArguments(argv);
  const verbose = own.includes('--verbose') || own.includes('-v');
  const given = givenFlags(argv, options);
  const pasteable = hint ?? ((text: string) => withGivenFlags(text, given));
  if (own.includes('--json') || own.includes('--json-events')) {
    textOutput(process.stdout, environment).writeJson({ error: errorDocument(error, pasteable) }, 2);
    if (!verbose || error instanceof LogtoError) return;
  }
  const quiet = ['-q', '--quiet', '--json'].some((flag) => own.includes(flag));
  reportError(error, textOutput(process.stderr, environment), { verbose, quiet, pasteable });
}
