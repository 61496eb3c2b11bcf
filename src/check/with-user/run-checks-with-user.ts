import { LogtoError } from '../../errors.js';
import { inConsole } from '../../logto-console.js';
import { isLoopbackHost, type ProviderPlace } from '../../oidc/issuer-url.js';
import type { CheckResult } from '../run/check.js';
import { passed } from '../run/check-results.js';
import { type ChecksReport, type ChecksRun, resultInWords, runChecks } from '../run/run-checks.js';
import { checksWithUser } from './checks-with-user.js';
import type { Left } from './possessions.js';
import type { TestedUserOptions } from './signing-in.js';
import { TestedUser } from './tested-user.js';

/** The check that is made of the end of a run. */
export const cleanUpId = 'clean-up.ended';

/** How the checks with a user are run. */
export type RunWithUser = Omit<ChecksRun<TestedUser>, 'checks' | 'subject' | 'sleep' | 'interruption'> & {
  readonly checks?: ChecksRun<TestedUser>['checks'];
  /** Signs in at a provider that is not on this machine. */
  readonly allowRemote: boolean;
};

/**
 * Signs the user in, as often as the checks want, runs them, and ends whatever came of it, also when it is interrupted.
 * The last check of the report says whether that went well.
 *
 * @throws LogtoError `usage_invalid` for a provider elsewhere that nobody allowed, `config_invalid` for a sign-in there; `headless_unsupported` for one that
 * is not Logto; those of `checkIssuer`; the interruption's reason
 */
export async function runChecksWithUser(
  options: TestedUserOptions,
  { checks = checksWithUser, allowRemote, ...run }: RunWithUser,
): Promise<ChecksReport> {
  if (!allowRemote) refuseRemote(options);
  const subject = new TestedUser(options);
  const found = await runAll().catch(async (error: unknown) => {
    await subject.close();
    throw error;
  });
  const begun = performance.now();
  const left = await subject.close();
  const cleanUp = {
    id: cleanUpId,
    title: 'Tokens and sessions are ended',
    ...resultInWords(judgeLeft(left), options.namedBy),
    durationMs: Math.round(performance.now() - begun),
  };
  run.onReport?.(cleanUp);
  const waits = subject.waits.told;
  return { ...found, checks: [...found.checks, cleanUp], ...(waits.length > 0 && { waits }) };

  async function runAll(): Promise<ChecksReport> {
    await requireLogto(subject);
    const { sleep, signal: interruption } = options;
    return runChecks({
      ...run,
      checks,
      subject,
      namedBy: () => options.namedBy ?? 'issuer',
      sleep,
      interruption,
    });
  }
}

/** What can be ended should be; what nobody can end is told. */
function judgeLeft({ alive, jwts, exchanged }: Left): CheckResult {
  if (alive.length > 0) {
    return {
      outcome: 'warning',
      message: `Something may live on: ${alive.join(', ')}.`,
      hint: 'End it by hand: the sessions and grants of the user at the provider.',
      logto: {
        hint: `End it by hand: the grants of the user are in ${inConsole('User management', 'the user')}.`,
      },
    };
  }
  const told =
    'every session is ended, and every token revoked that can be' +
    (jwts === 0
      ? ''
      : `; an API that verifies JWTs by itself takes ${jwts === 1 ? 'one' : jwts} of them until ${jwts === 1 ? 'it expires' : 'they expire'}`);
  if (exchanged === 0) return passed(told);
  const grants =
    exchanged === 1 ? 'the exchange leaves a grant' : `the ${exchanged} exchanges leave a grant each`;
  return { ...passed(told), logto: { message: `${told}; ${grants}, which Logto keeps for 180 days` } };
}

/** Any other failure is what the first check is about. */
async function requireLogto(subject: TestedUser): Promise<void> {
  await subject.firstAuthorization().catch((error: unknown) => {
    const isRefused = error instanceof LogtoError && error.details?.['origin'] !== undefined;
    if (isRefused || (error instanceof LogtoError && error.code === 'headless_unsupported')) throw error;
  });
}

/**
 * Refuses a provider that is not on this machine.
 *
 * @param what is done there, as the beginning of a sentence
 * @throws LogtoError `usage_invalid`
 */
export function refuseRemote(
  { issuer, discoveryUrl = issuer }: ProviderPlace,
  what = 'These checks sign a real user in, several times',
): void {
  const elsewhere = [issuer, discoveryUrl].find(
    (address) => URL.canParse(address) && !isLoopbackHost(new URL(address).hostname),
  );
  if (elsewhere === undefined) return;
  throw new LogtoError(
    'usage_invalid',
    `${what}, and ${new URL(elsewhere).host} is not this machine.`,
    'Add --allow-remote if that is what you want; use a user who is there for tests.',
  );
}
