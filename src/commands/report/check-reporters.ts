import { appendFile } from 'node:fs/promises';
import { LogtoError } from '../../errors.js';
import type { Runtime } from '../../runtime.js';
import { writeNamedFile } from '../../storage/replace-file.js';
import type { FinishedChecks } from './finished-checks.js';
import { annotateJob, jobSummary } from './github-reporter.js';
import { junitOf } from './junit-reporter.js';

/** Where a report goes, beside the streams. */
export type Reporter = { readonly kind: 'junit'; readonly file: string } | { readonly kind: 'github' };

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
