import { once } from 'node:events';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileLock } from '../../src/storage/lock.js';
import { currentOwner } from '../../src/storage/lock-owner.js';
import { LockFixture, timed, wordsOf } from '../support/lock-fixture.js';

describe('fileLock, when its owner is dead or seems to be', () => {
  let fixture: LockFixture;

  beforeEach(() => {
    fixture = new LockFixture();
  });

  afterEach(() => fixture.remove());

  it('has one owner at a time while processes are killed at any moment', async () => {
    const children = Array.from({ length: 10 }, () => fixture.startCounter(15));
    const killed = new Set<number>();
    const ends = children.map(async (child, index) => {
      if (index % 2 === 0) {
        await expect
          .poll(() => readFileSync(fixture.log, 'utf8'), { timeout: 30_000 })
          .toContain(`enter ${child.pid}\n`);
        await sleep(Math.random() * 100);
        if (child.kill('SIGKILL')) killed.add(child.pid ?? 0);
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    });
    await Promise.all(ends);
    let inside: number | null = null;
    const left = new Map<number, number>();
    for (const line of readFileSync(fixture.log, 'utf8').trim().split('\n')) {
      const [what, pid] = [line.slice(0, 5), Number(line.slice(6))];
      if (what === 'enter') {
        expect(inside === null || killed.has(inside)).toBe(true);
        inside = pid;
      } else {
        expect(inside).toBe(pid);
        inside = null;
        left.set(pid, (left.get(pid) ?? 0) + 1);
      }
    }
    for (const { pid } of children.filter((_child, index) => index % 2 === 1))
      expect(left.get(pid ?? 0)).toBe(15);
    await fileLock({ path: fixture.path })(async () => {});
    expect(fixture.files()).toEqual([]);
  });

  it('costs the next less than 3 s when its owner was killed', async () => {
    const holder = await fixture.startHolder();
    const exit = once(holder, 'exit');
    holder.kill('SIGKILL');
    await exit;
    expect(fixture.files()).toHaveLength(1);
    expect(await timed(() => fileLock({ path: fixture.path })(async () => {}))).toBeLessThan(3000);
    expect(fixture.files()).toEqual([]);
  });

  it('costs those who wait already less than 3 s when its owner is killed, and takes the dead out of the queue', async () => {
    const holder = await fixture.startHolder();
    const waiters = Array.from({ length: 3 }, () => fixture.startWaiter());
    await expect.poll(() => fixture.files().length, { timeout: 20_000 }).toBe(4);
    const entered = fileLock({ path: fixture.path })(async () => performance.now());
    await expect.poll(() => fixture.files().length).toBe(5);
    const begin = performance.now();
    for (const child of [holder, ...waiters]) child.kill('SIGKILL');
    expect((await entered) - begin).toBeLessThan(3000);
    expect(fixture.files()).toEqual([]);
  });

  it('knows an owner for dead whose process id has been given to another process', async ({ skip }) => {
    const self = currentOwner();
    skip(self.world === null, 'this system does not tell when a process started');
    await fileLock({ path: fixture.path })(async () => {});
    const token = '00000000-0000-4000-8000-000000000000';
    writeFileSync(`${fixture.path}.1.${token}.${self.world}.${process.pid}.${Number(self.start) - 1}`, '');
    expect(await timed(() => fileLock({ path: fixture.path })(async () => {}))).toBeLessThan(1500);
  });

  it('knows an owner for dead whose process id means nothing here, in less than 3 s, however many they are', async () => {
    await fileLock({ path: fixture.path })(async () => {});
    for (const number of [1, 2, 3]) writeFileSync(fixture.foreignTicket(number), '');
    const took = await timed(() => fileLock({ path: fixture.path })(async () => {}));
    expect(took).toBeGreaterThan(1900);
    expect(took).toBeLessThan(3000);
    expect(fixture.files()).toEqual([]);
  });

  it('has one owner at a time also when many take over from a dead one at once', async () => {
    await fileLock({ path: fixture.path })(async () => {});
    writeFileSync(fixture.foreignTicket(), '');
    const children = Array.from({ length: 10 }, () => fixture.startCounter(3));
    await Promise.all(children.map((child) => once(child, 'exit')));
    expect(fixture.count()).toBe(30);
    expect(fixture.files()).toEqual([]);
  });

  it('waits for an owner elsewhere as long as its heart beats, whatever its clock says', async () => {
    await fileLock({ path: fixture.path })(async () => {});
    writeFileSync(fixture.foreignTicket(), '');
    let beats = 0;
    const beat = () => utimesSync(fixture.foreignTicket(), 1e9, 1e9 + beats++);
    const heart = setInterval(beat, 300);
    const timeout = { code: 'lock_timeout', hint: expect.stringContaining('Wait') };
    await expect(fileLock({ path: fixture.path, patience: 4000 })(async () => {})).rejects.toMatchObject(
      timeout,
    );
    clearInterval(heart);
    expect(fixture.files()).toHaveLength(1);
  });

  it.skipIf(process.platform === 'win32')(
    'takes a suspended owner for dead; when it goes on, it is told so and leaves the new owner alone',
    async () => {
      const suspended = await fixture.startHolder();
      const words = wordsOf(suspended);
      suspended.kill('SIGSTOP');
      const took = await timed(async () => {
        const next = await fixture.startHolder();
        suspended.kill('SIGCONT');
        await expect.poll(() => words, { timeout: 20_000 }).toEqual(['lost']);
        suspended.stdin?.end();
        await expect.poll(() => words, { timeout: 20_000 }).toEqual(['lost', 'released']);
        expect(fixture.files()).toHaveLength(1);
        await expect(fileLock({ path: fixture.path, patience: 300 })(async () => {})).rejects.toMatchObject({
          code: 'lock_timeout',
        });
        next.stdin?.end();
      });
      expect(took).toBeGreaterThan(1900);
      await fileLock({ path: fixture.path })(async () => {});
      expect(fixture.files()).toEqual([]);
    },
  );

  it.skipIf(process.platform === 'win32')(
    'lets one that was suspended in the queue queue again',
    async () => {
      const holder = await fixture.startHolder();
      const waiter = fixture.startWaiter();
      const words = wordsOf(waiter);
      await expect.poll(() => fixture.files().length, { timeout: 20_000 }).toBe(2);
      waiter.kill('SIGSTOP');
      const next = fixture.startWaiter();
      const nextWords = wordsOf(next);
      // The one behind takes it out of the queue while the owner lives on.
      await expect
        .poll(() => fixture.files().filter((name) => name.includes(`.${waiter.pid}.`)).length, {
          timeout: 20_000,
        })
        .toBe(0);
      waiter.kill('SIGCONT');
      holder.stdin?.end();
      await expect.poll(() => nextWords, { timeout: 20_000 }).toContain('held');
      expect(words).toEqual([]);
      next.stdin?.end();
      await expect.poll(() => words, { timeout: 20_000 }).toEqual(['held']);
      waiter.stdin?.end();
      await expect.poll(() => fixture.files(), { timeout: 20_000 }).toEqual([]);
    },
  );
});
