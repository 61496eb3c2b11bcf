import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { published } from './built.js';
import { countedProcesses } from './counted-processes.js';

/** How to start the program. */
export interface ProgramOptions {
  /** Its `LOGTO_CLI_HOME`: where it keeps everything. */
  readonly home: string;
  /** Beside the environment of the tests, which has nothing of ours, no display and no browser. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Its working directory, instead of the tests' own. */
  readonly directory?: string;
  /** What comes on standard input, which ends then. */
  readonly stdin?: string;
  /** Runs it on a terminal (without colours) by the command `script`: everything comes on stdout then. */
  readonly terminal?: boolean;
  /** Whether the settings of that terminal are printed (`stty -g`) before it runs and after it. */
  readonly showsSettings?: boolean;
  /** Whether standard input stays open, for {@link RunningProgram.send}. */
  readonly keepsInput?: boolean;
  /** How wide that terminal is. */
  readonly columns?: number;
}

/** How a run of the program ended. */
export interface ProgramOutcome {
  readonly exitCode: number | null;
  /** The signal that killed it, where it did not end by itself. */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built program as a process of its own, ended with the test that started it. */
export class RunningProgram {
  readonly #started: Promise<ChildProcessWithoutNullStreams>;
  readonly #written = { stdout: '', stderr: '' };
  readonly ended: Promise<ProgramOutcome>;

  constructor(args: readonly string[], options: ProgramOptions) {
    published('cli/start.cjs');
    const program = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));
    const { home, environment = {}, stdin = '', terminal = false } = options;
    const cwd = options.directory;
    const width = options.columns === undefined ? '' : `stty cols ${options.columns}; `;
    const env = { ...process.env, LOGTO_CLI_HOME: home, ...environment };
    const command = [process.execPath, program, ...args];
    this.#started = countedProcesses.start(() => {
      const child = terminal
        ? spawn('script', ['-qefc', `${width}${withSettings(command, options)}`, '/dev/null'], {
            env: { ...env, NO_COLOR: '1', SHELL: '/bin/sh' },
            cwd,
          })
        : spawn(process.execPath, command.slice(1), { env, cwd });
      for (const stream of ['stdout', 'stderr'] as const) {
        child[stream].setEncoding('utf8').on('data', (text: string) => {
          this.#written[stream] += text;
        });
      }
      // It may end without having read its input.
      child.stdin.on('error', () => {});
      if (!terminal && !options.keepsInput) child.stdin.end(stdin);
      return child;
    });
    this.ended = this.#started
      .then((child) => once(child, 'close'))
      .then(([exitCode, signal]) => ({ exitCode, signal, ...this.#written }));
    // Whoever starts it waits for its end, perhaps later than it fails.
    this.ended.catch(() => {});
  }

  /** Reads no more of an output, as `| head` does when it has seen enough. */
  closeOutput(stream: 'stdout' | 'stderr'): void {
    this.#whenRunning((child) => child[stream].destroy());
  }

  kill(signal: NodeJS.Signals): void {
    this.#whenRunning((child) => child.kill(signal));
  }

  /** Types a line at its terminal. */
  type(line: string): void {
    this.#whenRunning((child) => child.stdin.write(`${line}\r`));
  }

  /** Does something to the process as soon as it has a place. */
  #whenRunning(act: (child: ChildProcessWithoutNullStreams) => void): void {
    this.#started.then(act, () => {});
  }

  /** Types this at its terminal, or writes it to its standard input, as it is. */
  send(text: string): void {
    this.#whenRunning((child) => child.stdin.write(text));
  }

  /** Ends its standard input. */
  endInput(): void {
    this.#whenRunning((child) => child.stdin.end());
  }

  /** Waits for the first whole line of a stream that matches. */
  line(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<string> {
    const lines = (text: string) => text.split(/\r?\n/).slice(0, -1);
    return this.#found(stream, pattern, (text) => lines(text).find((line) => pattern.test(line)));
  }

  /** Waits until a stream has said something, whether or not the line has ended. */
  async says(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<void> {
    await this.#found(stream, pattern, (text) => pattern.exec(text)?.[0]);
  }

  /** The address that the program shows: a line that is an address and nothing else. */
  address(stream: 'stdout' | 'stderr' = 'stderr'): Promise<string> {
    return this.line(stream, /^https?:\/\/\S+$/);
  }

  async #found(
    stream: 'stdout' | 'stderr',
    pattern: RegExp,
    find: (text: string) => string | undefined,
  ): Promise<string> {
    const child = await this.#started;
    const over = new AbortController();
    try {
      return await new Promise((resolve, reject) => {
        const look = () => {
          const found = find(this.#written[stream]);
          if (found !== undefined) resolve(found);
        };
        child[stream].on('data', look);
        over.signal.addEventListener('abort', () => child[stream].off('data', look));
        look();
        this.ended.then(({ exitCode, stdout, stderr }) => {
          look();
          const text = `${stdout}${stderr}`;
          reject(new Error(`it ended (${exitCode}) and never said ${pattern} on ${stream}:\n${text}`));
        }, reject);
      });
    } finally {
      over.abort();
    }
  }
}

function withSettings(command: readonly string[], { showsSettings }: ProgramOptions): string {
  const run = command.map(quoted).join(' ');
  return showsSettings ? `stty -g; ${run}; code=$?; stty -g; exit $code` : run;
}

function quoted(argument: string): string {
  return `'${argument.replaceAll("'", "'\\''")}'`;
}

/** Starts the built program; it is ended with the test, if it has not ended before. */
export function startProgram(args: readonly string[], options: ProgramOptions): RunningProgram {
  const program = new RunningProgram(args, options);
  onTestFinished(async () => {
    program.kill('SIGKILL');
    await program.ended;
  });
  return program;
}

/** Runs the built program to its end. */
export function runProgram(args: readonly string[], options: ProgramOptions): Promise<ProgramOutcome> {
  return startProgram(args, options).ended;
}

/** The one JSON document that is all of stdout. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into documents of any shape
export function documentOf({ stdout, stderr }: ProgramOutcome): any {
  try {
    return JSON.parse(stdout);
  } catch {
    return expect.unreachable(`stdout is not one JSON document: ${stdout}\n${stderr}`);
  }
}
