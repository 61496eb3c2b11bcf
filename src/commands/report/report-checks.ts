import type { CheckReport } from '../../check/run/check.js';
import { type ChecksReport, type ChecksRun, exitCodeOfOutcome } from '../../check/run/run-checks.js';
import { exitCodeOf } from '../../errors.js';
import { errorDocument, reportError } from '../../output/error-report.js';
import type { CommandContext, OutputFlags } from '../command.js';
import { progressLine, type ReportPlace, withPasteableHints } from './check-report.js';
import {
  type ChecksTarget,
  type FinishedChecks,
  prepareReporters,
  type Reporter,
  type Suite,
} from './check-reporters.js';

/** The flags that decide how checks are reported. */
export interface ReportFlags extends OutputFlags {
  readonly reporter?: readonly Reporter[];
}

/** How every run of checks is watched and ended. */
export type ChecksWatch = Pick<ChecksRun<never>, 'sleep' | 'interruption' | 'onReport' | 'onBug'>;

/** Checks that are ready to be run, and what is particular about telling of them. */
export interface ReportedChecks {
  readonly amount: number;
  /** What is checked, for what is told of the whole. */
  readonly target?: ChecksTarget;
  /** What reports call it. Default: that of an application at its provider. */
  readonly suite?: Suite;
  readonly run: (watch: ChecksWatch) => Promise<ChecksReport>;
  /** What `--verbose` says of a check as soon as it has ended. Default: all that was found. */
  readonly detail?: (check: CheckReport) => string;
  /** The report for a person. */
  readonly lines: (finished: FinishedChecks, place: ReportPlace) => readonly string[];
  /** What the document of `--json` has beside the checks, and the lines that follow the report. */
  readonly appendix?: (
    report: ChecksReport,
  ) => Promise<{ readonly document: object; readonly lines: readonly string[] }>;
}

/**
 * Runs checks and reports what they found, wherever a report is wanted: how far they are, the report for a person or
 * the document on stdout, and that of each reporter. One that cannot be written takes nothing along: it is told after the
 * result, with `--json` in the same document, and decides on the exit code where nothing else is wrong.
 *
 * @param prepare reads what is needed, after it is sure that every report can be written and before anything is asked
 * @returns the exit code
 * @throws LogtoError `config_invalid` for a report that cannot be written from the first; those of `prepare`; `interrupted`
 */
export async function reportChecks(
  { runtime, output }: CommandContext,
  flags: ReportFlags,
  prepare: () => ReportedChecks | Promise<ReportedChecks>,
): Promise<number> {
  const report = await prepareReporters(runtime, flags.reporter ?? []);
  const { amount, target, suite, run, detail = everything, lines, appendix } = await prepare();
  const startedAt = runtime.now();
  const begun = performance.now();
  const progress = progressLine(runtime, flags.quiet === true, amount);
  try {
    const told = await run({
      sleep: runtime.sleep,
      interruption: runtime.interruption,
      onReport: (check) => {
        progress.advance(check.id);
        output.detail(detail(check));
      },
      onBug: (error) => flags.verbose && reportError(error, runtime.stderr, { verbose: true }),
    });
    const found = withPasteableHints(told, output);
    const more = (await appendix?.(found)) ?? { document: {}, lines: [] };
    const seconds = (performance.now() - begun) / 1000;
    const finished = { ...found, startedAt, seconds, ...(target && { target }), ...(suite && { suite }) };
    progress.end();
    const unwritten = await report(finished);
    const error = unwritten && errorDocument(unwritten, output.hint);
    const place = { paint: output.paint, columns: runtime.stdout.columns };
    output.result({ ...found, ...more.document, ...(error && { error }) }, [
      ...lines(finished, place),
      ...more.lines,
    ]);
    const code = exitCodeOfOutcome[found.outcome];
    if (unwritten === null) return code;
    if (!flags.json) reportError(unwritten, runtime.stderr, { quiet: flags.quiet, pasteable: output.hint });
    return code === 0 ? exitCodeOf(unwritten) : code;
  } finally {
    progress.end();
  }
}

function everything({ id, outcome, durationMs, message }: CheckReport): string {
  return `${id}: ${outcome} (${durationMs} ms): ${message}`;
}
