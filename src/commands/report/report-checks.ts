import type { KnowableChecks } from '../../check/run/baseline-file.js';
import type { CheckReport } from '../../check/run/check.js';
import { type ChecksReport, type ChecksRun, exitCodeOfOutcome } from '../../check/run/run-checks.js';
import { type ErrorCode, exitCodeOf, LogtoError } from '../../errors.js';
import { errorDocument, reportError } from '../../output/error-report.js';
import type { Output } from '../../output/output.js';
import type { CommandContext } from '../../session/command-context.js';
import type { OutputFlags } from '../command.js';
import type { PlaceOf } from './check-place.js';
import { progressLine, type ReportPlace, withPasteableHints } from './check-report.js';
import { prepareReporters, type Reporter } from './check-reporters.js';
import type { ChecksTarget, FinishedChecks, Suite } from './finished-checks.js';
import type { BaselineFlags, JudgedRun } from './opened-baseline.js';

/** The flags that decide how checks are reported. */
export interface ReportFlags extends OutputFlags, BaselineFlags {
  readonly reporter?: readonly Reporter[];
}

/** How every run of checks is watched and ended. */
export type ChecksWatch = Pick<ChecksRun<never>, 'sleep' | 'interruption' | 'onReport' | 'onBug'>;

/** Checks that are known when somebody has looked for them. */
export interface LateChecks extends Pick<KnowableChecks, 'command'> {
  readonly find: () => Promise<KnowableChecks>;
}

/** Checks that are ready to be run, and what is particular about telling of them. */
export interface ReportedChecks {
  readonly amount: number;
  /** What is checked, for what is told of the whole. */
  readonly target?: ChecksTarget;
  /** What reports call it. Default: that of an application at its provider. */
  readonly suite?: Suite;
  /** Where a person wrote a check down. */
  readonly placeOf?: PlaceOf;
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
 * the document on stdout, and that of each reporter. With a baseline, what it knows passes. What cannot be written (a
 * report, the baseline) takes nothing along: it is told after the result, with `--json` in the same document, and decides
 * on the exit code where nothing else is wrong.
 *
 * @param knowable what a baseline may name
 * @param prepare reads what is needed, after it is sure that every report can be written and before anything is asked
 * @returns the exit code
 * @throws LogtoError `config_invalid` for a report that cannot be written from the first, and for a baseline;
 * `usage_invalid`; those of `prepare`; `interrupted`
 */
export async function reportChecks(
  context: CommandContext,
  flags: ReportFlags,
  knowable: KnowableChecks | LateChecks,
  prepare: () => ReportedChecks | Promise<ReportedChecks>,
): Promise<number> {
  const { runtime, output } = context;
  checkBaselineFlags(flags);
  const report = await prepareReporters(runtime, flags.reporter ?? []);
  const startedAt = runtime.now();
  try {
    return await runReported(context, flags, { knowable, prepare, report, startedAt });
  } catch (error) {
    // What comes too late for that is told beside what it was about.
    const seconds = (runtime.now() - startedAt) / 1000;
    const unwritten = await report(failedRun(error, knowable.command, { startedAt, seconds }, output));
    if (unwritten !== null) output.warn(unwritten.message);
    throw error;
  }
}

interface PreparedRun {
  readonly knowable: KnowableChecks | LateChecks;
  readonly prepare: () => ReportedChecks | Promise<ReportedChecks>;
  readonly report: (run: FinishedChecks) => Promise<LogtoError | null>;
  readonly startedAt: number;
}

async function runReported(
  context: CommandContext,
  flags: ReportFlags,
  { knowable, prepare, report, startedAt }: PreparedRun,
): Promise<number> {
  const { runtime, output } = context;
  const judge = await judgeOf(context, flags, knowable);
  const { amount, target, suite, placeOf, run, detail = everything, lines, appendix } = await prepare();
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
    const judged = await judge(told);
    const found = withPasteableHints(judged.report, output);
    const more = (await appendix?.(found)) ?? { document: {}, lines: [] };
    const seconds = (performance.now() - begun) / 1000;
    const finished: FinishedChecks = {
      ...found,
      startedAt,
      seconds,
      ...(target && { target }),
      ...(suite && { suite }),
      ...(placeOf && { placeOf }),
      ...(judged.placeOf && { baselinePlaceOf: judged.placeOf }),
    };
    progress.end();
    const unreported = await report(finished);
    const unwritten = judged.unwritten ?? unreported;
    const error = unwritten && errorDocument(unwritten, output.hint);
    const place = { paint: output.paint, columns: runtime.stdout.columns };
    const document = { ...found, ...more.document, ...(error && { error }) };
    // What nobody sees is not laid out.
    output.result(document, flags.json ? [] : [...lines(finished, place), ...more.lines]);
    judged.tell();
    const code = exitCodeOfOutcome[found.outcome];
    if (unwritten === null) return code;
    if (!flags.json) reportError(unwritten, runtime.stderr, { quiet: flags.quiet, pasteable: output.hint });
    return code === 0 ? exitCodeOf(unwritten) : code;
  } finally {
    progress.end();
  }
}

/** A run that did not come to its end, for reports: a job that only looks at them has to learn of it. */
function failedRun(
  error: unknown,
  command: string,
  times: Pick<FinishedChecks, 'startedAt' | 'seconds'>,
  { hint: told }: Output,
): FinishedChecks {
  const { code, message, hint } = errorDocument(error, told);
  const failure = {
    id: 'run.ended',
    title: 'The run comes to its end',
    outcome: 'incomplete',
    code: code as ErrorCode,
    message,
    ...(hint !== '' && { hint }),
    durationMs: 0,
  } as const;
  const suite = { name: command, subject: command, properties: {} };
  return { ...times, outcome: 'incomplete', checks: [failure], suite, failure };
}

function checkBaselineFlags({ baseline, updateBaseline }: ReportFlags): void {
  if (updateBaseline !== true || baseline !== undefined) return;
  throw new LogtoError(
    'usage_invalid',
    '--update-baseline writes the file that --baseline names, and none is named.',
    'Add --baseline <file>, or leave out --update-baseline.',
  );
}

/** What judges a run; without a baseline it is what it is. */
async function judgeOf(
  context: CommandContext,
  { baseline, updateBaseline = false }: ReportFlags,
  knowable: KnowableChecks | LateChecks,
): Promise<(found: ChecksReport) => Promise<JudgedRun>> {
  if (baseline === undefined) return async (report) => ({ report, unwritten: null, tell: () => {} });
  const { openBaseline } = await import('./opened-baseline.js');
  const checks = 'find' in knowable ? await knowable.find() : knowable;
  return openBaseline(context, baseline, updateBaseline, checks);
}

function everything({ id, outcome, durationMs, message }: CheckReport): string {
  return `${id}: ${outcome} (${durationMs} ms): ${message}`;
}
