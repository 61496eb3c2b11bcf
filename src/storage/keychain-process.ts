import type { ChildProcessByStdio } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { keychainError, keychainSilent } from './keychain-error.js';
import { isMachineBusy } from './machine-load.js';
import { SecretService } from './secret-service.js';

/** One call of the keychain. */
export interface KeychainRequest {
  readonly operation: 'get' | 'set' | 'delete';
  readonly service: string;
  readonly account: string;
  readonly value?: string;
}

/** How much silence of the keychain is borne, and who is told when it takes long. */
export interface KeychainPatience {
  /** Milliseconds, not counting those in which the machine was too busy to let anybody answer, up to 30,000. */
  readonly limit: number;
  readonly onSlow?: () => void;
}

/** A keychain asks a person for something when it takes so long, in milliseconds. */
const slowAfter = 1_500;

/** Loading a program takes a moment on a busy machine. That is not the keychain's silence. */
const startLimit = 30_000;

/** How often, in milliseconds, the silence is measured, and how much of it the machine can be blamed for. */
const measureEvery = 200;
const excusable = 30_000;

/** A program that keeps a storage for long need not keep a process for it: it ends after so many idle milliseconds. */
const idleLimit = 60_000;

/** What a program that talks to a keychain needs of the environment. Nothing else is handed on. */
const needed =
  /^(PATH|HOME|USER|LOGNAME|USERNAME|USERPROFILE|USERDOMAIN|LANG|LC_.*|XDG_.*|DBUS_.*|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|GNOME_KEYRING_CONTROL|SECURITYSESSIONID|__CF_USER_TEXT_ENCODING|LD_LIBRARY_PATH|SYSTEMROOT|WINDIR|SYSTEMDRIVE|APPDATA|LOCALAPPDATA|PROGRAMDATA|TEMP|TMP|TMPDIR)$/i;

/** What a deleted item says until it is gone; nobody else's value. */
const tombstone = 'logto-cli:deleted:0b6f4f0e-9a53-4c1f-8d7e-5c2a41d0e6b9';

/** How long the keychain may take to answer directly before the child asks it, in milliseconds. */
const directLimit = 500;

/**
 * Calls the keychain, one call after the other. What is read first is asked of the keychain directly, where that can
 * be; all else is done by a child process. That never keeps this process alive, and ends when it has been idle for a
 * while or with this process.
 */
export class KeychainProcess {
  readonly #environment: Readonly<Record<string, string | undefined>>;
  #child: Child | null = null;
  #secrets: SecretService | null = null;
  #hasRead = false;
  #turn: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  /** @param environment what the child needs, and where the keychain is found, is taken from here */
  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#environment = environment;
  }

  /**
   * Connects to the keychain or starts the child before the first call, so that it is answered sooner: to agree upon a
   * key takes the keychain some milliseconds, too.
   *
   * @param willWrite it will need the child
   */
  async start(willWrite: boolean): Promise<void> {
    if (!willWrite) this.#secrets = SecretService.connect(this.#environment);
    if (this.#secrets === null) this.#startChild();
    else await this.#secrets.begun;
  }

  /**
   * The value that `get` found, else `null`.
   *
   * @throws LogtoError `storage_unavailable`, `storage_locked`, `storage_failed`
   */
  call(request: KeychainRequest, patience: KeychainPatience): Promise<string | null> {
    const answer = this.#turn.then(() => this.#call(request, patience));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #call(request: KeychainRequest, patience: KeychainPatience): Promise<string | null> {
    const found =
      (await this.#readDirectly(request, patience)) ??
      (await this.#ask(
        request.operation === 'delete' ? { ...request, value: tombstone } : request,
        patience,
      ));
    return found === tombstone ? null : found;
  }

  /** `null` where it is for the child to tell. */
  async #readDirectly(
    { operation, service, account }: KeychainRequest,
    { limit }: KeychainPatience,
  ): Promise<string | null> {
    if (operation !== 'get' || this.#child !== null) return null;
    // Who reads again is about to write, or stays for longer than the start of a process matters.
    if (this.#hasRead) this.#startChild();
    this.#hasRead = true;
    // One connection, which stays: see there what may end the keychain.
    this.#secrets ??= SecretService.connect(this.#environment);
    return (await this.#secrets?.read(service, account, Math.min(limit, directLimit))) ?? null;
  }

  async #ask(request: KeychainRequest, patience: KeychainPatience): Promise<string | null> {
    clearTimeout(this.#idle);
    try {
      const child = this.#startChild();
      await child.ready;
      const found = await child.exchange(request, patience);
      this.#idle = setTimeout(() => {
        this.#secrets?.close();
        this.#child?.kill();
        this.#child = null;
      }, idleLimit).unref();
      return found;
    } catch (error) {
      // A connection to the keychain service that has failed once stays broken for the life of its process.
      this.#child?.kill();
      this.#child = null;
      throw error;
    }
  }

  #startChild(): Child {
    this.#child ??= new Child(this.#environment);
    return this.#child;
  }
}

