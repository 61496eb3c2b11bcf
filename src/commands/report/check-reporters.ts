import { appendFile } from 'node:fs/promises';
import type { CheckReport } from '../../check/run/check.js';
import { groupOf } from '../../check/run/claused-check.js';
import type { ChecksReport } from '../../check/run/run-checks.js';
import { LogtoError } from '../../errors.js';
import { summaryTable, summaryText } from '../../output/github-actions.js';
import { type JunitCase, junitReport } from '../../output/junit.js';
import type { Runtime } from '../../runtime.js';
import { writeNamedFile } from '../../storage/replace-file.js';
import { amounts, outcomes } from './check-report.js';

/** Where a report goes, beside the streams. */
export type Reporter = { readonly kind: 'junit'; readonly file: string } | { readonly kind: 'github' };

/** One application or several, and their provider. */
export interface ChecksTarget {
  readonly issuer: string;
  readonly appId: string;
}

/** What a report calls a run. */
export interface Suite {
  /** The command: reports of several runs are told apart by it. */
  readonly name: string;
  /** Begins a sentence: what was checked. */
  readonly subject: string;
  /** Facts about it. */
  readonly properties: Readonly<Record<string, string>>;
}

/** A run that has ended. */
export interface FinishedChecks extends ChecksReport {
  readonly target?: ChecksTarget;
  /** Default: that of an application at its provider. */
  readonly suite?: Suite;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly seconds: number;
}

/**
 * Makes sure that the reports can be written, before anything is asked.
 *
 * @returns what writes them, and returns what kept one of them from that
 * @throws LogtoError `config_invalid`
 */
export async function prepareReporters(
  runtime: Runtime,
  reporters: readonly Reporter[],
): Promise<(run: FinishedChecks) => Promise<LogtoError | null>> {
  for (const reporter of reporters) {
    // What an earlier run wrote must not be taken for this one's.
    if (reporter.kind === 'junit') await write(reporter.file, '', '--reporter junit');
  }
  return async (run) => {
    // One that cannot be written takes no other along.
    const written = await Promise.allSettled(
      reporters.map((reporter) =>
        reporter.kind === 'junit'
          ? write(reporter.file, junitOf(run), '--reporter junit')
          : reportToGithub(runtime, run),
      ),
    );
    const failures = written.flatMap((report) => (report.status === 'rejected' ? [report.reason] : []));
    const bug = failures.find((failure) => !(failure instanceof LogtoError));
    if (bug !== undefined) throw bug;
    return failures[0] ?? null;
  };
}

function junitOf(run: FinishedChecks): string {
  const { checks, target, suite, startedAt, seconds } = run;
  const warnings = checks.filter(({ outcome }) => outcome === 'warning');
  return junitReport({
    name: suite?.name ?? 'logto-cli test',
    startedAt,
    seconds,
    properties: suite?.properties ?? { ...target },
    cases: checks.map(junitCase),
    remarks: warnings.map((check) => `warning: ${check.id}: ${textOf(check)}`),
  });
}

function junitCase(check: CheckReport): JunitCase {
  const { id, title, outcome, code, message, durationMs } = check;
  const kind = ({ failed: 'failure', incomplete: 'error', skipped: 'skipped' } as const)[outcome as string];
  return {
    group: groupOf(check),
    name: `${id}: ${title}`,
    seconds: durationMs / 1000,
    ...(kind && { problem: { kind, type: code ?? outcome, message, text: textOf(check) } }),
  };
}

async function reportToGithub({ stderr, environment }: Runtime, run: FinishedChecks): Promise<void> {
  const { checks, target, suite, seconds } = run;
  const bad = outcomes.slice(0, 3).flatMap((wanted) => checks.filter(({ outcome }) => outcome === wanted));
  for (const check of bad) {
    const level = check.outcome === 'warning' ? 'warning' : 'error';
    stderr.annotate({ level, title: `${check.id}: ${check.title}`, message: textOf(check) });
  }
  const file = environment['GITHUB_STEP_SUMMARY'];
  if (!file) return;
  const rows = bad.map(({ id, outcome, message, hint = '' }) => [outcome, id, message, hint]);
  const all = checks.map(({ id, outcome, durationMs, message }) => [
    outcome,
    id,
    `${durationMs} ms`,
    message,
  ]);
  const about =
    suite === undefined
      ? target && `${summaryText(target.issuer)}, application ${summaryText(target.appId)}`
      : summaryText(suite.subject);
  const of = about === undefined ? '' : `${about}: `;
  const lines = [
    `### Sign-in checks: ${run.outcome}`,
    '',
    `<p>${of}${amounts(checks)} in ${seconds.toFixed(1)} s</p>`,
    '',
    ...(rows.length === 0 ? [] : [...summaryTable(['', 'Check', 'What was seen', 'What to do'], rows), '']),
    '<details><summary>All checks</summary>',
    '',
    ...summaryTable(['', 'Check', 'Time', 'What was seen'], all),
    '',
    '</details>',
    '',
  ];
  await write(file, `${lines.join('\n')}\n`, 'GITHUB_STEP_SUMMARY', appendFile);
}

function textOf({ message, hint }: CheckReport): string {
  return hint === undefined ? message : `${message} Hint: ${hint}`;
}

async function write(
  file: string,
  text: string,
  setting: string,
  put: (file: string, text: string) => Promise<void> = writeNamedFile,
): Promise<void> {
  try {
    await put(file, text);
  } catch (error) {
    throw new LogtoError(
      'config_invalid',
      `The file of ${setting} cannot be written: ${file} (${(error as NodeJS.ErrnoException).code}).`,
      'Give a file in a directory that exists and is yours to write to.',
    );
  }
}
