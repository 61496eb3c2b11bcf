import { doctorChecks } from '../../check/doctor/doctor-checks.js';
import type { ExaminedSignIn } from '../../check/doctor/doctor-options.js';
import { DoctorSubject } from '../../check/doctor/doctor-subject.js';
import { exitCodeOfOutcome, runChecks } from '../../check/run/run-checks.js';
import { LogtoError } from '../../errors.js';
import { reportError } from '../../output/error-report.js';
import type { Settings } from '../../profile/settings.js';
import { placeholderIn, requireApplication, settingsOf } from '../../session/connection.js';
import { withSecret } from '../../session/session-client.js';
import type { CommandContext } from '../command.js';
import { progressLine, withPasteableHints } from '../report/check-report.js';
import { givenRedirectUri, ownPort, requestedGrant, requestedPrompt } from '../request-options.js';
import { type FixHint, fixHintLines, fixHints, namedByOf } from './doctor-fix-hints.js';
import type { DoctorFlags } from './doctor-flags.js';
import { doctorLines } from './doctor-report.js';

/** Milliseconds for everything. */
const timeLimit = 4_500;

/**
 * Runs every check of `doctor` and reports what they found.
 *
 * @returns the exit code
 * @throws LogtoError `config_invalid`, `usage_invalid`; `interrupted`
 */
export async function runDoctor(context: CommandContext, flags: DoctorFlags): Promise<number> {
  const { runtime, output } = context;
  const begun = performance.now();
  const given = await settingsOf(context, flags, true);
  const placeholder = placeholderIn(given);
  const missing = placeholder ?? missingSetting(given);
  // What was copied out of documentation is as good as nothing.
  const { endpoint: _, issuer: __, appId: ___, ...others } = given;
  const settings = placeholder === null ? given : others;
  const requests = new AbortController();
  const subject = new DoctorSubject({
    runtime,
    settings,
    signIn: examinedSignIn(flags),
    missing,
    findCredentials: (application) =>
      withSecret(runtime, settings, application, settings.sessionStorage, output.warn),
    signal: AbortSignal.any([runtime.interruption, requests.signal]),
  });
  const progress = progressLine(runtime, flags.quiet === true, doctorChecks.length);
  try {
    const found = await runChecks({
      checks: doctorChecks,
      subject,
      timeLimit,
      totalLimit: timeLimit,
      sleep: runtime.sleep,
      namedBy: () => subject.namedBy(),
      interruption: runtime.interruption,
      onReport: (check) => {
        progress.advance(check.title);
        output.detail(`${check.title}: ${check.outcome} (${check.durationMs} ms)`);
      },
      onBug: (error) => flags.verbose && reportError(error, runtime.stderr, { verbose: true }),
    });
    const report = withPasteableHints(found, output);
    const hints: FixHint[] | null =
      flags.fixHints === undefined ? null : await fixHints(subject, report.checks);
    const seconds = (performance.now() - begun) / 1000;
    progress.end();
    output.result({ ...report, ...(hints && { fixHints: hints }) }, [
      ...doctorLines(report.checks, { paint: output.paint, columns: runtime.stdout.columns, seconds }),
      ...(hints === null ? [] : ['', ...fixHintLines(hints, output.paint, await namedByOf(subject))]),
    ]);
    return exitCodeOfOutcome[report.outcome];
  } finally {
    progress.end();
    requests.abort();
  }
}

/** The sign-in that these flags would make. */
function examinedSignIn(flags: DoctorFlags): ExaminedSignIn {
  const { postLogoutRedirectUri } = flags;
  return {
    redirectUri: givenRedirectUri(flags) ?? null,
    ...ownPort(flags),
    ...(postLogoutRedirectUri !== undefined && { postLogoutRedirectUri }),
    ...requestedGrant(flags),
    defaultScopes: flags.defaultScopes,
    ...requestedPrompt(flags),
    device: flags.device === true,
  };
}

function missingSetting(settings: Settings): LogtoError | null {
  try {
    requireApplication(settings);
    return null;
  } catch (error) {
    if (error instanceof LogtoError) return error;
    throw error;
  }
}