interface Answer {
  readonly value?: string | null;
  readonly error?: string;
  readonly isWorking?: boolean;
}

class Child {
  /** Resolves when there is a keychain to ask. */
  readonly ready: Promise<unknown>;
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  #received = '';
  #take: ((line: string) => void) | null = null;
  #fail: ((said: string) => void) | null = null;
  #ended: string | null = null;

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    const script = fileURLToPath(new URL('./keychain-child.cjs', import.meta.url));
    const env = Object.fromEntries(Object.entries(environment).filter(([name]) => needed.test(name)));
    const { spawn } = process.getBuiltinModule('node:child_process');
    this.#process = spawn(process.execPath, [script], {
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    });
    this.#process.unref();
    (this.#process.stdin as Socket).unref();
    (this.#process.stdout as Socket).unref();
    this.#process.stdin.on('error', () => {}); // the child has ended, which `close` tells
    this.#process.stdout.setEncoding('utf8').on('data', (text: string) => this.#receive(text));
    this.#process.on('error', (error) => this.#end(`its process did not start: ${error.message}`));
    // Not `exit`: the last words are still to be read then.
    this.#process.on('close', (code, signal) => this.#end(`its process ended by itself (${signal ?? code})`));
    this.ready = this.exchange(null, { limit: startLimit });
    // Nobody may ever ask for it.
    this.ready.catch(() => {});
  }

  /** Sends a request, or nothing, and waits for the next answer. */
  async exchange(request: KeychainRequest | null, patience: KeychainPatience): Promise<string | null> {
    const slow = patience.onSlow && setTimeout(patience.onSlow, slowAfter);
    const stdout = this.#process.stdout as Socket;
    stdout.ref();
    let clock: NodeJS.Timeout | undefined;
    try {
      const answer = await new Promise<Answer>((resolve, reject) => {
        let silence = new Silence();
        this.#take = (line) => {
          const answer = JSON.parse(line) as Answer;
          if (answer.isWorking) silence = new Silence();
          else resolve(answer);
        };
        this.#fail = (said) => reject(keychainError(said));
        if (this.#ended !== null) this.#fail(this.#ended);
        clock = setInterval(() => {
          if (silence.measure() >= patience.limit) reject(keychainSilent(patience.limit));
        }, measureEvery);
        if (request !== null) this.#process.stdin.write(`${JSON.stringify(request)}\n`);
      });
      if (answer.error !== undefined) throw keychainError(answer.error);
      return answer.value ?? null;
    } finally {
      clearTimeout(slow);
      clearInterval(clock);
      stdout.unref();
    }
  }

  kill(): void {
    this.#process.kill('SIGKILL');
    this.#process.stdin.destroy();
    this.#process.stdout.destroy();
  }

  #receive(text: string): void {
    const lines = (this.#received + text).split('\n');
    this.#received = lines.pop() ?? '';
    for (const line of lines) this.#take?.(line);
  }

  #end(said: string): void {
    this.#ended ??= said;
    this.#fail?.(said);
  }
}

/** How long somebody who should answer has been silent. */
class Silence {
  #measuredAt = performance.now();
  #total = 0;
  #excused = 0;

  /** Milliseconds so far, without those for which the machine is to blame. */
  measure(): number {
    const now = performance.now();
    const elapsed = now - this.#measuredAt;
    this.#measuredAt = now;
    if (this.#excused < excusable && isMachineBusy()) this.#excused += elapsed;
    else this.#total += elapsed;
    return this.#total;
  }
}
