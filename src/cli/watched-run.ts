import type { OutputFlags } from '../commands/command.js';
import { asError, exitCodeOf, LogtoError } from '../errors.js';
import { interruptible } from '../flow/interruptible.js';
import { errorDocument } from '../output/error-report.js';
import { jsonFileText } from '../output/json-file.js';
import { isLogRead } from '../output/log-commands.js';
import { TextWriter } from '../output/text-writer.js';
import type { Runtime } from '../runtime.js';
import type { CommandContext } from '../session/command-context.js';
import { TraceRecorder } from '../trace/recorder.js';
import { checkLine, stepLine } from '../trace/step-line.js';
import type { Trace } from '../trace/trace.js';
import { TraceFile } from '../trace/trace-file.js';
import type { Watcher } from './machine-runtime.js';
import { version } from './version.js';

/** Milliseconds for a command that has something to tell when it is interrupted. */
const grace = 1000;

/** Makes what a command works with, on a machine that somebody looks at. */
export type ContextOf = (watcher: Watcher) => Promise<CommandContext>;

/**
 * Runs a command's work with somebody who looks on: a line for each step with `--verbose`, the whole trace at the end
 * with `--trace`, also when it fails or is interrupted. A trace ends where the command hands over to another program.
 *
 * @throws LogtoError `config_invalid` before the work begins, for a file that cannot be written; `interrupted`; and
 * whatever the work throws
 */
export async function watchedRun(
  { trace, verbose }: OutputFlags,
  command: string,
  contextOf: ContextOf,
  work: (context: CommandContext) => Promise<number | undefined>,
): Promise<number | undefined> {
  const file = typeof trace === 'string' ? await TraceFile.prepare(trace) : null;
  let tell = (_line: string) => {};
  const recorder = new TraceRecorder({
    now: Date.now,
    elapsed: () => performance.now(),
    onStep: (step) => tell(stepLine(step)),
    onCheck: (check) => tell(checkLine(check)),
  });
  let handOver = () => {};
  const handedOver = new Promise<undefined>((resolve) => {
    handOver = () => resolve(undefined);
  });
  const context = await contextOf({
    watch: (fetch) => recorder.watch(fetch),
    observe: recorder.observe,
    async beforeRun() {
      if (trace === undefined) return;
      await end(null, null);
      handOver();
    },
  });
  if (verbose) tell = (line) => context.output.detail(line);
  if (trace === undefined) return work(context);
  let isWritten = false;
  try {
    const working = work(context);
    // From the hand-over on, signals are the other program's.
    await interruptible(context.runtime, () => Promise.race([working, handedOver]), grace);
    const exitCode = await working;
    await end(exitCode ?? 0, null);
    return exitCode;
  } catch (failure) {
    await end(exitCodeOf(asError(failure)), failure);
    throw failure;
  }

  async function end(exitCode: number | null, failure: unknown): Promise<void> {
    if (isWritten) return;
    isWritten = true;
    const error = failure === null ? null : errorDocument(failure, context.output.hint);
    await write(
      recorder.finish({ program: `logto-cli ${version()}`, command, exitCode, error }),
      file,
      context,
    );
  }
}

async function write(
  trace: Trace,
  file: TraceFile | null,
  { runtime, output }: CommandContext,
): Promise<void> {
  if (file === null) {
    const { stderr } = runtime;
    const { textReport } = await import('../trace/text-report.js');
    stderr.write(textReport(trace, stderr.paint, stderr.columns));
    return;
  }
  try {
    await file.replace(await textFor(file.extension, trace, runtime.environment));
    output.note(`The trace is in ${file.path}`);
  } catch (error) {
    if (!(error instanceof LogtoError)) throw error;
    // The command has done its work, or failed for a better reason.
    output.warn(`${error.message} ${error.hint}`);
  }
}

async function textFor(
  extension: string,
  trace: Trace,
  environment: Runtime['environment'],
): Promise<string> {
  if (extension === 'html' || extension === 'htm') {
    const { htmlReport } = await import('../trace/html-report.js');
    return htmlReport(trace);
  }
  if (extension === 'har') {
    const { harReport } = await import('../trace/har-report.js');
    return jsonFileText(harReport(trace), environment);
  }
  if (extension === 'json') return jsonFileText(trace, environment);
  let text = '';
  const writer = new TextWriter(
    (written) => {
      text += written;
    },
    {
      isTerminal: false,
      hasColors: false,
      columns: 100,
      hasMarks: true,
      isLogRead: isLogRead(environment),
    },
  );
  const { textReport } = await import('../trace/text-report.js');
  writer.write(textReport(trace, writer.paint, writer.columns));
  return text;
}
