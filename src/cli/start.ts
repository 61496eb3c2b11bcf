import { codeCache } from './code-cache.js';
import { CompiledProgram } from './compiled-program.js';
import { StandardStream } from './standard-stream.js';
import { version } from './version.js';

/**
 * Starts the program, with the compiled code that an earlier run has left.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code
 */
export async function start(argv: readonly string[]): Promise<number> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    const stdout = new StandardStream('stdout', true);
    stdout.write(`${version()}\n`);
    return endOf(await stdout.settled(), programOf(argv, null));
  }
  // The stack of a bug, which is told then, leads to the source. Node knows the way for what it has loaded itself.
  const isVerbose = argv.some((word) => word === '--verbose' || /^-[a-z]*v[a-z]*$/.test(word));
  if (isVerbose) process.setSourceMapsEnabled(true);
  const cache = isVerbose ? null : codeCache(process.env, process.platform);
  const program = programOf(argv, cache);
  const exitCode = (await answer(argv, program)) ?? (await main(program).runToEnd(argv));
  program.leave(exitCode);
  return exitCode;
}

/** The exit code of what was answered with a text of our own; `null` of what is for the program. */
async function answer(argv: readonly string[], program: CompiledProgram): Promise<number | null> {
  if (!['--help', '-h', 'help', 'completion', undefined].includes(argv[0])) return null;
  const { quickAnswer } = program.load('quick-answer.cjs') as typeof import('./quick-answer.js');
  const errors = await quickAnswer(argv);
  return errors && endOf(errors, program);
}

function programOf(argv: readonly string[], cache: string | null): CompiledProgram {
  return new CompiledProgram(__dirname, require, cache, argv[0]);
}

function main(program: CompiledProgram) {
  return program.load('main.cjs') as typeof import('./main.js');
}

/** The exit code of what was said here. That somebody could not take it is for the program to tell. */
async function endOf(errors: readonly Error[], program: CompiledProgram): Promise<number> {
  return errors.length === 0 ? 0 : main(program).endOf(errors);
}
