import { ApplicationProcess, type StartedProgram } from '../../check/application/application-process.js';
import { LogtoError } from '../../errors.js';
import type { Fetch } from '../../network/fetch.js';
import { fitting } from '../../output/columns-of.js';
import type { CommandContext } from '../../session/command-context.js';
import { shellWord } from '../../shell-word.js';
import { lastLines } from './environment-mask.js';

/** Seconds in which an application has to answer once it is started, and in which a person has to start it. */
const startLimit = 60;
const patience = 600;
/** Milliseconds between two looks at the clock. */
const tick = 1000;

/** What starts an application, and where it is to be. */
export interface StartOptions {
  readonly url: string;
  /** The command; none where a person starts it. */
  readonly words: readonly string[];
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Seconds to wait for it. Default: 60; 600 for a person. */
  readonly timeout: number | undefined;
  /** Whether the port of the provider is another one in the next run. */
  readonly isPortFree: boolean;
  readonly isQuiet: boolean;
  readonly fetch: Fetch;
  /** A text of the application without what its environment keeps secret. */
  readonly hide: (text: string) => string;
}

/** The process of an application, which nobody has started yet. */
export function applicationProcess(
  { runtime }: Pick<CommandContext, 'runtime'>,
  { url, words, variables, timeout, fetch, hide }: StartOptions,
): ApplicationProcess {
  const { interruption: signal, sleep } = runtime;
  const [program, ...rest] = words;
  const start = async (): Promise<StartedProgram> => {
    const started = await runtime.supervise(program ?? '', rest, variables).catch(asUsageError);
    return {
      ended: started.ended,
      end: () => started.end(),
      printed: () => lastLines(hide(started.output())),
    };
  };
  return new ApplicationProcess({
    start: program === undefined ? null : start,
    url,
    isAnswered: (limit) => isAnswered(fetch, url, signal, limit),
    timeLimit: 1000 * (timeout ?? (program === undefined ? patience : startLimit)),
    sleep,
    signal,
  });
}

/**
 * Starts the application, or tells a person how to, and waits until it answers.
 *
 * @throws LogtoError `app_not_started`, `usage_invalid`, `interrupted`
 */
export async function startApplication(
  { runtime, output }: CommandContext,
  process: ApplicationProcess,
  { url, words, variables, timeout, isPortFree, isQuiet }: StartOptions,
): Promise<void> {
  const limit = timeout ?? (words.length === 0 ? patience : startLimit);
  if (words.length === 0) {
    output.note(
      `Start the application with these settings. ${url} is waited for, up to ${limit} s (Ctrl-C ends it):`,
    );
    output.note('');
    for (const [name, value] of Object.entries(variables)) {
      if (value !== undefined) output.address(`${name}=${shellWord(value)}`);
    }
    output.note('');
    if (isPortFree) output.note('The issuer is another one in each run, unless --port names its port.');
  }
  const waiting = waitingLine(runtime, isQuiet, url, limit);
  try {
    await process.start();
  } finally {
    await waiting.end();
  }
  output.detail(`The application answers at ${url}`);
}

/** A line on a terminal that says how long something has been waited for, and is gone in the end. */
function waitingLine(
  { stderr, environment, sleep }: CommandContext['runtime'],
  isQuiet: boolean,
  what: string,
  limit: number,
) {
  const over = new AbortController();
  const isShown = stderr.isTerminal && !isQuiet && environment['TERM'] !== 'dumb';
  const begun = performance.now();
  const shown = async (): Promise<void> => {
    while (isShown) {
      await sleep(tick, over.signal);
      if (over.signal.aborted) break;
      const seconds = Math.round((performance.now() - begun) / 1000);
      stderr.redraw(fitting(`Waiting ${seconds} of ${limit} s for ${what}`, stderr.columns - 1));
    }
    if (isShown) stderr.redraw('');
  };
  const ended = shown();
  return {
    end: (): Promise<void> => {
      over.abort();
      return ended;
    },
  };
}

/** Exit codes 126 and 127 are those of a command that we are run for, as `exec` is. */
function asUsageError(error: unknown): never {
  if (!(error instanceof LogtoError)) throw error;
  throw new LogtoError(error.code, error.message, error.hint);
}

/**
 * Whether somebody answers, whatever that is.
 *
 * @throws LogtoError `tls_untrusted`; the reasons of the signals
 */
async function isAnswered(
  fetch: Fetch,
  url: string,
  signal: AbortSignal,
  limit: AbortSignal = signal,
): Promise<boolean> {
  try {
    await fetch(url, { signal: AbortSignal.any([signal, limit]) });
    return true;
  } catch (error) {
    signal.throwIfAborted();
    limit.throwIfAborted();
    if (!(error instanceof LogtoError) || error.code === 'tls_untrusted') throw error;
    return error.code !== 'network_unreachable' && error.code !== 'request_timeout';
  }
}
