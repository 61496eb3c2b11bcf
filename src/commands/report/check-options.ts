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
    .option('--reporter <kind>', 'also report as junit=<file> or github (repeatable)', collectReporter)
    .option('--baseline <file>', 'the failures in this file are known, and pass; what is new fails')
    .option('--update-baseline', 'write that file anew; reasons in it stay');
}

function collectReporter(value: string, previous: readonly Reporter[] = []): Reporter[] {
  const [, file] = /^junit=(.+)$/s.exec(value) ?? [];
  if (file !== undefined) return [...previous, { kind: 'junit', file }];
  if (value === 'github') return [...previous, { kind: 'github' }];
  throw new InvalidArgumentError('It takes junit=<file> or github.');
}
