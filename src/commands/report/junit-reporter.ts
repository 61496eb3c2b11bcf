import type { CheckReport } from '../../check/run/check.js';
import { groupOf } from '../../check/run/claused-check.js';
import { type JunitCase, junitReport } from '../../output/junit.js';
import { knownWords, textOf, toldOutcome } from './check-report.js';
import type { FinishedChecks } from './finished-checks.js';
import { staleChecks } from './stale-checks.js';

/** A run as a JUnit report. What is known to be wrong is a test that was skipped: CI would count it as new otherwise. */
export function junitOf(run: FinishedChecks): string {
  const { checks, target, suite, startedAt, seconds } = run;
  const warnings = checks.filter((check) => toldOutcome(check) === 'warning');
  return junitReport({
    name: suite?.name ?? 'logto-cli test',
    startedAt,
    seconds,
    properties: suite?.properties ?? { ...target },
    cases: [...checks, ...staleChecks(run)].map(junitCase),
    remarks: warnings.map((check) => `warning: ${check.id}: ${textOf(check)}`),
  });
}

const kinds = { failed: 'failure', incomplete: 'error', skipped: 'skipped', known: 'skipped' } as const;

function junitCase(check: CheckReport): JunitCase {
  const { id, title, outcome, code, message, durationMs } = check;
  const told = toldOutcome(check);
  const kind = told === 'passed' || told === 'warning' ? undefined : kinds[told];
  const known = `Known: ${knownWords(check)}`;
  const problem =
    told === 'known'
      ? { type: 'known', message: known, text: `${known} ${textOf(check)}` }
      : { type: code ?? outcome, message, text: textOf(check) };
  return {
    group: groupOf(check),
    name: `${id}: ${title}`,
    seconds: durationMs / 1000,
    ...(kind && { problem: { kind, ...problem } }),
  };
}
