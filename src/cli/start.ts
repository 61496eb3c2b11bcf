import { codeCache } from './code-cache.js';
import { StandardStream } from './standard-stream.js';
import { version } from './version.js';

/**
 * Starts the program, with the compiled code that the last start has left.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code
 */
export async function start(argv: readonly string[]): Promise<number> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    const stdout = new StandardStream('stdout', true);
    stdout.write(`${version()}\n`);
    return endOf(await stdout.settled());
  }
  keepCompiledCode();
  if (['--help', '-h', 'help', 'completion', undefined].includes(argv[0])) {
    const { quickAnswer } = await import('./quick-answer.js');
    const errors = await quickAnswer(argv);
    if (errors !== null) return endOf(errors);
  }
  // The stack of a bug, which is told then, leads to the source.
  if (argv.includes('--verbose') || argv.includes('-v')) process.setSourceMapsEnabled(true);
  const { runToEnd } = await import('./main.js');
  return runToEnd(argv);
}

/** The exit code of what was said here. That somebody could not take it is for the program to tell. */
async function endOf(errors: readonly Error[]): Promise<number> {
  return errors.length === 0 ? 0 : (await import('./main.js')).endOf(errors);
}

/** Node 20 does not know how. */
function keepCompiledCode(): void {
  const { enableCompileCache } = process.getBuiltinModule('node:module') as CompileCache;
  const directory = enableCompileCache && codeCache(process.env, process.platform);
  if (directory) enableCompileCache(directory);
}

/** The types are those of the oldest Node. */
interface CompileCache {
  readonly enableCompileCache?: (directory: string) => void;
}
