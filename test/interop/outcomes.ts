import { expect } from 'vitest';
import { documentOf, type ProgramOutcome } from '../support/program.js';
import type { End, Findings } from './truth.js';

interface Check {
  readonly id: string;
  readonly outcome: string;
  readonly code?: string;
  readonly message: string;
}

/** What a battery found, and the code of the first failure; its exit code has to follow from that. */
export function findingsOf(outcome: ProgramOutcome): Required<Findings> & { readonly code?: string } {
  expectNoLogto(outcome);
  const { checks } = documentOf(outcome) as { checks: readonly Check[] };
  // Whether this machine has a display is not what this is about.
  const about = checks.filter(({ id }) => id !== 'machine.browser');
  const of = (wanted: string) => about.filter((check) => check.outcome === wanted).map(({ id }) => id);
  const found = { failed: of('failed'), warning: of('warning'), incomplete: of('incomplete') };
  expect(outcome.exitCode).toBe(found.failed.length > 0 ? 1 : found.incomplete.length > 0 ? 3 : 0);
  const code = about.find((check) => check.outcome === 'failed')?.code;
  return { ...sorted(found), ...(code !== undefined && { code }) };
}

/** Every list there and in order, so that two can be compared. */
export function sorted({ failed = [], warning = [], incomplete = [] }: Findings): Required<Findings> {
  return { failed: failed.toSorted(), warning: warning.toSorted(), incomplete: incomplete.toSorted() };
}

/** How a command ended. */
export function endOf(outcome: ProgramOutcome): End {
  expectNoLogto(outcome);
  const code = documentOf(outcome).error?.code;
  return { exitCode: outcome.exitCode ?? -1, ...(code !== undefined && { code }) };
}

/** The document of a command against which nothing is to be said. */
export function soundDocument(outcome: ProgramOutcome): ReturnType<typeof documentOf> {
  expect(endOf(outcome), `${outcome.stdout}${outcome.stderr}`).toEqual({ exitCode: 0 });
  return documentOf(outcome);
}

/** Nobody who uses another provider reads of Logto; names of our own are not meant. */
function expectNoLogto(outcome: ProgramOutcome): void {
  expect.soft(linesWith(outcome, /logto|\bConsole\b|--endpoint\b/i)).toEqual([]);
}

/** What a run said, line by line, without our own names, where it says this. */
export function linesWith({ stdout, stderr }: ProgramOutcome, pattern: RegExp): readonly string[] {
  const lines = `${stdout}\n${stderr}`.replaceAll(/logto-cli|LOGTO_\w+/g, '').split('\n');
  return lines.filter((line) => pattern.test(line));
}

/** What a battery says of whatever neither passed nor was skipped, for whoever reads why a test failed. */
export function told(outcome: ProgramOutcome): string {
  const { checks } = documentOf(outcome) as { checks: readonly Check[] };
  const lines = checks
    .filter((check) => check.outcome !== 'passed' && check.outcome !== 'skipped')
    .map((check) => `${check.outcome} ${check.id} ${check.code ?? ''}: ${check.message}`);
  return lines.join('\n');
}
