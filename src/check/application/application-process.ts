import { LogtoError } from '../../errors.js';

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
  /** Whether something answers there, whatever it says. */
  readonly isAnswered: () => Promise<boolean>;
  /** Milliseconds to wait for that. */
  readonly timeLimit: number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Milliseconds between two looks at an application that does not answer yet. */
const lookEvery = 50;

/** Milliseconds in which we hear of the end of a program that answers no more. */
const deathLimit = 2000;

/** The application's own process: started, watched, started again, and ended with everything that it started. */
export class ApplicationProcess {
  #program: StartedProgram | null = null;
  /** How it has ended, where nobody asked it to. */
  #death: string | null = null;
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
    this.#death ??= 'it no longer answers';
    return true;
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
      if (this.#program === program) this.#death = how;
    });
    const deadline = performance.now() + timeLimit;
    while (!(await isAnswered())) {
      signal.throwIfAborted();
      if (this.#death !== null) throw this.#notStarted(`It ended before it answered (${this.#death}).`);
      if (performance.now() > deadline) {
        throw this.#notStarted(`Nothing answers there within ${timeLimit / 1000} s.`);
      }
      await sleep(lookEvery, signal);
    }
  }

  #notStarted(what: string): LogtoError {
    const printed = this.printed();
    return new LogtoError(
      'app_not_started',
      `The application at ${this.options.url} was not there to be tested. ${what}`,
      'Start it by hand with the same variables, look at what it prints, and check that it listens at that address.',
      { url: this.options.url, ...(printed && { printed }) },
    );
  }
}

function alreadyThere(url: string): LogtoError {
  return new LogtoError(
    'app_not_started',
    `Something answers at ${url} before the application was started: another program would be tested in its place.`,
    'End what listens there, or leave out the command behind -- and test that one.',
    { url },
  );
}
