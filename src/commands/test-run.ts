import type { AnonymousCheck } from '../check/anonymous/anonymous-check.js';
import { anonymousChecks, choose } from '../check/anonymous/anonymous-checks.js';
import { AnonymousSubject } from '../check/anonymous/anonymous-subject.js';
import { exitCodeOfOutcome, runChecks } from '../check/run-checks.js';
import { issuerOf } from '../client/logto-config.js';
import { LogtoError } from '../errors.js';
import { reportError } from '../output/error-report.js';
import { progressLine } from './check-report.js';
import type { CommandContext } from './command.js';
import { requireApplication, settingsOf } from './connection.js';
import { withSecret } from './session-client.js';
import type { TestFlags } from './test.js';
import { listLines, testLines } from './test-report.js';
import { prepareReporters } from './test-reporters.js';

/** Milliseconds for one check, which may wait for its turn, and for everything. */
const limits = { check: 30_000, all: 60_000 };

/**
 * Runs the battery that needs no user and reports what it found.
 *
 * @returns the exit code
 * @throws LogtoError `config_missing`, `config_invalid`, `profile_unknown`, `usage_invalid`; storage codes; `interrupted`
 */
export async function runTest(context: CommandContext, flags: TestFlags): Promise<number> {
  const { runtime, output } = context;
  const checks = chosenChecks(flags.only);
  if (flags.list === true) {
    output.result(
      { checks: checks.map(({ id, title, clause, needs = [] }) => ({ id, title, clause, needs })) },
      listLines(checks, output.paint),
    );
    return 0;
  }
  const settings = await settingsOf(context, flags);
  const application = requireApplication(settings);
  const issuer = issuerOf(application);
  const redirectUri = redirectUriOf(flags);
  const report = await prepareReporters(runtime, flags.reporter ?? []);
  // The session's storage is not asked where no setting says that there is something in it: CI has no keychain.
  const { appSecret } = await withSecret(runtime, settings, application, settings.recordedSession);
  const requests = new AbortController();
  const subject = new AnonymousSubject({
    issuer,
    clientId: application.appId,
    ...(appSecret && { clientSecret: appSecret }),
    redirectUri,
    device: flags.device === true,
    fetch: await runtime.fetch(settings),
    now: runtime.now,
    signal: AbortSignal.any([runtime.interruption, requests.signal]),
  });
  const startedAt = runtime.now();
  const begun = performance.now();
  const progress = progressLine(runtime, flags.quiet === true, checks.length);
  try {
    const found = await runChecks({
      checks,
      subject,
      timeLimit: limits.check,
      totalLimit: limits.all,
      sleep: runtime.sleep,
      interruption: runtime.interruption,
      onReport: (check) => {
        progress.advance(check.id);
        output.detail(`${check.id}: ${check.outcome} (${check.durationMs} ms): ${check.message}`);
      },
      onBug: (error) => flags.verbose && reportError(error, runtime.stderr, true),
    });
    progress.end();
    const run = {
      ...found,
      issuer,
      appId: application.appId,
      startedAt,
      seconds: (performance.now() - begun) / 1000,
    };
    await report(run);
    output.result(found, testLines(run, { paint: output.paint, columns: runtime.stdout.columns }));
    return exitCodeOfOutcome[found.outcome];
  } finally {
    progress.end();
    requests.abort();
  }
}

function chosenChecks(only: readonly string[] | undefined): readonly AnonymousCheck[] {
  if (only === undefined) return anonymousChecks;
  const { checks, unknown } = choose(only);
  if (unknown.length === 0 && checks.length > 0) return checks;
  throw new LogtoError(
    'usage_invalid',
    `--only names no check and no group: ${unknown.join(', ') || 'it is empty'}.`,
    'See them with: logto-cli test --list',
  );
}

function redirectUriOf({ redirectUri, port = 3000 }: TestFlags): string {
  const uri = redirectUri ?? `http://localhost:${port}/callback`;
  if (URL.canParse(uri)) return uri;
  throw new LogtoError(
    'config_invalid',
    'The redirect URI is not an absolute URL.',
    'Give one that is registered, such as --redirect-uri http://localhost:3000/callback',
  );
}
