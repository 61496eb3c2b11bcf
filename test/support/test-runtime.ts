import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LogtoError } from '../../src/errors.js';
import { listenForCallback } from '../../src/loopback/listen-for-callback.js';
import { createFetch } from '../../src/network/create-fetch.js';
import { isLogRead } from '../../src/output/log-commands.js';
import { TextWriter, type WriterPlace } from '../../src/output/text-writer.js';
import type { KeyListener, Runtime, TextInput } from '../../src/runtime.js';
import { FileStorage } from '../../src/storage/file-storage.js';
import { fileLock } from '../../src/storage/lock.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import type { Storage, StorageKind } from '../../src/storage/storage.js';

/** What a test decides about its machine. */
export interface TestMachine {
  /** A directory of the test's own: configuration, sessions and locks are in it. */
  readonly home: string;
  readonly environment?: Runtime['environment'];
  /** No browser at all by default. */
  readonly browser?: Runtime['browser'];
  readonly isTerminal?: boolean;
  /** What the person answers, question by question; then the input has ended. */
  readonly answers?: readonly string[];
  /** What comes through a pipe. */
  readonly input?: string;
  readonly sleep?: Runtime['sleep'];
  readonly interruption?: AbortSignal;
  /** Why the browser is elsewhere. */
  readonly farBrowser?: Awaited<ReturnType<Runtime['farBrowser']>>;
  /** Is handed whoever listens to the keyboard. */
  readonly onKeys?: (listener: KeyListener, signal: AbortSignal) => void;
  /** Lines of standard input, as they come. */
  readonly lines?: AsyncIterable<string>;
  readonly copy?: Runtime['copy'];
  readonly now?: () => number;
  /** Instead of an empty keychain that works. */
  readonly keychain?: Storage;
}

/** A machine without a display: real network, listener, files and locks; its keychain is in memory. */
export interface TestRuntime extends Runtime {
  readonly stdout: Recorder;
  readonly stderr: Recorder;
  /** What was asked. */
  readonly questions: readonly string[];
  /** Storages that were opened, as `kind profile`. */
  readonly opened: readonly string[];
}

/** What a test decides about an output. */
export type RecorderPlace = Partial<WriterPlace>;

/** An output that keeps what is written to it: the program's own writer on no stream. */
export class Recorder extends TextWriter {
  readonly #written: string[];

  constructor(isTerminal = false, place: RecorderPlace = {}) {
    const written: string[] = [];
    super((text) => void written.push(text), {
      isTerminal,
      hasColors: false,
      columns: 80,
      hasMarks: true,
      isLogRead: false,
      ...place,
    });
    this.#written = written;
  }

  get text(): string {
    return this.#written.join('');
  }

  /** Forgets what was written. */
  clear(): void {
    this.#written.length = 0;
  }

  get lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }
}

/** These lines as they are written. */
export function writtenLines(lines: readonly string[]): string[] {
  const output = new Recorder();
  output.write(lines);
  return output.lines;
}

/** Makes the runtime of a test. */
export function testRuntime(machine: TestMachine): TestRuntime {
  const { home, environment = {}, isTerminal = false } = machine;
  const directories = {
    config: home,
    sessions: join(home, 'sessions'),
    locks: join(home, 'locks'),
    cache: join(home, 'cache'),
  };
  const keychains = new Map<string, Storage>();
  const questions: string[] = [];
  const opened: string[] = [];
  const answers = [...(machine.answers ?? [])];
  const stdin: TextInput = {
    isTerminal,
    readAll: async () => machine.input ?? '',
    async *lines() {
      yield* machine.lines ?? [];
    },
    keys: (listener, signal) => machine.onKeys?.(listener, signal),
    async ask(question) {
      questions.push(question);
      return answers.shift() ?? null;
    },
  };
  const open = (kind: StorageKind, profile: string): Storage => {
    if (kind === 'file')
      return new FileStorage({ directory: join(directories.sessions, profile), top: home });
    if (kind === 'memory') return new MemoryStorage();
    if (machine.keychain) return machine.keychain;
    const known = keychains.get(profile) ?? new MemoryStorage();
    keychains.set(profile, known);
    return known;
  };
  return {
    environment,
    platform: 'linux',
    version: '0.0.0',
    directories,
    stdout: new Recorder(isTerminal, { isLogRead: isLogRead(environment) }),
    stderr: new Recorder(isTerminal, { isLogRead: isLogRead(environment) }),
    stdin,
    questions,
    opened,
    now: machine.now ?? Date.now,
    sleep: machine.sleep ?? sleep,
    interruption: machine.interruption ?? new AbortController().signal,
    supervise: () => {
      throw new Error('no test of this runtime starts programs');
    },
    fetch: ({ caFile, timeout }) =>
      createFetch({
        environment,
        ...(caFile !== undefined && { caFile }),
        ...(timeout !== undefined && { timeout }),
      }),
    async storage(kind, profile) {
      opened.push(`${kind} ${profile}`);
      return open(kind, profile);
    },
    cache: async () => new FileStorage({ directory: join(directories.cache, 'providers'), top: home }),
    run: () => Promise.reject(new Error('nothing is to be started')),
    lock: (profile) => fileLock({ path: join(directories.locks, `${profile}.lock`), top: home }),
    farBrowser: async () => machine.farBrowser ?? null,
    copy: machine.copy ?? (async () => null),
    browser: machine.browser ?? { available: () => false, open: async () => false },
    listen: listenForCallback,
  };
}

/** The reason of an interruption, as this machine's signals give it. */
export function interruption(): LogtoError {
  return new LogtoError('interrupted', 'Interrupted.', 'Run it again.', { signal: 'SIGINT' });
}

/** A wait that lasts until this is aborted, however long it was meant to be: a person's patience in a test's hands. */
export function patienceUntil(over: AbortSignal): Runtime['sleep'] {
  return () =>
    new Promise((resolve) => {
      if (over.aborted) resolve();
      over.addEventListener('abort', () => resolve(), { once: true });
    });
}

async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  // A test that has ended is not kept alive by a wait that nobody ended.
  await delay(milliseconds, undefined, { ref: false, ...(signal && { signal }) }).catch(() => {});
}
