import type { Command } from 'commander';
import { InvalidArgumentError } from '../commander.js';
import { collectWords } from '../options.js';
import type { Reporter } from './check-reporters.js';

/** Adds the flags that choose checks: `--only` and `--list`. */
export function addChoiceOptions(command: Command): Command {
  return command
    .option('--only <check or group>', 'these checks and those that they need (repeatable)', collectWords)
    .option('--list', 'list the checks and their clauses, and run none');
}

/** Adds `--reporter`, `--baseline` and `--update-baseline`. */
export function addReportOptions(command: Command): Command {
  return command
    .optionsGroup('Report:')
    .option(
      '--reporter <kind>',
      'also report as junit=<file>, sarif=<file> or github (repeatable)',
      collectReporter,
    )
    .option('--baseline <file>', 'the failures in this file are known, and pass; what is new fails')
    .option('--update-baseline', 'write that file anew; reasons in it stay');
}

function collectReporter(value: string, previous: readonly Reporter[] = []): Reporter[] {
  for (const kind of ['junit', 'sarif'] as const) {
    const file = value.startsWith(`${kind}=`) ? value.slice(kind.length + 1) : '';
    if (file !== '') return [...previous, { kind, file }];
  }
  if (value === 'github') return [...previous, { kind: 'github' }];
  throw new InvalidArgumentError('It takes junit=<file>, sarif=<file> or github.');
}
