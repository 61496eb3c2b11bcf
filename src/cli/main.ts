import type { CommanderError } from 'commander';
import type { RunCommand } from '../commands/command.js';
import { asError, exitCodeOf, LogtoError } from '../errors.js';
import { verificationVariable } from '../network/tls-verification.js';
import type { Output } from '../output/output.js';
import { isSecretVariable } from '../secret-variables.js';
import type { KeychainProcess } from '../storage/keychain-process.js';
import { type CommandLine, ownArguments } from './arguments.js';
import { willAskKeychain, willWriteKeychain } from './early-keychain.js';
import { givenFlags, withGivenFlags } from './given-flags.js';
import type { Watcher } from './machine-runtime.js';
import { readPlainLine } from './plain-line.js';
import { contextOf } from './run-context.js';
import { StandardStream, type StandardStreams } from './standard-stream.js';
import { textOutput } from './terminal.js';

/**
 * Runs the program, and waits until all that it says has been taken. Afterwards nothing may hold the process.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code
 */
export async function runToEnd(argv: readonly string[]): Promise<number> {
  // What ends as soon as it has spoken waits for its reader anyway.
  const streams = standardStreams(readPlainLine(argv) !== null);
  const exitCode = await main(argv, streams);
  const [errors] = await Promise.all([streams.stdout.settled(), streams.stderr.settled()]);
  return endOf(errors, exitCode, streams);
}

/**
 * The exit code of a run whose output has been taken, or not: that is told.
 *
 * @param errors what standard output could not take
 * @param exitCode of the run without that
 */
export async function endOf(
  errors: readonly NodeJS.ErrnoException[],
  exitCode = 0,
  streams: StandardStreams = standardStreams(false),
): Promise<number> {
  const failure = unwritable(errors);
  if (failure === null) return exitCode;
  await report(failure, [], process.env, streams);
  await streams.stderr.settled();
  return exitCode === 0 ? exitCodeOf(failure) : exitCode;
}

function standardStreams(isAwaited: boolean): StandardStreams {
  return {
    stdout: new StandardStream('stdout', isAwaited),
    stderr: new StandardStream('stderr', isAwaited),
  };
}

/**
 * Runs the program.
 *
 * @param argv the arguments after the program's name
 * @param streams where it speaks
 * @returns the exit code
 */
export async function main(
  argv: readonly string[],
  streams: StandardStreams = standardStreams(false),
): Promise<number> {
  const environment = takeEnvironment();
  let exitCode = 0;
  let keychainProcess: KeychainProcess | undefined;
  let output: Output | null = null;
  const run: RunCommand = async (flags, work) => {
    const context = async (watcher?: Watcher) => {
      const made = await contextOf(flags, { environment, streams, line, watcher, keychainProcess });
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
    if (willAskKeychain(argv, environment, process.platform))
      keychainProcess = await startKeychain(environment, willWriteKeychain(argv));
    const plain = readPlainLine(argv);
    if (plain !== null) {
      line = plain;
      await plain.execute(run);
      return exitCode;
    }
    const { readCommandLine } = await import('./command-line.js');
    const parsed = await readCommandLine(argv, run, textOutput(streams.stdout, environment));
    line = parsed;
    if (parsed.argv.length === 0) parsed.program.outputHelp();
    else await parsed.program.parseAsync(parsed.argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    const failure = isUsage(error) ? await usageError(error, line) : error;
    if (failure === null) return 0;
    const hint = (output as Output | null)?.hint;
    await report(failure, line?.argv ?? argv, environment, streams, line?.options, hint);
    return exitCodeOf(asError(failure));
  }
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
  // Node's own word about the last one would be untrue of us. Each look at the real environment takes a call.
  for (const name of Object.keys(environment))
    if (isSecretVariable(name) || name === verificationVariable) delete process.env[name];
  return environment;
}

/** It takes as long to answer as all else does together, and is asked while that is done. */
async function startKeychain(
  environment: Record<string, string | undefined>,
  willWrite: boolean,
): Promise<KeychainProcess> {
  const { KeychainProcess } = await import('../storage/keychain-process.js');
  const keychain = new KeychainProcess(environment);
  await keychain.start(willWrite);
  return keychain;
}

function isUsage(error: unknown): error is CommanderError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');
}

/** Commander's word for a wrong command line, without values that may be secrets; `null` when help was asked for. */
async function usageError(error: CommanderError, line: CommandLine | null): Promise<LogtoError | null> {
  if (error.exitCode === 0) return null;
  const { didYouMean, flagName, flagsMeantBy, usageHint } = await import('./unknown-words.js');
  const message = error.message
    .replace(/^error: /, '')
    .replace(/'(--[^'=\s]+)=.*'/s, "'$1'")
    .replace(/'(-[^-'])[^']*'/s, "'$1'");
  const given = /'(-[^']*)/.exec(error.message)?.[1] ?? '';
  // One dash too few: the parser sees a row of short flags.
  const flag = /^-[a-z]{2,}$/.test(given) ? `-${given}` : flagName(given);
  const isUnknown = error.code === 'commander.unknownOption';
  if (isUnknown && line?.options.some(({ long }) => given.startsWith(`${long}=`))) {
    return new LogtoError(
      'usage_invalid',
      `${flag} takes no value.`,
      usageHint(`Give ${flag} alone.`, line.path),
    );
  }
  const meant = isUnknown ? flagsMeantBy(flag, line?.options ?? []) : [];
  return new LogtoError(
    'usage_invalid',
    `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\n\(?/g, ' (')}`,
    usageHint(didYouMean(meant), line?.path ?? []),
  );
}

async function report(
  error: unknown,
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  streams: StandardStreams,
  options: CommandLine['options'] = [],
  hint?: Output['hint'],
): Promise<void> {
  const { errorDocument, reportError } = await import('../output/error-report.js');
  const own = ownArguments(argv);
  const verbose = own.includes('--verbose') || own.includes('-v');
  const given = givenFlags(argv, options);
  const pasteable = hint ?? ((text: string) => withGivenFlags(text, given));
  if (own.includes('--json') || own.includes('--json-events')) {
    textOutput(streams.stdout, environment).writeJson({ error: errorDocument(error, pasteable) }, 2);
    if (!verbose || error instanceof LogtoError) return;
  }
  const quiet = ['-q', '--quiet', '--json'].some((flag) => own.includes(flag));
  reportError(error, textOutput(streams.stderr, environment), { verbose, quiet, pasteable });
}
