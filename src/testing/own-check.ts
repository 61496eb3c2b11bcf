import type { ApplicationCheck } from '../check/application/application-check.js';
import type { PageVisiting } from '../check/application/page-visiting.js';
import type { TestedPage } from '../check/application/tested-page.js';
import { Untold } from '../check/application/untold.js';
import type { CheckResult } from '../check/run/check.js';

/**
 * A check that somebody's own visits are made for. What they cannot show it is skipped for, and what passed though a visit
 * did not come to its end is not sure.
 */
export function ownCheck<Page extends TestedPage>(
  check: ApplicationCheck,
  visiting: PageVisiting<Page>,
): ApplicationCheck {
  const claused = (message: string) => `${message} [${check.clause}]`;
  return {
    ...check,
    missing: (options, words) => {
      const own = check.missing?.(options, words) ?? null;
      const isNamed = check.id !== 'return.elsewhere' || options.returnParameter !== undefined;
      if (own !== null || isNamed) return own;
      return `Which parameter of url says where to return to is not known: name it with ${words.returnParameter}.`;
    },
    run: async (application, signal): Promise<CheckResult> => {
      try {
        const result = await check.run(application, signal);
        const problem = application.begun
          .map((visit) => visiting.problemOf(visit))
          .find((own) => own !== null);
        if (result.outcome !== 'passed' || problem === undefined) return result;
        return {
          outcome: 'incomplete',
          message: `${result.message} But a visit did not come to its end: ${problem}`,
          hint: 'Let visit wait for whatever the application shows in the end, also where it refuses a sign-in; if it shows nothing then, that is for the application to mend.',
        };
      } catch (error) {
        if (!(error instanceof Untold)) throw error;
        const { outcome, message, hint } = error;
        return { outcome, message: claused(message), ...(hint !== undefined && { hint }) };
      }
    },
  };
}
