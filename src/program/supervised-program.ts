import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findProgram, lookAtFile, workingDirectory } from './find-executable.js';
import type { NotStarted, StartOptions } from './start-program.js';

/** A program that runs beside us and ends with us. */
export interface SupervisedProgram {
  /** Resolves when it has ended, with how: `exit code 1`, `signal SIGSEGV`. */
  readonly ended: Promise<string>;
  /** What it printed last, on both streams; it begins with a whole word. */
  output(): string;
  /** Ends it with whatever it started, and resolves when they are gone. */
  end(): Promise<void>;
}

/** Bytes of what a program printed last that are kept. */
const mostOutput = 16_384;
/** Milliseconds that its last words may need once it has ended: what holds on to its output may never let go. */
const lastWordsLimit = 500;

/**
 * Starts a program that must not outlive this process, however this ends: another process stands between, which ends the
 * program's process group (on Windows its tree) as soon as its pipe to us is closed. Nothing is given to it to read.
 *
 * @returns the program, which may still fail to start (then it has ended), or why there is none
 */
export async function superviseProgram(
  name: string,
  args: readonly string[],
  { environment, platform }: Pick<StartOptions, 'environment' | 'platform'>,
): Promise<SupervisedProgram | NotStarted> {
  const place = findProgram(name, { environment, platform, directory: workingDirectory(), look: lookAtFile });
  if (place.path === null) return place;
  const child = spawn(process.execPath, [fileURLToPath(new URL('./supervisor.cjs', import.meta.url))], {
    // What the program is given could keep the supervisor from its work: NODE_OPTIONS is for one of them.
    env: { SystemRoot: environment['SystemRoot'], PATH: environment['PATH'] },
    // What is typed at a terminal is ours to hear: the program is ended when we are.
    detached: platform !== 'win32',
    windowsHide: true,
  });
  // It may have ended when we write, or close it.
  child.stdin.on('error', () => {});
  child.stdin.write(`${JSON.stringify({ argv0: name, file: place.path, args, environment })}\n`);
  let output = Buffer.alloc(0);
  let isCut = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      isCut ||= output.length + data.length > mostOutput;
      output = Buffer.concat([output, data.subarray(-mostOutput)]).subarray(-mostOutput);
    });
  }
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exited = new Promise<string>((resolve) => {
    child.once('error', () => resolve('it could not be started'));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  const ended = exited.then(async (how) => {
    await Promise.race([closed, delay(lastWordsLimit, undefined, { ref: false })]);
    for (const stream of [child.stdout, child.stderr]) stream.destroy();
    return how;
  });
  return {
    ended,
    // Half a word could be the end of a secret, which nobody would know as one.
    output: () => (isCut ? output.toString().replace(/^\S*/, '') : output.toString()),
    async end() {
      child.stdin.end();
      await ended;
    },
  };
}
