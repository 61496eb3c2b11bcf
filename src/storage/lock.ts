import { setTimeout as sleep } from 'node:timers/promises';
import { LogtoError } from '../errors.js';
import { currentOwner, type LockOwner, stateOf } from './lock-owner.js';
import { type OwnTicket, type Ticket, TicketQueue } from './lock-ticket.js';
import type { Lock } from './storage.js';

/** How a {@link fileLock} behaves. Times are in milliseconds. */
export interface FileLockOptions {
  /** Where the lock is: files with this name and a suffix are made while somebody waits for it or has it. */
  readonly path: string;
  /** The topmost directory on the way there that is this program's own, as those below it; default: the last one. */
  readonly top?: string;
  /** How long one living owner is waited for (45 s). */
  readonly patience?: number;
  /** An owner that gave no sign of life for so long is dead (2 s). */
  readonly deadAfter?: number;
  /**
   * Told when the lock was taken away while work ran, because this process was suspended and looked dead: what the
   * work is about to write may overwrite what the new owner wrote.
   */
  readonly onLost?: () => void;
}

/** How often a ticket of somebody else is looked at. */
const lookEvery = 250;

/** One that the system calls alive although it gives no sign of life has that many times longer. */
const benefitOfTheDoubt = 8;

/** So many at the front of the queue watch everybody before them, to find several dead at once. */
const watchful = 8;

/**
 * A lock between processes, also of several machines or containers that share the directory. It costs no helper
 * process and leaves no file behind. Whoever waits is served in the order of arrival, calls within one process too.
 *
 * A dead owner is known by its process id where that means something (same kernel, same process id namespace, same
 * time of start), else by its missing heart-beat, which each process times with its own monotonic clock.
 *
 * Why no two ever have it (Lamport's bakery, with files for its array). To hold the lock is to have a ticket, to have
 * seen no later ticket in a first reading of the directory after making it, and no earlier one in some reading since.
 * Let P with ticket p and Q with a later q both hold it. P's first reading did not show q, so q was made after that
 * reading began, hence after p. Then every reading of Q shows p, which stays until P lets go, and Q waits. All that is
 * asked of the file system is that a reading shows what is there from its beginning to its end.
 * Taking over from the dead is removing their ticket. A ticket's name is never used again, so two that do this at once
 * or too late remove nothing else, and so does an owner that wakes up and lets go of a lock it no longer has.
 *
 * @throws LogtoError `lock_timeout`, or `storage_unavailable` and `storage_failed` for the directory, before the work
 */
export function fileLock(options: FileLockOptions): Lock {
  const { path, top, patience = 45_000, deadAfter = 2_000, onLost = () => {} } = options;
  const queue = new TicketQueue(path, top);
  return async <T>(work: () => Promise<T>, served?: () => Promise<T | null>) => {
    const self = currentOwner();
    let isHeld = false;
    const noticeLoss = () => {
      if (isHeld) onLost();
      isHeld = false;
    };
    const turn = await waitForTurn(queue, self, { patience, deadAfter, onLost: noticeLoss, served });
    if ('result' in turn) return turn.result;
    const { ticket } = turn;
    isHeld = true;
    try {
      return await work();
    } finally {
      if (!(await ticket.give())) noticeLoss();
    }
  };
}

interface WaitOptions<T> extends Required<Omit<FileLockOptions, 'path' | 'top'>> {
  readonly served: (() => Promise<T | null>) | undefined;
}

/** @returns a ticket whose turn it is, or what there is without one */
async function waitForTurn<T>(
  queue: TicketQueue,
  self: LockOwner,
  { patience, deadAfter, onLost, served }: WaitOptions<T>,
): Promise<{ readonly ticket: OwnTicket } | { readonly result: T }> {
  let mine = await queue.join(self, onLost);
  try {
    const observer = new Observer(queue, self, deadAfter);
    let first = '';
    let since = 0;
    for (;;) {
      const tickets = queue.list();
      const place = tickets.findIndex(({ name }) => name === mine.name);
      const owner = tickets[0];
      if (owner === undefined || place === -1) {
        // We looked dead ourselves. What was true of the queue then is no longer.
        await mine.give();
        mine = await queue.join(self, onLost);
        continue;
      }
      if (place === 0) return { ticket: mine };
      if (owner.name !== first) {
        const result = first === '' ? null : await resultOf(served);
        if (result !== null) {
          await mine.give();
          return { result };
        }
        first = owner.name;
        since = performance.now();
      }
      // Who stands further back watches the first alone, whom all wait for: a crowd has no time to watch itself.
      const dead = observer.deadAmong(tickets.slice(0, place <= watchful ? place : 1));
      for (const ticket of dead) await queue.remove(ticket);
      if (dead.length > 0) continue;
      if (performance.now() - since > patience) throw lockTimeout(owner, self, patience);
      // The next in line looks often; the further back, the more leisurely, so that a hundred cost no more than ten.
      await sleep(Math.min(place * 10, 200) * (0.5 + Math.random()));
    }
  } catch (error) {
    await mine.give();
    throw error;
  }
}

/** What is wrong while others may write is told once it is our turn, if it still is. */
async function resultOf<T>(served: (() => Promise<T | null>) | undefined): Promise<T | null> {
  if (served === undefined) return null;
  return served().catch(() => null);
}

/** What is known of a ticket of somebody else. */
interface Observation {
  beat: number | null;
  lookedAt: number;
  /** Milliseconds without a sign of life, as far as we were awake to see them. */
  silence: number;
}

/** Watches the tickets that are ahead. */
class Observer {
  readonly #queue: TicketQueue;
  readonly #self: LockOwner;
  readonly #deadAfter: number;
  readonly #seen = new Map<string, Observation>();

  constructor(queue: TicketQueue, self: LockOwner, deadAfter: number) {
    this.#queue = queue;
    this.#self = self;
    this.#deadAfter = deadAfter;
  }

  deadAmong(tickets: readonly Ticket[]): readonly Ticket[] {
    return tickets.filter((ticket) => this.#isDead(ticket));
  }

  #isDead(ticket: Ticket): boolean {
    const now = performance.now();
    const before = this.#seen.get(ticket.name);
    if (before !== undefined && now - before.lookedAt < lookEvery) return false;
    // Whoever may wait here has this user's rights, and a stranger's file may show signs of life for ever.
    if (before === undefined && this.#queue.isForeign(ticket)) return true;
    const state = stateOf(ticket.owner, this.#self);
    if (state === 'dead') return true;
    const beat = this.#queue.beatOf(ticket);
    if (before === undefined || before.beat !== beat) {
      this.#seen.set(ticket.name, { beat, lookedAt: now, silence: 0 });
      return false;
    }
    // On a machine too busy to let us look, the owner was kept from beating as well: time that we slept is not silence.
    before.silence += Math.min(now - before.lookedAt, 2 * lookEvery);
    before.lookedAt = now;
    return before.silence >= this.#deadAfter * (state === 'alive' ? benefitOfTheDoubt : 1);
  }
}

function lockTimeout(owner: Ticket, self: LockOwner, patience: number): LogtoError {
  const { world, pid } = owner.owner;
  const isHere = world !== null && world === self.world;
  return new LogtoError(
    'lock_timeout',
    `The lock of this profile is still held after ${patience / 1000} s, by ${isHere ? `process ${pid}` : 'another process'}.`,
    `Wait until that process is done, or end it${isHere ? ` (kill ${pid})` : ''}, then try again.`,
  );
}
