import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ticket, TicketQueue } from '../../src/storage/lock-ticket.js';

const owner = { world: null, pid: process.pid, start: '0' };

/** A queue that somebody else joins between our reading of it and our own ticket. */
class OvertakenQueue extends TicketQueue {
  #meanwhile: (() => Promise<unknown>) | null;

  constructor(path: string, meanwhile: () => Promise<unknown>) {
    super(path);
    this.#meanwhile = meanwhile;
  }

  override async list(): Promise<readonly Ticket[]> {
    const seen = await super.list();
    const meanwhile = this.#meanwhile;
    this.#meanwhile = null;
    await meanwhile?.();
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
      const first: { ticket?: Awaited<ReturnType<TicketQueue['join']>> } = {};
      const late = new OvertakenQueue(path, async () => {
        first.ticket = await queue.join(owner, () => {});
      });
      const second = await late.join(owner, () => {});
      expect((await queue.list()).map(({ name }) => name)).toEqual([first.ticket?.name, second.name]);
      expect(await first.ticket?.give()).toBe(true);
      expect(await second.give()).toBe(true);
    }
  });

  it('puts who comes later behind', async () => {
    const queue = new TicketQueue(path);
    const tickets = [];
    for (let count = 0; count < 12; count += 1) tickets.push(await queue.join(owner, () => {}));
    expect((await queue.list()).map(({ name }) => name)).toEqual(tickets.map(({ name }) => name));
    for (const ticket of tickets) await ticket.give();
    expect(await queue.list()).toEqual([]);
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

  it('reads names back as they were written, and nothing else', async () => {
    const queue = new TicketQueue(path);
    const ticket = await queue.join({ world: '0123456789ab', pid: 42, start: '7' }, () => {});
    const other = await new TicketQueue(`${path}.2`).join(owner, () => {});
    expect(await queue.list()).toEqual([
      { name: ticket.name, number: 1, owner: { world: '0123456789ab', pid: 42, start: '7' } },
    ]);
    await ticket.give();
    await other.give();
  });
});
