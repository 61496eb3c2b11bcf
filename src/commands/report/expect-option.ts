import type { Command } from 'commander';
import { type Expectation, parseExpectation } from '../../expectation/expectation.js';

/** The flag of a command whose result can be asserted on. */
export interface ExpectFlags {
  readonly expect?: readonly Expectation[];
}

/** Adds `--expect`. Assertions are read with the command line, so that a wrong one costs nothing. */
export function addExpectOption(command: Command): Command {
  return command.option(
    '--expect <assertion>',
    'such as roles[]=admin; more: logto-cli help expect',
    (text: string, previous: readonly Expectation[] = []) => [...previous, parseExpectation(text)],
  );
}
