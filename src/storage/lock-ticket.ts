import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  unlinkSync,
  utimesSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { despiteBusyFile } from './busy-file.js';
import { fileError, systemCode } from './file-error.js';
import type { LockOwner } from './lock-owner.js';
import { believeDirectories, directoriesFrom, makeDirectories } from './ownership.js';
import { ownershipFault } from './ownership-fault.js';

/** How often, in milliseconds, who waits or holds shows that it lives. */
const beatEvery = 500;

/** A place in the queue: an empty file whose name says everything. */
export interface Ticket {
  readonly name: string;
  readonly number: number;
  readonly owner: LockOwner;
}

/** A ticket of this process, which shows that it lives until it is returned. */
export interface OwnTicket extends Ticket {
  /** Gives the place up. `false`: somebody had already taken it away, believing us dead. */
  give(): Promise<boolean>;
}

/**
 * The queue before a lock: files beside the lock's path, `<path>.<number>.<token>.<world>.<pid>.<start>`.
 *
 * A name is used once and never again, so that removing a file, however late, hits only the ticket that was meant.
 */
export class TicketQueue {
  readonly #folder: string;
  readonly #prefix: string;
  /** What has to be this user's own, from the top. */
  readonly #directories: readonly string[];

  /**
   * @param path of the lock
   * @param top the topmost directory on the way there that is this program's own; default: the last one
   */
  constructor(path: string, top = dirname(path)) {
    this.#folder = dirname(path);
    this.#directories = directoriesFrom(top, this.#folder);
    this.#prefix = `${basename(path)}.`;
  }

  /**
   * Everybody in the queue, who comes first first.
   *
   * @throws LogtoError `storage_unavailable`, `storage_failed`
   */
  list(): readonly Ticket[] {
    let names: string[];
    try {
      // Others could put tickets there that nobody ever gives up.
      names = believeDirectories(this.#directories) ? readdirSync(this.#folder) : [];
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw fileError(error, `read the directory ${this.#folder}`);
    }
    return names
      .flatMap((name) => this.#parse(name) ?? [])
      .sort((left, right) => (precedes(left, right) ? -1 : 1));
  }

  /**
   * Joins the queue behind everybody who is in it.
   *
   * @throws LogtoError `storage_unavailable`, `storage_failed`
   */
  async join(owner: LockOwner, onLost: () => void): Promise<OwnTicket> {
    for (;;) {
      const last = this.list().at(-1);
      const ticket = this.#create((last?.number ?? 0) + 1, owner);
      // Somebody who read the queue before this ticket was in it may have passed already: see `fileLock`.
      const queue = this.list();
      if (!queue.some((other) => precedes(ticket, other))) return this.#keepAlive(ticket, onLost);
      await this.remove(ticket);
    }
  }

  /**
   * Removes a ticket. Whoever does so may look at the queue again at once, and on a file system that still shows what is
   * gone would do nothing else for as long: others of this process have their turn first.
   *
   * @returns `false`: it was not there any more
   */
  async remove(ticket: Ticket): Promise<boolean> {
    try {
      await despiteBusyFile(() => unlinkSync(this.pathOf(ticket)));
      return true;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return false;
      throw fileError(error, `remove ${this.pathOf(ticket)}`);
    } finally {
      await setImmediate();
    }
  }

  /** Whether another user has put it there, before this directory was closed to them. */
  isForeign(ticket: Ticket): boolean {
    try {
      return ownershipFault(lstatSync(this.pathOf(ticket))) === 'foreign';
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return false;
      throw fileError(error, `read ${this.pathOf(ticket)}`);
    }
  }

  /** Something that changes whenever the ticket's owner shows that it lives; `null`: the ticket is gone. */
  beatOf(ticket: Ticket): number | null {
    try {
      // Opened first: a network file system may answer a mere stat from what it remembers.
      const file = openSync(this.pathOf(ticket), constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        return fstatSync(file).mtimeMs;
      } finally {
        closeSync(file);
      }
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return null;
      // On Windows a file that is being removed cannot be opened. Nothing is known, so nothing has changed.
      if (process.platform === 'win32' && systemCode(error) === 'EPERM') return 0;
      throw fileError(error, `read ${this.pathOf(ticket)}`);
    }
  }

  /** Where a ticket's file is. */
  pathOf(ticket: Ticket): string {
    return join(this.#folder, ticket.name);
  }

  #create(number: number, owner: LockOwner): Ticket {
    const name = `${this.#prefix}${number}.${randomUUID()}.${owner.world ?? 'x'}.${owner.pid}.${owner.start}`;
    const ticket = { name, number, owner };
    try {
      makeDirectories(this.#directories);
      closeSync(openSync(this.pathOf(ticket), 'wx', 0o600));
      return ticket;
    } catch (error) {
      throw fileError(error, `write a lock in ${this.#folder}`);
    }
  }

  #keepAlive(ticket: Ticket, onLost: () => void): OwnTicket {
    const path = this.pathOf(ticket);
    const beat = setInterval(() => {
      const now = new Date();
      try {
        utimesSync(path, now, now);
      } catch (error) {
        // Any other failure is for the others to notice: to them we look dead.
        if (systemCode(error) !== 'ENOENT') return;
        clearInterval(beat);
        onLost();
      }
    }, beatEvery);
    beat.unref();
    return {
      ...ticket,
      give: async () => {
        clearInterval(beat);
        return await this.remove(ticket);
      },
    };
  }

  #parse(name: string): Ticket | null {
    if (!name.startsWith(this.#prefix)) return null;
    const match = /^(\d{1,12})\.[\da-f-]{36}\.([\da-f]{12}|x)\.(\d+)\.(\d+)$/.exec(
      name.slice(this.#prefix.length),
    );
    if (match === null) return null;
    const [, number, world, pid, start = ''] = match;
    return {
      name,
      number: Number(number),
      owner: { world: world === 'x' ? null : (world ?? null), pid: Number(pid), start },
    };
  }
}

/** Whether the first ticket comes before the second. No two are equal. */
function precedes(left: Ticket, right: Ticket): boolean {
  return left.number < right.number || (left.number === right.number && left.name < right.name);
}
