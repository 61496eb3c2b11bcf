import type { BrowserOpener } from './browser/browser.js';
import type { FarBrowser } from './browser/browser-place.js';
import type { CallbackListener, CallbackListenerOptions } from './loopback/callback-listener.js';
import type { Fetch } from './network/fetch.js';
import type { ProviderObserver } from './oidc/provider-event.js';
import type { Typed } from './output/terminal-input.js';
import type { TextOutput } from './output/text-output.js';
import type { SupervisedProgram } from './program/supervised-program.js';
import type { Lock, Storage, StorageKind } from './storage/storage.js';

/** What a person or a pipe says to the program. */
export interface TextInput {
  readonly isTerminal: boolean;
  /** Everything up to the end of the stream, without its last line break. */
  readAll(): Promise<string>;
  /** Asks on stderr and reads one line; `hidden` does not echo it. `null` when the input ended. */
  ask(question: string, options?: { readonly hidden?: boolean }): Promise<string | null>;
  /** The lines of a pipe as they come, until the signal is aborted; they do not keep the process alive. */
  lines(signal: AbortSignal): AsyncIterable<string>;
  /**
   * Takes what is typed or pasted at the terminal, unseen, until the signal is aborted; the terminal is then as it was.
   * Ctrl-C, Ctrl-Z and Ctrl-\\ are what they are everywhere else. Takes nothing in the background.
   */
  keys(listener: KeyListener, signal: AbortSignal): void;
}

/** Who hears what is typed. */
export interface KeyListener {
  onTyped(typed: Typed): void;
  /** The program is about to be stopped (Ctrl-Z), or taken to the background. */
  onSuspend(): void;
  /** It goes on, in the foreground. */
  onResume(): void;
}

/** The directories of this machine that the program writes to; `LOGTO_CLI_HOME` replaces them all. */
export interface Directories {
  /** `config.json`: profiles, nothing secret. */
  readonly config: string;
  /** File storage, one folder a profile. */
  readonly sessions: string;
  /** Locks between processes. */
  readonly locks: string;
  /** What can be fetched or compiled again. */
  readonly cache: string;
}

/**
 * Every side effect of the program, in one value: built for this machine in one file (`cli/machine-runtime.ts`) and
 * replaced whole in tests. Nothing else in `commands` or `flow` touches the outside world.
 */
export interface Runtime {
  /** The environment as it was at the start. Our secret variables are gone from `process.env` itself by then. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Of this program. */
  readonly version: string;
  readonly directories: Directories;
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  readonly stdin: TextInput;
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after that many milliseconds, or at once when the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Aborted, with a `LogtoError` `interrupted` as its reason, when the person or the system ends the program. */
  readonly interruption: AbortSignal;
  /** Back-channel requests; `caFile` is an extra trusted CA, `timeout` milliseconds for each instead of the usual 10 s, `maxBytes` instead of 1 MB. */
  fetch(options: {
    readonly caFile?: string;
    readonly timeout?: number;
    readonly maxBytes?: number;
  }): Promise<Fetch>;
  /** Is told what the protocol does beside requests; absent where nobody looks on. Clients are given it. */
  readonly observe?: ProviderObserver | undefined;
  /** Opens the profile's storage. Does not prove it usable. */
  storage(kind: StorageKind, profile: string): Promise<Storage>;
  /** Where providers' discovery documents and keys are kept for a day. */
  cache(): Promise<Storage>;
  /** The lock under which a profile's record is written: one of this process where no other sees the storage. */
  lock(profile: string, kind?: StorageKind): Lock;
  /**
   * Runs a command to its end on our own streams, and passes signals on to it. It gets the environment without our
   * secret variables, and `additions`.
   *
   * @returns its exit code, or 128 and the number of the signal that ended it
   * @throws LogtoError `usage_invalid` when it is not found or cannot be started (exit codes 127 and 126)
   */
  run(command: string, args: readonly string[], additions: Readonly<Record<string, string>>): Promise<number>;
  /**
   * Starts a command that runs beside us and ends with us, however we end. It gets the environment without our secret
   * variables, and `additions`, without those that are `undefined` there; nothing of what it prints is shown.
   *
   * @throws LogtoError `usage_invalid` when it is not found (exit code 127)
   */
  supervise(
    command: string,
    args: readonly string[],
    additions: Readonly<Record<string, string | undefined>>,
  ): Promise<SupervisedProgram>;
  readonly browser: BrowserOpener;
  /** Why people's browser is likely to be on another machine than this program; `null` where nothing says so. */
  farBrowser(): Promise<FarBrowser | null>;
  /**
   * Puts a text into the clipboard of this machine by one of its programs, which gets it on its standard input.
   *
   * @returns the program's name; `null` where there is none, or it failed
   */
  copy(text: string): Promise<string | null>;
  listen(options: CallbackListenerOptions): Promise<CallbackListener>;
}
