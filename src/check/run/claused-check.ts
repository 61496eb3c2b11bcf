import { exitCodeOf, LogtoError } from '../../errors.js';
import type { Wording } from '../../wording.js';
import type { Check, CheckResult } from './check.js';
import { resultOf } from './check-results.js';

/** A check that names what it stands on. */
export interface ClausedCheck<Subject> extends Check<Subject> {
  readonly clause: string;
}

/**
 * The same check, whose messages name its clause.
 *
 * @param resultOfError of what it throws
 */
export function withClause<Subject>(
  check: ClausedCheck<Subject>,
  resultOfError: (error: unknown) => CheckResult = resultOfRefusedRequest,
): ClausedCheck<Subject> {
  return {
    ...check,
    run: async (subject, signal) => {
      const result = await check.run(subject, signal).catch(resultOfError);
      const claused = (text: string) => `${text} [${check.clause}]`;
      const atLogto = result.logto?.message;
      return {
        ...result,
        message: claused(result.message),
        ...(atLogto !== undefined && { logto: { ...result.logto, message: claused(atLogto) } }),
      };
    },
  };
}

/** A request that was not answered makes a check incomplete. What is not a `LogtoError` is thrown on. */
export function resultOfRefusedRequest(error: unknown): CheckResult {
  if (!(error instanceof LogtoError)) throw error;
  // A provider that breaks at what it was asked is none that could not be asked.
  const isUnanswered = exitCodeOf(error) === 7 && error.details?.['status'] !== 500;
  return resultOf(error, isUnanswered ? 'incomplete' : undefined);
}

/** It is not as the clause says. */
export function failed(message: string, hint: string | Wording): CheckResult {
  return { outcome: 'failed', message, ...hinted(hint) };
}

/** It differs from the clause, and nothing is wrong with this setup. */
export function warning(message: string, hint: string | Wording): CheckResult {
  return { outcome: 'warning', message, ...hinted(hint) };
}

function hinted(hint: string | Wording): Pick<CheckResult, 'hint' | 'logto'> {
  return typeof hint === 'string' ? { hint } : { hint: hint.general, logto: { hint: hint.logto } };
}

/** The same of a deviation that Logto is known for: only whoever set a Logto is told so, by `known`. */
export function knownAtLogto(message: string, hint: string, known = 'Logto is known for that.'): CheckResult {
  return { ...warning(message, hint), logto: { message: `${message} ${known}` } };
}

/** The answer does not tell. */
export function unclear(message: string): CheckResult {
  return {
    outcome: 'incomplete',
    message,
    hint: 'See what is answered, and by whom, with: logto-cli test --trace',
  };
}

/** What to do about a provider that does not do as its specifications say. */
export const correctProvider =
  'Whoever runs the provider has to correct it; look for a newer version of it, or a setting.';

/** The group of a check: what stands before the dot of its id. */
export function groupOf({ id }: { readonly id: string }): string {
  return id.slice(0, id.indexOf('.'));
}

/**
 * The checks that these words choose, each an id or a group, and those that they need, in order.
 *
 * @returns the words that choose nothing, when there are any
 */
export function choose<Own extends ClausedCheck<never>>(
  all: readonly Own[],
  words: readonly string[],
): { checks: readonly Own[]; unknown: readonly string[] } {
  const isChosen = (word: string) => (check: Own) => check.id === word || groupOf(check) === word;
  const unknown = words.filter((word) => !all.some(isChosen(word)));
  const wanted = new Set(words.flatMap((word) => all.filter(isChosen(word)).map(({ id }) => id)));
  // What a check needs comes before it, so that one way back finds all.
  for (const { id, needs = [] } of [...all].reverse()) {
    if (wanted.has(id)) for (const need of needs) wanted.add(need);
  }
  return { checks: all.filter(({ id }) => wanted.has(id)), unknown };
}
