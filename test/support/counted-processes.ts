import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { EventEmitter, once } from 'node:events';
import { type ProcessPlaces, takePlaces } from './process-places.js';

/** The places that a worker holds. */
interface HeldPlaces {
  readonly count: number;
  readonly giveBack: () => void;
  /** A test has taken them for all that it starts. */
  readonly isForTest: boolean;
  /** That test is over. */
  isPast: boolean;
}

/**
 * The processes that the tests of a worker start. In `npm test` each has one of the places that all workers share, and
 * one that was started without is a fault of its test; in the deep tier nobody counts. What such a process starts itself
 * goes with it.
 */
export class CountedProcesses {
  /** `null`: nobody counts. */
  #places: ProcessPlaces | null = null;
  #held: HeldPlaces | null = null;
  #isWaiting = false;
  readonly #running = new Set<ChildProcess>();
  readonly #uncounted: ChildProcess[] = [];
  readonly #changes = new EventEmitter();

  /** Begins to count every process that this worker starts, by whatever module. */
  count(places: ProcessPlaces): void {
    if (this.#places === null) {
      subscribe('child_process', (message) => this.#began((message as { process: ChildProcess }).process));
    }
    this.#places = places;
  }

  /**
   * Takes the places for all the processes that a test has at once, until it ends. It stands before the first of them:
   * who holds some and waits for more may wait for ever.
   */
  atOnce(count: number): Promise<void> {
    return this.#take(count, true);
  }

  /** Starts a process when there is a place for it. Beside another one of the same test it needs {@link atOnce}. */
  async start<Started extends object>(make: () => Started): Promise<Started> {
    if (this.#held?.isForTest !== true || this.#held.isPast) await this.#take(1, false);
    try {
      return make();
    } finally {
      this.#settle();
    }
  }

  /** Ends what a test has taken, as soon as its processes have ended too. */
  testIsOver(): void {
    if (this.#held !== null) this.#held.isPast = true;
    this.#settle();
  }

  /** The commands that were started without a place since it was last asked. */
  takeUncounted(): readonly string[] {
    return this.#uncounted.splice(0).map(({ spawnargs }) => spawnargs.join(' '));
  }

  async #take(count: number, isForTest: boolean): Promise<void> {
    if (this.#places === null) return;
    if (this.#isWaiting || this.#held?.isPast === false) {
      throw new Error('a test with several processes at once begins with: await countedProcesses.atOnce(2)');
    }
    this.#isWaiting = true;
    try {
      if (this.#held !== null) await once(this.#changes, 'settled');
      const giveBack = await takePlaces(this.#places, count);
      this.#held = { count, giveBack, isForTest, isPast: false };
    } finally {
      this.#isWaiting = false;
    }
  }

  #began(child: ChildProcess): void {
    this.#running.add(child);
    if (this.#running.size > (this.#held?.count ?? 0)) this.#uncounted.push(child);
    const ended = () => {
      this.#running.delete(child);
      this.#settle();
    };
    child.once('exit', ended);
    child.once('error', ended);
    // One that could not be started may say nothing.
    setImmediate(() => {
      if (child.pid === undefined) ended();
    });
  }

  /** Gives back what nobody needs any more. */
  #settle(): void {
    if (this.#held === null || this.#running.size > 0) return;
    if (this.#held.isForTest && !this.#held.isPast) return;
    this.#held.giveBack();
    this.#held = null;
    this.#changes.emit('settled');
  }
}

/** Those of this worker. */
export const countedProcesses = new CountedProcesses();
