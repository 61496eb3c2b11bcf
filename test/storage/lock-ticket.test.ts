import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OwnTicket, type Ticket, TicketQueue } from '../../src/storage/lock-ticket.js';

const owner = { world: null, pid: process.pid, start: '0' };

/** A queue that somebody else joins between our reading of it and our own ticket. */
class OvertakenQueue extends TicketQueue {
  #meanwhile: (() => void) | null;

  constructor(path: string, meanwhile: () => void) {
    super(path);
    this.#meanwhile = meanwhile;
  }

  override list(): readonly Ticket[] {
    const seen = super.list();
    const meanwhile = this.#meanwhile;
    this.#meanwhile = null;
    meanwhile?.();
    return seen;
  }
}

describe('TicketQueue', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'logto-cli-ticket-'));
    path = join(folder, 'default.lock');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('never lets a ticket in before one that may have passed already', async () => {
    // Both got the same number, so without a second look the order would be a toss-up.
    for (let round = 0; round < 20; round += 1) {
      const queue = new TicketQueue(path);
      const others: Promise<OwnTicket>[] = [];
      const late = new OvertakenQueue(path, () => void others.push(queue.join(owner, () => {})));
      const second = await late.join(owner, () => {});
      const [first] = await Promise.all(others);
      expect(queue.list().map(({ name }) => name)).toEqual([first?.name, second.name]);
      expect(await first?.give()).toBe(true);
      expect(await second.give()).toBe(true);
    }
  });

  it('puts who comes later behind', async () => {
    const queue = new TicketQueue(path);
    const tickets = [];
    for (let count = 0; count < 12; count += 1) tickets.push(await queue.join(owner, () => {}));
    expect(queue.list().map(({ name }) => name)).toEqual(tickets.map(({ name }) => name));
    for (const ticket of tickets) await ticket.give();
    expect(queue.list()).toEqual([]);
  });

  it('tells an owner that its ticket was taken away', async () => {
    const queue = new TicketQueue(path);
    let isLost = false;
    const ticket = await queue.join(owner, () => {
      isLost = true;
    });
    expect(await queue.remove(ticket)).toBe(true);
    await expect.poll(() => isLost, { timeout: 20_000 }).toBe(true);
    expect(await ticket.give()).toBe(false);
  });

  it('lets others of this process have their turn whenever it removes a ticket, and be it gone', async () => {
    const queue = new TicketQueue(path);
    const ticket = await queue.join(owner, () => {});
    for (const isThere of [true, false]) {
      let hadTurn = false;
      setImmediate(() => {
        hadTurn = true;
      });
      expect(await queue.remove(ticket)).toBe(isThere);
      expect(hadTurn).toBe(true);
    }
    await ticket.give();
  });

  it('reads names back as they were written, and nothing else', async () => {
    const queue = new TicketQueue(path);
    const ticket = await queue.join({ world: '0123456789ab', pid: 42, start: '7' }, () => {});
    const other = await new TicketQueue(`${path}.2`).join(owner, () => {});
    expect(queue.list()).toEqual([
      { name: ticket.name, number: 1, owner: { world: '0123456789ab', pid: 42, start: '7' } },
    ]);
    await ticket.give();
    await other.give();
  });
});
