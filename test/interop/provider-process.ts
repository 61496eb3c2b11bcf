import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** How to start a provider. */
export interface ProviderCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Beside PATH and the folder for temporary things: a provider sees nothing else of this machine's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Answers 2xx as soon as the provider runs. */
  readonly readyAt: string;
}

/** A provider in a process of its own, which ends with the process of the tests at the latest. */
export class ProviderProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #said = '';

  private constructor({ command, args, environment }: ProviderCommand) {
    this.#child = spawn(command, args, {
      env: providerEnvironment(environment),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#said = `${this.#said}${text}`.slice(-10_000);
      });
    }
    this.#ended = once(this.#child, 'close').catch((error: unknown) => {
      this.#said += String(error);
    });
    const kill = () => this.#child.kill('SIGKILL');
    process.once('exit', kill);
    this.#ended.then(() => process.off('exit', kill));
  }

  /** Starts it and waits until it answers, for 60 s at most. */
  static async start(command: ProviderCommand): Promise<ProviderProcess> {
    const started = new ProviderProcess(command);
    try {
      await started.#answers(command.readyAt);
      return started;
    } catch (error) {
      await started.stop();
      throw error;
    }
  }

  async #answers(url: string): Promise<void> {
    for (const end = Date.now() + 60_000; Date.now() < end; await delay(50)) {
      if (this.#child.exitCode !== null || this.#child.pid === undefined) break;
      const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => null);
      if (answer?.ok) return;
    }
    throw new Error(`${this.#child.spawnfile} does not answer at ${url}:\n${this.#said}`);
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

/** What a provider, or a program that prepares it, sees of this machine's environment. */
export function providerEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR = tmpdir() } = process.env;
  return { PATH, HOME, TMPDIR, ...more };
}

/** A folder for a provider's configuration, database and keys. */
export function providerFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'logto-cli-interop-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}
