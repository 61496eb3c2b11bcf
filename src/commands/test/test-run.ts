import type { KnowableChecks } from '../../check/run/baseline-file.js';
import { type ClausedCheck, choose } from '../../check/run/claused-check.js';
import { didYouMean } from '../../check/run/nearest-checks.js';
import type { ChecksReport, ChecksRun } from '../../check/run/run-checks.js';
import { clientIdentity } from '../../client/client-identity.js';
import { placeOf } from '../../client/logto-config.js';
import { LogtoError } from '../../errors.js';
import { callbackUri } from '../../local-address.js';
import type { Fetch } from '../../network/fetch.js';
import type { ClientIdentity } from '../../oidc/client-authentication.js';
import type { ProviderPlace } from '../../oidc/issuer-url.js';
import type { Settings } from '../../profile/settings.js';
import type { CommandContext } from '../../session/command-context.js';
import { settingsOf, tellSetAside } from '../../session/connection.js';
import { findApplication } from '../../session/find-application.js';
import { withSecret } from '../../session/with-secret.js';
import { shellWord } from '../../shell-word.js';
import { type NamedBy, namedBy } from '../../wording.js';
import { groupLines, listLines } from '../report/group-lines.js';
import { reportChecks } from '../report/report-checks.js';
import { givenRedirectUri } from '../request-options.js';
import type { TestFlags } from './test-flags.js';
import { testLines } from './test-report.js';

/** The application that is tested, and the way to it. */
interface TestedApplication extends ClientIdentity, ProviderPlace {
  readonly redirectUri: string;
  /** How the provider is set, which decides what is said of it. */
  readonly namedBy: NamedBy;
  readonly fetch: Fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A group of checks, and how they are run. */
export interface Battery<Subject> {
  readonly checks: readonly ClausedCheck<Subject>[];
  /** What a baseline of them may name. */
  readonly knowable: KnowableChecks;
  /** Milliseconds for one check, which may wait for its turn, and for everything. */
  readonly limits: { readonly check: number; readonly all: number };
  /** Reads what else is needed, before anything is asked; then the checks can be run. */
  readonly prepare: (
    context: CommandContext,
    flags: TestFlags,
    settings: Settings,
  ) => Promise<
    (application: TestedApplication, run: Omit<ChecksRun<Subject>, 'subject'>) => Promise<ChecksReport>
  >;
}

/**
 * Runs a battery and reports what it found.
 *
 * @returns the exit code
 * @throws LogtoError `config_missing`, `config_invalid`, `profile_unknown`, `usage_invalid`; storage codes; `interrupted`
 */
export async function runTest<Subject>(
  context: CommandContext,
  flags: TestFlags,
  battery: Battery<Subject>,
): Promise<number> {
  const { runtime, output } = context;
  const checks = chosenChecks(battery, flags.only);
  if (flags.list === true) {
    output.result(
      { checks: checks.map(({ id, title, clause, needs = [] }) => ({ id, title, clause, needs })) },
      listLines(checks, output.paint),
    );
    return 0;
  }
  return reportChecks(context, flags, battery.knowable, async () => {
    const settings = await settingsOf(context, flags, true);
    const application = await findApplication(runtime, settings, flags);
    const redirectUri = redirectUriOf(flags);
    // The session's storage is not asked where no setting says that there is something in it: CI has no keychain.
    const identity = await clientIdentity(
      await withSecret(runtime, settings, application, settings.recordedSession, (line) =>
        tellSetAside(output, line),
      ),
    );
    const run = await battery.prepare(context, flags, settings);
    const place = placeOf(application);
    const target = { issuer: place.issuer, appId: application.appId };
    const tested = {
      ...place,
      namedBy: namedBy(application),
      ...identity,
      redirectUri,
      fetch: await runtime.fetch(settings),
      now: runtime.now,
    };
    return {
      amount: checks.length,
      target,
      run: (watch) =>
        run(tested, {
          ...watch,
          checks,
          timeLimit: battery.limits.check,
          totalLimit: battery.limits.all,
        }),
      lines: testLines(`${target.issuer}, application ${target.appId}`, groupLines),
    };
  });
}

function chosenChecks<Subject>(
  { checks: all }: Battery<Subject>,
  only: readonly string[] | undefined,
): readonly ClausedCheck<Subject>[] {
  if (only === undefined) return all;
  const { checks, unknown } = choose(all, only);
  if (unknown.length === 0 && checks.length > 0) return checks;
  throw new LogtoError(
    'usage_invalid',
    `--only names no check and no group: ${unknown.join(', ') || 'it is empty'}.`,
    `${didYouMean(all, unknown)}See them with: logto-cli test --list (with --as, those that sign a user in)`,
  );
}

function redirectUriOf(flags: TestFlags): string {
  const uri = givenRedirectUri(flags) ?? callbackUri();
  if (URL.canParse(uri)) return uri;
  throw new LogtoError(
    'config_invalid',
    'The redirect URI is not an absolute URL.',
    `Give one that is registered, such as --redirect-uri ${shellWord(callbackUri())}`,
  );
}
