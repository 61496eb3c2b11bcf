import type { Check, CheckResult } from '../run/check.js';
import { skipped } from '../run/check-results.js';
import { failed } from '../run/claused-check.js';
import { once } from '../run/once.js';
import { type ChecksReport, type ChecksRun, runChecks } from '../run/run-checks.js';
import type { ApplicationCheck } from './application-check.js';
import { type LibraryName, libraryOf } from './application-library.js';
import { noAnswer } from './application-process.js';
import { inWordsOf } from './library-hints.js';
import { type Place, Room } from './taking-room.js';
import type { TestedApplication } from './tested-application.js';
import { Untold } from './untold.js';
import { WorkTime } from './work-time.js';

/** Milliseconds for what one check does, not for what it waits for. */
const checkLimit = 90_000;
/** Milliseconds for one check with its wait for the others. */
const waitLimit = 900_000;

/** How the checks of an application are run. */
export interface ApplicationChecksRun
  extends Omit<ChecksRun<TestedApplication>, 'checks' | 'timeLimit' | 'totalLimit' | 'namedBy'> {
  /** In the order of the report. What a check needs comes before it. */
  readonly checks: readonly ApplicationCheck[];
  /** How many visits there are at once. */
  readonly jobs: number;
}

/**
 * Runs the checks of an application that somebody has got to know, side by side. Where it ends meanwhile, it is started
 * again, and every check that was under way is done once more, alone: the one at which it ends again has failed.
 *
 * @throws LogtoError the interruption's reason
 */
export async function runApplicationChecks({ jobs, ...run }: ApplicationChecksRun): Promise<ChecksReport> {
  const room = new Room(jobs);
  const library = once(() => recognised(run.subject));
  const revival = new Revival(run.subject, library);
  const work = new WorkTime();
  const checks = run.checks.map((check): Check<TestedApplication> => {
    const missing = check.missing?.(run.subject.options, run.subject.words) ?? null;
    // Each says itself which flag is missing, not that it needs another one.
    if (missing !== null) return { ...check, needs: [], run: async () => skipped(missing) };
    return {
      ...check,
      run: () =>
        room.beside(async (place) => {
          const result = await work.of(check, place, (own) =>
            revival.attempt(own, (subject) => limited(check, subject, run)),
          );
          return result.hint === undefined ? result : inWordsOf(await library(), check.id, result);
        }),
    };
  });
  const report = await runChecks({
    ...run,
    checks,
    timeLimit: waitLimit,
    onReport: (check) => run.onReport?.(work.told(check)),
  });
  return { ...report, checks: report.checks.map((check) => work.told(check)) };
}

async function limited(
  check: Check<TestedApplication>,
  application: TestedApplication,
  { sleep, interruption }: Pick<ChecksRun<TestedApplication>, 'sleep' | 'interruption'>,
): Promise<CheckResult> {
  const over = new AbortController();
  const late = sleep(checkLimit, over.signal).then(
    (): CheckResult => ({
      outcome: 'incomplete',
      code: 'request_timeout',
      message: `No result within ${checkLimit / 1000} s.`,
      hint: 'Look at what the application does in that time: each of its answers may take ten seconds.',
    }),
  );
  try {
    const signal = AbortSignal.any([interruption, over.signal]);
    return await Promise.race([check.run(application, signal), late]);
  } finally {
    over.abort();
  }
}

/** Keeps an application alive while checks try to end it. */
class Revival {
  /** How often it was started: a check that saw another number saw two applications. */
  #starts = 0;
  /** Why nobody can be asked any more. */
  #end: string | null = null;

  constructor(
    private readonly application: TestedApplication,
    private readonly library: () => Promise<LibraryName | null>,
  ) {}

  async attempt(
    place: Place,
    check: (application: TestedApplication) => Promise<CheckResult>,
  ): Promise<CheckResult> {
    const { application } = this;
    if (this.#end !== null) return skipped(this.#end);
    const starts = this.#starts;
    const { deaths } = application.process;
    const result = await this.#settled(() => atEnd(application.at(place), check));
    // One that is gone does nothing wrong, signs nobody in, and gives nothing to look at.
    const isGone = await application.process.isGone();
    if (isGone && !application.process.isOurs) return this.#lost();
    // Whoever had it to itself before us may have started it again by now.
    const hasDied = application.process.deaths !== deaths;
    if (result !== null && !isGone && !hasDied && this.#starts === starts) return result;
    return place.alone(() => this.#alone(check));
  }

  /** Does a check that saw an application end once more, to know whether it was the one that ended it. */
  async #alone(check: (application: TestedApplication) => Promise<CheckResult>): Promise<CheckResult> {
    const { application } = this;
    const { process } = application;
    if (this.#end !== null) return skipped(this.#end);
    if (await process.isGone()) await this.#restart();
    for (let { findings } = application; ; findings = application.findings) {
      const again = await this.#settled(() =>
        atEnd(application.at({ isAlone: true, alone: (work) => work(), outside: (work) => work() }), check),
      );
      if (again !== null && !(await process.isGone())) return again;
      if (!process.isOurs) return this.#lost();
      // What it found out for others may have ended it, and is known now.
      if (application.findings === findings) break;
      await this.#restart();
    }
    const death = process.death();
    const printed = process.printed();
    await this.#restart();
    const result = failed(
      death === noAnswer ? 'The application no longer answers.' : `The application ended (${death}).`,
      'Catch what the sign-in throws, also in promises: in Node.js one that nobody awaits ends the process.',
    );
    return { ...inWordsOf(await this.library(), 'ended', result), ...(printed && { printed }) };
  }

  async #restart(): Promise<void> {
    this.#starts += 1;
    try {
      await this.application.restart();
    } catch (error) {
      this.#end = 'The application could not be started again.';
      throw error;
    }
  }

  #lost(): CheckResult {
    const { lost, restart } = this.application.words;
    this.#end ??= `The application no longer answers, and was not started from here: ${restart}.`;
    return failed(
      'The application no longer answers.',
      `It ended in this check, or in one beside it: ${lost}.`,
    );
  }

  /** What a check found; `null` where it threw since its application was gone. */
  async #settled(check: () => Promise<CheckResult>): Promise<CheckResult | null> {
    try {
      return await check();
    } catch (error) {
      if (await this.application.process.isGone()) return null;
      throw error;
    }
  }
}

/** By which library an application signs people in, as a sign-in shows it. */
async function recognised(application: TestedApplication): Promise<LibraryName | null> {
  const own = application.at({ alone: (work) => work(), outside: (work) => work() });
  try {
    const { visitor, provided } = await own.visit();
    await visitor.signIn();
    const { authorizationRequest } = application;
    return libraryOf({
      requests: provided.requests,
      cookies: await visitor.cookies().catch(noneOfUntold),
      authorizationRequest,
    });
  } finally {
    await own.leave();
  }
}

/** A browser may not tell its cookies. */
function noneOfUntold(error: unknown): readonly [] {
  if (error instanceof Untold) return [];
  throw error;
}

/** Does a check, and ends its visits. */
async function atEnd(
  application: TestedApplication,
  check: (application: TestedApplication) => Promise<CheckResult>,
): Promise<CheckResult> {
  try {
    return await check(application);
  } finally {
    await application.leave();
  }
}
