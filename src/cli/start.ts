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
  // It needs nothing of what comes next, and no more is told of a failure than that.
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    const stdout = new StandardStream('stdout', true);
    stdout.write(`${version()}\n`);
    if ((await stdout.settled()).length === 0) return 0;
  }
  keepCompiledCode();
  // The stack of a bug, which is told then, leads to the source.
  if (argv.includes('--verbose') || argv.includes('-v')) process.setSourceMapsEnabled(true);
  const { runToEnd } = await import('./main.js');
  return runToEnd(argv);
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
