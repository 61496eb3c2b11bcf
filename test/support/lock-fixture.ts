import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countedProcesses } from './counted-processes.js';
import { type LockWork, startLockProcess } from './lock-process.js';
import { firstLine } from './storage-process.js';

/** A lock in a folder of its own, and processes that want it. */
export class LockFixture {
  readonly folder = mkdtempSync(join(tmpdir(), 'logto-cli-lock-'));
  readonly path = join(this.folder, 'locks', 'default.lock');
  /** A number, and who came and went, for processes that count. */
  readonly counter = join(this.folder, 'counter');
  readonly log = join(this.folder, 'log');
  readonly #started: ChildProcess[] = [];

  constructor() {
    writeFileSync(this.counter, '0');
    writeFileSync(this.log, '');
  }

  /** Ends every process and removes the folder. */
  remove(): void {
    for (const child of this.#started) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What is in the folder of the lock. */
  files(): string[] {
    const locks = join(this.folder, 'locks');
    return existsSync(locks) ? readdirSync(locks) : [];
  }

  /** A process that holds the lock, or will when its turn comes, until its stdin ends. */
  startWaiter() {
    return this.#start({ work: 'hold', options: { path: this.path } });
  }

  /** A process that holds the lock already. */
  async startHolder() {
    const child = await countedProcesses.start(() => this.startWaiter());
    const line = await firstLine(child);
    if (line !== 'held') throw new Error(line);
    return child;
  }

  /** A process that adds to the counter so many times. */
  startCounter(times: number) {
    const { path, counter, log } = this;
    return this.#start({ work: 'count', options: { path }, times, counter, log });
  }

  /** How far they have counted. */
  count(): number {
    return Number(readFileSync(this.counter, 'utf8'));
  }

  /** The file of a ticket of somebody in another container, or on another machine. */
  foreignTicket(number = 1): string {
    return `${this.path}.${number}.00000000-0000-4000-8000-000000000000.ffffffffffff.${process.pid}.1`;
  }

  #start(work: LockWork) {
    const child = startLockProcess(work);
    this.#started.push(child);
    return child;
  }
}

/** Everything that a process writes from now on, line by line. */
export function wordsOf(child: ChildProcess): readonly string[] {
  const words: string[] = [];
  child.stdout?.on('data', (text: Buffer) => words.push(...String(text).trim().split('\n')));
  return words;
}

/** How many milliseconds something takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
