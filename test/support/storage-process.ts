import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { built } from './built.js';
import { countedProcesses } from './counted-processes.js';

/** What another process does with a storage. */
export interface StorageWork {
  readonly kind: 'file' | 'keychain';
  readonly options: object;
  /** Calls of the storage; `hammer` writes the values, repeated 100,000 times, in turn and for ever; '' deletes. */
  readonly steps: readonly (readonly [
    operation: 'get' | 'set' | 'delete' | 'hammer',
    key: string,
    ...string[],
  ])[];
  /** `exit` calls `process.exit`, `wait` stays until stdin ends; otherwise the process ends when nothing is left to do. */
  readonly ending?: 'exit' | 'wait';
  /** The largest file that the process can write, in blocks of 512 bytes: a full disk that needs no root. */
  readonly fileLimit?: number;
  /** Another copy of the built program. */
  readonly dist?: string;
}

/** How that went. */
export interface StorageOutcome {
  readonly exitCode: number | null;
  readonly results: readonly (string | null)[];
  readonly error: { readonly code: string; readonly message: string; readonly hint: string } | null;
  /** Milliseconds from the start to the end of the process. */
  readonly took: number;
}

/** Starts the process. Its stdin and stdout are pipes. */
export function startStorageProcess(work: StorageWork, environment: NodeJS.ProcessEnv = process.env) {
  const worker = fileURLToPath(new URL('./storage-worker.js', import.meta.url));
  const complete = { dist: dirname(built('errors.js')), ...work };
  const command = [process.execPath, worker, JSON.stringify(complete)];
  // A shell sets the limit (in blocks of 512 bytes) and becomes the process.
  if (work.fileLimit !== undefined) {
    command.unshift('sh', '-c', `ulimit -f ${work.fileLimit}; exec "$@"`, 'sh');
  }
  const [program = '', ...rest] = command;
  return spawn(program, rest, { env: environment, stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Starts the process and waits for its end. */
export async function inOtherProcess(
  work: StorageWork,
  environment?: NodeJS.ProcessEnv,
): Promise<StorageOutcome> {
  const child = await countedProcesses.start(() => startStorageProcess(work, environment));
  const start = performance.now();
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  await once(child, 'close');
  const { results, error } = JSON.parse(text) as Pick<StorageOutcome, 'results' | 'error'>;
  return { exitCode: child.exitCode, results, error, took: performance.now() - start };
}

/** Resolves with the first line that a process writes. */
export async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  return await new Promise((resolve, reject) => {
    const read = (more: Buffer | string) => {
      text += String(more);
      if (!text.includes('\n')) return;
      child.stdout?.off('data', read);
      resolve(text.slice(0, text.indexOf('\n')));
    };
    // Not an asynchronous iteration: leaving one would close the pipe.
    child.stdout?.on('data', read);
    child.once('close', () => reject(new Error(`the process ended with no line (${child.exitCode})`)));
  });
}
