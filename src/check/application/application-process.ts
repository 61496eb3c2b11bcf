import { LogtoError } from '../../errors.js';
import { printedPort } from './printed-port.js';

/** A program that was started for us, and ends with us. */
export interface StartedProgram {
  /** Resolves when it has ended, with how: `exit code 1`, `signal SIGSEGV`. */
  readonly ended: Promise<string>;
  /** What it printed last, line by line, without secrets. */
  printed(): readonly string[];
  /** Ends it and whatever it started. */
  end(): Promise<void>;
}

/** How an application is started, and how it is known to be there. */
export interface ApplicationStart {
  /** `null` where a person starts it. */
  readonly start: (() => Promise<StartedProgram>) | null;
  readonly url: string;
  /** Whether something answers there, whatever it says; rejects where the signal ends it. */
  readonly isAnswered: (signal?: AbortSignal) => Promise<boolean>;
  /** Milliseconds to wait for that. */
  readonly timeLimit: number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** How one has ended that is there, and answers nobody. */
export const noAnswer = 'it no longer answers';

/** Milliseconds between two looks at an application that does not answer yet. */
const lookEvery = 50;
/** Milliseconds for the last of them. */
const lastLook = 1000;
/** Milliseconds in which we hear of the end of a program that answers no more. */
const deathLimit = 2000;

/** The application's own process: started, watched, started again, and ended with everything that it started. */
export class ApplicationProcess {
  #program: StartedProgram | null = null;
  /** How it has ended, where nobody asked it to. */
  #death: string | null = null;
  #deaths = 0;
  #printed: readonly string[] = [];

  constructor(private readonly options: ApplicationStart) {}

  /** Whether it can be started from here. */
  get isOurs(): boolean {
    return this.options.start !== null;
  }

  /** Whether it has ended by itself. */
  hasDied(): boolean {
    return this.#death !== null;
  }

  /** How it ended, in words: `exit code 1`. */
  death(): string | null {
    return this.#death;
  }

  /**
   * Looks whether it is still there: one that has ended is told of a little later, and one that answers nobody any more is
   * as good as ended.
   */
  async isGone(): Promise<boolean> {
    if (this.#death !== null) return true;
    if (await this.options.isAnswered()) return false;
    const { sleep, signal } = this.options;
    const program = this.#program;
    if (program !== null) await Promise.race([program.ended, sleep(deathLimit, signal)]);
    this.#die(noAnswer);
    return true;
  }

  /** How often it has ended by itself, or stopped to answer: somebody may have started it again since. */
  get deaths(): number {
    return this.#deaths;
  }

  #die(how: string): void {
    if (this.#death === null) this.#deaths += 1;
    this.#death ??= how;
  }

  /** What it printed last, line by line, without secrets; `undefined` where that is nothing. */
  printed(): readonly string[] | undefined {
    const lines = this.#program?.printed() ?? this.#printed;
    return lines.length === 0 ? undefined : lines;
  }

  /**
   * Starts it, and waits until it answers; or waits for one that somebody else starts.
   *
   * @throws LogtoError `app_not_started`; the reason of the signal
   */
  async start(): Promise<void> {
    const { start, url, isAnswered } = this.options;
    if (start !== null && (await isAnswered())) throw alreadyThere(url);
    await this.#begin();
  }

  /**
   * Ends it, and starts it anew.
   *
   * @returns false where it was not started from here
   * @throws LogtoError as {@link start}
   */
  async restart(): Promise<boolean> {
    if (!this.isOurs) return false;
    await this.end();
    await this.#begin();
    return true;
  }

  /**
   * Gives it some time.
   *
   * @throws the reason of the signal
   */
  async wait(milliseconds: number): Promise<void> {
    const { sleep, signal } = this.options;
    await sleep(milliseconds, signal);
    signal.throwIfAborted();
  }

  /** Ends it with everything that it started. */
  async end(): Promise<void> {
    const program = this.#program;
    this.#program = null;
    if (program === null) return;
    await program.end();
    this.#printed = program.printed();
  }

  async #begin(): Promise<void> {
    const { start, isAnswered, sleep, signal, timeLimit } = this.options;
    const program = (await start?.()) ?? null;
    this.#program = program;
    this.#death = null;
    program?.ended.then((how) => {
      if (this.#program === program) this.#die(how);
    });
    const over = new AbortController();
    const late = sleep(timeLimit, over.signal).then(() => over.abort());
    try {
      while (!over.signal.aborted) {
        if ((await endedBy(over.signal, isAnswered)) === true) return;
        signal.throwIfAborted();
        if (this.#death !== null) throw this.#endedEarly(this.#death);
        await Promise.race([sleep(lookEvery, signal), late]);
      }
    } finally {
      over.abort();
    }
    // A closed port says no at once.
    const last = await endedBy(AbortSignal.timeout(lastLook), isAnswered);
    signal.throwIfAborted();
    if (last === true) return;
    const what =
      last === null ? 'Something takes connections there, and answers none' : 'Nothing listens there';
    throw this.#notStarted(`${what} within ${timeLimit / 1000} s.`);
  }

  #endedEarly(death: string): LogtoError {
    return this.#notStarted(
      `It ended before it answered (${death}).`,
      death === 'exit code 0'
        ? 'Give a command that runs for as long as the application does: one that leaves it in the background cannot be watched, nor ended.'
        : 'Look at what it printed: a setting may be missing, which --env NAME=text gives, or something else that it needs to start.',
    );
  }

  #notStarted(what: string, hint?: string): LogtoError {
    const { url } = this.options;
    const printed = this.printed();
    const port = hint === undefined ? printedPort(printed ?? [], portOf(url)) : null;
    const elsewhere =
      port === null
        ? 'Start it by hand with the same variables, look at what it prints, and check that it listens at that address; --timeout <seconds> gives it more time.'
        : `It printed that it listens on port ${port}: give the address of its start there, or the variable that decides on its port, such as --env PORT=${portOf(url)}.`;
    return new LogtoError(
      'app_not_started',
      `The application at ${url} was not there to be tested. ${what}`,
      hint ?? elsewhere,
      { url, ...(printed && { printed }) },
    );
  }
}

/** What a look tells; `null` where the signal ended it. */
async function endedBy(
  signal: AbortSignal,
  look: (signal: AbortSignal) => Promise<boolean>,
): Promise<boolean | null> {
  try {
    return await look(signal);
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}

function alreadyThere(url: string): LogtoError {
  return new LogtoError(
    'app_not_started',
    `Something answers at ${url} before the application was started: another program would be tested in its place.`,
    'End what listens there, or leave out the command behind -- and test that one.',
    { url },
  );
}
