import { setTimeout } from 'node:timers/promises';
import { applicationChecks } from '../check/application/application-checks.js';
import { ApplicationProcess } from '../check/application/application-process.js';
import { addressOf, PageVisiting } from '../check/application/page-visiting.js';
import { runApplicationChecks } from '../check/application/run-application-checks.js';
import { TestedApplication } from '../check/application/tested-application.js';
import type { TestedPage } from '../check/application/tested-page.js';
import { Untold } from '../check/application/untold.js';
import { judgedByBaseline } from '../check/run/baseline.js';
import { choose } from '../check/run/claused-check.js';
import { didYouMean } from '../check/run/nearest-checks.js';
import { type ChecksReport, outcomeOf } from '../check/run/run-checks.js';
import { isOwnCookie } from '../emulator/own-cookies.js';
import { LogtoError } from '../errors.js';
import { createFetch } from '../network/create-fetch.js';
import type { ApplicationTest } from './application-test.js';
import { ownCheck } from './own-check.js';

/** Milliseconds that a step may take, unless it is said. */
const usualTimeout = 15_000;
const usualJobs = 4;

const seeSteps = 'Try the steps of the test by hand, in the same browser.';

/** Gets to know an application, and runs the checks: what {@link ApplicationTest} is for. */
export async function runApplicationTest<Page extends TestedPage>(
  test: ApplicationTest<Page>,
): Promise<ChecksReport> {
  const { emulator, signal = new AbortController().signal, onCheck, baseline, jobs = usualJobs } = test;
  const url = addressOf(test.url, 'url');
  const signedInUrl = addressOf(test.signedInUrl ?? url, 'signedInUrl');
  const checks = chosenChecks(test.only);
  const timeLimit = test.timeout ?? usualTimeout;
  const visiting = new PageVisiting<Page>({
    newContext: test.newContext,
    visit: test.visit,
    isSignedIn: test.isSignedIn,
    ...(test.signOut && { signOut: test.signOut }),
    isProviderCookie: isOwnCookie,
    timeLimit,
    sleep,
  });
  const process = await startedProcess(url, timeLimit, signal);
  try {
    await process.start();
    signal.throwIfAborted();
    const known = { url, signedInUrl };
    const appId = await visiting.appIdOf(emulator, known);
    const own = emulator.description.applications.find((application) => application.appId === appId);
    const application = new TestedApplication({
      provider: emulator,
      options: {
        ...known,
        appId,
        isPublic: own?.appSecret === undefined,
        ...(test.redirectUri !== undefined && { redirectUri: addressOf(test.redirectUri, 'redirectUri') }),
        ...(test.backChannelLogoutUrl !== undefined && {
          backChannelLogoutUrl: addressOf(test.backChannelLogoutUrl, 'backChannelLogoutUrl'),
        }),
        // That is where it begins.
        ...(test.signOut && { signOutUrl: signedInUrl }),
        ...(own?.appSecret !== undefined && { appSecret: own.appSecret }),
        ...(test.returnParameter !== undefined && { returnParameter: test.returnParameter }),
      },
      process,
      visiting,
    });
    await application.getToKnow();
    const report = await runApplicationChecks({
      checks: checks.map((check) => ownCheck(check, visiting)),
      subject: application,
      jobs,
      sleep,
      interruption: signal,
      ...(onCheck && { onReport: onCheck }),
    });
    if (baseline === undefined) return report;
    const { checks: judged, stale } = judgedByBaseline(report.checks, baseline, Date.now());
    return { outcome: stale.length > 0 ? 'failed' : outcomeOf(judged), checks: judged, stale };
  } catch (error) {
    if (!(error instanceof Untold)) throw error;
    throw new LogtoError('app_undecided', error.message, error.hint ?? seeSteps, { url });
  } finally {
    emulator.setFaults({});
    await visiting.end();
  }
}

function chosenChecks(only: readonly string[] | undefined) {
  if (only === undefined) return applicationChecks;
  const { checks, unknown } = choose(applicationChecks, only);
  if (unknown.length === 0 && checks.length > 0) return checks;
  throw new LogtoError(
    'config_invalid',
    `The option only names no check and no group: ${unknown.join(', ') || 'it is empty'}.`,
    `${didYouMean(applicationChecks, unknown)}See them with: logto-cli test-app --list`,
  );
}

/** An application that somebody else has started. */
async function startedProcess(
  url: string,
  timeLimit: number,
  signal: AbortSignal,
): Promise<ApplicationProcess> {
  const fetch = await createFetch({ environment: process.env });
  return new ApplicationProcess({
    start: null,
    url,
    // Whatever it says, and whether or not it is trusted from here.
    isAnswered: () =>
      fetch(url, { signal }).then(
        () => true,
        (error: unknown) => error instanceof LogtoError && error.code !== 'network_unreachable',
      ),
    timeLimit,
    sleep,
    signal,
  });
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  // Whoever ends it goes on.
  await setTimeout(milliseconds, undefined, { signal }).catch(() => {});
}
