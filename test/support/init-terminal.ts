import { expect } from 'vitest';
import { type RunningProgram, startProgram } from './program.js';

/** Starts a command on a terminal that is wide enough for every question. */
export function atTerminal(
  args: readonly string[],
  options: { readonly home: string; readonly environment?: Readonly<Record<string, string>> },
): RunningProgram {
  const environment = { TERM: 'xterm-256color', ...options.environment };
  return startProgram(args, { home: options.home, terminal: true, columns: 200, environment });
}

/** Types an answer to a question, which has to be asked first. */
export async function answer(program: RunningProgram, question: RegExp, text = ''): Promise<void> {
  await program.says('stdout', question);
  program.type(text);
}

/** Signs in at the address that is shown, and has the program end well. */
export async function finishAtAddress(
  program: RunningProgram,
  browser: { open(url: string): Promise<unknown>; finished(): Promise<unknown> },
): Promise<string> {
  await browser.open(await program.line('stdout', /^https?:\/\/\S+[?&]code_challenge=/));
  await browser.finished();
  const { exitCode, stdout } = await program.ended;
  expect(exitCode, stdout).toBe(0);
  return stdout;
}
