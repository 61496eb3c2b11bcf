import { doctorChecks } from '../../check/doctor/doctor-checks.js';
import type { ExaminedSignIn } from '../../check/doctor/doctor-options.js';
import { DoctorSubject } from '../../check/doctor/doctor-subject.js';
import type { KnowableChecks } from '../../check/run/baseline-file.js';
import { runChecks } from '../../check/run/run-checks.js';
import { LogtoError } from '../../errors.js';
import type { Settings } from '../../profile/settings.js';
import type { Runtime } from '../../runtime.js';
import type { CommandContext } from '../../session/command-context.js';
import { settingsOf, tellSetAside } from '../../session/connection.js';
import { findApplication } from '../../session/find-application.js';
import { placeholderIn } from '../../session/required-application.js';
import { withSecret } from '../../session/with-secret.js';
import type { Suite } from '../report/finished-checks.js';
import { type ReportedChecks, reportChecks } from '../report/report-checks.js';
import { givenRedirectUri, ownPort, requestedGrant, requestedPrompt } from '../request-options.js';
import { fixHintLines, fixHints, namedByOf } from './doctor-fix-hints.js';
import type { DoctorFlags } from './doctor-flags.js';
import { doctorLines } from './doctor-report.js';

/** Milliseconds for everything. */
const timeLimit = 4_500;

const knowable: KnowableChecks = {
  command: 'logto-cli doctor',
  ids: doctorChecks.map(({ id }) => id),
  kind: 'check of logto-cli doctor',
  hint: 'See them with: logto-cli doctor --json',
};

/**
 * Runs every check of `doctor` and reports what they found.
 *
 * @returns the exit code
 * @throws LogtoError `config_invalid`, `usage_invalid`; `interrupted`
 */
export async function runDoctor(context: CommandContext, flags: DoctorFlags): Promise<number> {
  const { runtime, output } = context;
  const given = await settingsOf(context, flags, true);
  const placeholder = placeholderIn(given);
  const missing = placeholder ?? (await missingSetting(runtime, given, flags));
  // What was copied out of documentation is as good as nothing.
  const { endpoint: _, issuer: __, discoveryUrl: ___, appId: ____, ...others } = given;
  const settings = placeholder === null ? given : others;
  const requests = new AbortController();
  const subject = new DoctorSubject({
    runtime,
    settings,
    signIn: examinedSignIn(flags),
    missing,
    findCredentials: (application) =>
      withSecret(runtime, settings, application, settings.sessionStorage, (line) =>
        tellSetAside(output, line),
      ),
    signal: AbortSignal.any([runtime.interruption, requests.signal]),
  });
  const checks: ReportedChecks = {
    amount: doctorChecks.length,
    suite: suiteOf(settings),
    run: (watch) =>
      runChecks({
        ...watch,
        checks: doctorChecks,
        subject,
        timeLimit,
        totalLimit: timeLimit,
        namedBy: () => subject.namedBy(),
      }),
    // What was found stands in the report.
    detail: ({ title, outcome, durationMs }) => `${title}: ${outcome} (${durationMs} ms)`,
    lines: doctorLines,
    ...(flags.fixHints !== undefined && {
      appendix: async (report) => {
        const hints = await fixHints(subject, report.checks);
        const lines = fixHintLines(hints, output.paint, await namedByOf(subject));
        return { document: { fixHints: hints }, lines: ['', ...lines] };
      },
    }),
  };
  try {
    return await reportChecks(context, flags, knowable, () => checks);
  } finally {
    requests.abort();
  }
}

/** What reports call the run: whatever is set. */
function suiteOf({ endpoint, issuer, appId }: Settings): Suite {
  const provider = endpoint ?? issuer;
  const properties = {
    ...(provider !== undefined && { provider }),
    ...(appId !== undefined && { appId }),
  };
  const subject = [provider ?? 'No provider', ...(appId === undefined ? [] : [`application ${appId}`])];
  return { name: 'logto-cli doctor', subject: subject.join(', '), properties };
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

async function missingSetting(
  runtime: Runtime,
  settings: Settings,
  flags: DoctorFlags,
): Promise<LogtoError | null> {
  try {
    await findApplication(runtime, settings, flags);
    return null;
  } catch (error) {
    if (error instanceof LogtoError) return error;
    throw error;
  }
}
