import type { ErrorCode } from '../../errors.js';
import { namedBy } from '../../wording.js';
import type { Check, CheckReport } from '../run/check.js';
import { type ChecksReport, type ChecksRun, runChecks } from '../run/run-checks.js';
import { takingTurns } from '../run/taking-turns.js';
import { type ScenarioSignIn, signInAsScenario } from './scenario-sign-in.js';
import { holdYoungGeneration } from './young-generation.js';

/** By that many sign-ins a process has the memory that any number needs. */
const warmSignIns = 50;

/** A scenario with everything that it needs. */
export interface ReadyScenario extends ScenarioSignIn {
  readonly id: string;
  readonly name: string;
  readonly expectError?: ErrorCode;
}

/** How scenarios are run: each has `timeLimit` milliseconds from its own start. */
export type ScenariosRun = Omit<ChecksRun<null>, 'checks' | 'subject' | 'totalLimit'> & {
  /** How many sign-ins may be under way at once. */
  readonly jobs: number;
};

/**
 * Runs scenarios side by side, each as a check of its own with a session of its own, and ends these sessions, also when
 * it is interrupted. The report has them in their order.
 *
 * @throws LogtoError the interruption's reason
 */
export async function runScenarios(
  scenarios: readonly ReadyScenario[],
  { jobs, ...run }: ScenariosRun,
): Promise<ChecksReport> {
  const inTurn = takingTurns(jobs);
  const begun: Promise<unknown>[] = [];
  const checkOf = (scenario: ReadyScenario): Check<null> => ({
    id: scenario.id,
    title: scenario.name,
    run: (_, signal) => {
      const work = signInAsScenario(scenario, signal);
      begun.push(work);
      if (begun.length === warmSignIns) holdYoungGeneration();
      return work;
    },
  });
  const ends = await Promise.allSettled(
    scenarios.map((scenario) =>
      inTurn(() => {
        run.interruption.throwIfAborted();
        return runChecks({
          ...run,
          namedBy: () => namedBy(scenario.application),
          checks: [checkOf(scenario)],
          subject: null,
        });
      }),
    ),
  );
  // One that was given up still has its session to end.
  await Promise.allSettled(begun);
  const checks: CheckReport[] = [];
  const outcomes = new Set<ChecksReport['outcome']>();
  for (const end of ends) {
    if (end.status === 'rejected') throw end.reason;
    for (const check of end.value.checks) checks.push(check);
    outcomes.add(end.value.outcome);
  }
  const worst = (['failed', 'incomplete'] as const).find((outcome) => outcomes.has(outcome));
  return { outcome: worst ?? 'passed', checks };
}
