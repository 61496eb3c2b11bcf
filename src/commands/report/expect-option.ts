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
    'what must hold (repeatable): claim=value, claim~regex, claim, !claim, list[]=value, ttl>=600',
    (text: string, previous: readonly Expectation[] = []) => [...previous, parseExpectation(text)],
  );
}
