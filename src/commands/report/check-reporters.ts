import { appendFile } from 'node:fs/promises';
import { LogtoError } from '../../errors.js';
import type { Runtime } from '../../runtime.js';
import { writeNamedFile } from '../../storage/replace-file.js';
import type { FinishedChecks } from './finished-checks.js';
import { annotateJob, jobSummary } from './github-reporter.js';
import { junitOf } from './junit-reporter.js';
import { sarifOf } from './sarif-reporter.js';

/** Where a report goes, beside the streams. */
export type Reporter =
  | { readonly kind: 'junit' | 'sarif'; readonly file: string }
  | { readonly kind: 'github' };

/** What asks for a report in a file. */
const settings = { junit: '--reporter junit', sarif: '--reporter sarif' } as const;

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
    if (reporter.kind !== 'github') await write(reporter.file, '', settings[reporter.kind]);
  }
  return async (run) => {
    // One that cannot be written takes no other along.
    const written = await Promise.allSettled(reporters.map((reporter) => report(reporter, run, runtime)));
    const failures = written.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    const bug = failures.find((failure) => !(failure instanceof LogtoError));
    if (bug !== undefined) throw bug;
    return failures[0] ?? null;
  };
}

async function report(reporter: Reporter, run: FinishedChecks, runtime: Runtime): Promise<void> {
  if (reporter.kind === 'github') return reportToGithub(runtime, run);
  const text = reporter.kind === 'junit' ? junitOf(run) : sarifOf(run, runtime);
  await write(reporter.file, text, settings[reporter.kind]);
}

async function reportToGithub(runtime: Runtime, run: FinishedChecks): Promise<void> {
  annotateJob(runtime, run);
  const file = runtime.environment['GITHUB_STEP_SUMMARY'];
  if (file) await write(file, jobSummary(run), 'GITHUB_STEP_SUMMARY', appendFile);
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
