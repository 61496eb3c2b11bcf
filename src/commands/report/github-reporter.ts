import type { CheckReport } from '../../check/run/check.js';
import { summaryTable, summaryText } from '../../output/github-actions.js';
import type { Runtime } from '../../runtime.js';
import { amounts, duration, knownWords, outcomes, textOf, toldOutcome } from './check-report.js';
import type { FinishedChecks } from './finished-checks.js';
import { repositoryPath } from './repository-path.js';
import { staleChecks } from './stale-checks.js';

/** Bytes of a job's summary: GitHub shows nothing of one that has more than a megabyte, with what other commands wrote. */
const summaryLimit = 768 * 1024;

/** Annotates a job of GitHub's with what is wrong. Of more than ten errors or warnings of a step it shows the first ten. */
export function annotateJob({ stderr, environment }: Runtime, run: FinishedChecks): void {
  const of = new Map(staleChecks(run).map(({ id, of: check }) => [id, check]));
  for (const check of badOf(run)) {
    const stale = of.get(check.id);
    const place = stale === undefined ? run.placeOf?.(check.id) : run.baselinePlaceOf?.(stale);
    stderr.annotate({
      level: check.outcome === 'warning' ? 'warning' : 'error',
      title: `${check.id}: ${check.title}`,
      message: textOf(check),
      ...(place && { file: repositoryPath(place.file, environment), line: place.line }),
    });
  }
}

/** A run as a part of a job's summary. */
export function jobSummary(run: FinishedChecks): string {
  const { checks, target, suite, seconds, failure, outcome: all } = run;
  const known = checks.filter((check) => toldOutcome(check) === 'known');
  const rows = [...badOf(run), ...known].map((check) => [
    toldOutcome(check),
    check.id,
    check.message,
    check.known === undefined ? (check.hint ?? '') : knownWords(check),
  ]);
  const about =
    suite === undefined
      ? target && `${summaryText(target.issuer)}, application ${summaryText(target.appId)}`
      : summaryText(suite.subject);
  const of = about === undefined ? '' : `${about}: `;
  const whole = checks.map((check) => [
    toldOutcome(check),
    check.id,
    `${check.durationMs} ms`,
    check.message,
  ]);
  const lines = [
    `### Sign-in checks: ${failure === undefined ? all : 'could not be run'}`,
    '',
    `<p>${of}${amounts(run)} in ${duration(seconds)}</p>`,
    '',
    ...(rows.length === 0
      ? []
      : [...summaryTable(['', 'Check', 'What was seen', 'What to do, or why it is known'], rows), '']),
  ];
  const details = [
    '<details><summary>All checks</summary>',
    '',
    ...summaryTable(['', 'Check', 'Time', 'What was seen'], whole),
    '',
    '</details>',
    '',
  ];
  const texts = [`${[...lines, ...details].join('\n')}\n`, `${lines.join('\n')}\n`];
  const fitting = texts.find((text) => Buffer.byteLength(text) <= summaryLimit);
  return (
    fitting ??
    `${lines.slice(0, 3).join('\n')}\n\n<p>The rest is too long for a summary: see the log.</p>\n\n`
  );
}

/** What is not as it should be, the worst first. */
function badOf(run: FinishedChecks): readonly CheckReport[] {
  const all = [...staleChecks(run), ...run.checks];
  return outcomes.slice(0, 3).flatMap((wanted) => all.filter((check) => toldOutcome(check) === wanted));
}
