import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileLock } from '../../src/storage/lock.js';
import { currentOwner } from '../../src/storage/lock-owner.js';
import { type LockWork, startLockProcess } from '../support/lock-process.js';
import { firstLine } from '../support/storage-process.js';

describe('fileLock', () => {
  let folder: string;
  let path: string;
  let started: ChildProcess[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'logto-cli-lock-'));
    path = join(folder, 'locks', 'default.lock');
    started = [];
  });

  afterEach(() => {
    for (const child of started) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const files = () => (existsSync(join(folder, 'locks')) ? readdirSync(join(folder, 'locks')) : []);

  const start = (work: LockWork) => {
    const child = startLockProcess(work);
    started.push(child);
    return child;
  };

  const startHolder = async () => {
    const child = start({ work: 'hold', options: { path } });
    expect(await firstLine(child)).toBe('held');
    return child;
  };

  /** A process that tells what it says later. */
  const heard = (child: ChildProcess) => {
    const words: string[] = [];
    child.stdout?.on('data', (text: Buffer) => words.push(...String(text).trim().split('\n')));
    return words;
  };

  const counting = () => {
    const [counter, log] = [join(folder, 'counter'), join(folder, 'log')];
    writeFileSync(counter, '0');
    writeFileSync(log, '');
    const startCounter = (times: number) => start({ work: 'count', options: { path }, times, counter, log });
    return { startCounter, count: () => Number(readFileSync(counter, 'utf8')), log };
  };

  /** A ticket of somebody in another container or on another machine. */
  const foreignTicket = (number = 1) => {
    const token = '00000000-0000-4000-8000-000000000000';
    return `${path}.${number}.${token}.ffffffffffff.${process.pid}.1`;
  };

  const timed = async (work: () => Promise<unknown>) => {
    const begin = performance.now();
    await work();
    return performance.now() - begin;
  };

  it('gives what the work gives, leaves no file behind, and has made none before it was used', async () => {
    const lock = fileLock({ path });
    expect(existsSync(join(folder, 'locks'))).toBe(false);
    expect(await lock(async () => files().length)).toBe(1);
    await expect(lock(() => Promise.reject(new Error('work failed')))).rejects.toThrow('work failed');
    expect(files()).toEqual([]);
  });

  it('serves the calls of one process one by one, in their order, also over two locks of one path', async () => {
    const locks = [fileLock({ path }), fileLock({ path })] as const;
    const done: number[] = [];
    let inside = 0;
    const calls: Promise<void>[] = [];
    for (let index = 0; index < 10; index += 1) {
      calls.push(
        locks[index % 2 ? 1 : 0](async () => {
          inside += 1;
          expect(inside).toBe(1);
          await sleep(1);
          inside -= 1;
          done.push(index);
        }),
      );
      await expect.poll(() => files().length + done.length, { interval: 1 }).toBe(index + 1);
    }
    await Promise.all(calls);
    expect(done).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(files()).toEqual([]);
  });

  it('keeps locks of other paths apart, also of names that begin alike', async () => {
    const lock = fileLock({ path });
    await lock(async () => {
      for (const other of [`${path}.1`, join(folder, 'locks', 'default'), join(folder, 'locks', 'b.lock')]) {
        expect(await fileLock({ path: other, patience: 100 })(async () => 'entered')).toBe('entered');
      }
    });
  });

  it('loses no update of 20 processes', async () => {
    const { startCounter, count } = counting();
    const children = Array.from({ length: 20 }, () => startCounter(10));
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
    expect(codes).toEqual(children.map(() => 0));
    expect(count()).toBe(200);
    expect(files()).toEqual([]);
  });

  it('has one owner at a time while processes are killed at any moment', async () => {
    const { startCounter, log } = counting();
    const children = Array.from({ length: 10 }, () => startCounter(15));
    const killed = new Set<number>();
    const ends = children.map(async (child, index) => {
      if (index % 2 === 0) {
        await expect
          .poll(() => readFileSync(log, 'utf8'), { timeout: 30_000 })
          .toContain(`enter ${child.pid}\n`);
        await sleep(Math.random() * 100);
        if (child.kill('SIGKILL')) killed.add(child.pid ?? 0);
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    });
    await Promise.all(ends);
    let inside: number | null = null;
    const left = new Map<number, number>();
    for (const line of readFileSync(log, 'utf8').trim().split('\n')) {
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
    await fileLock({ path })(async () => {});
    expect(files()).toEqual([]);
  });

  it('costs the next less than 3 s when its owner was killed', async () => {
    const holder = await startHolder();
    const exit = once(holder, 'exit');
    holder.kill('SIGKILL');
    await exit;
    expect(files()).toHaveLength(1);
    expect(await timed(() => fileLock({ path })(async () => {}))).toBeLessThan(3000);
    expect(files()).toEqual([]);
  });

  it('costs those who wait already less than 3 s when its owner is killed, and takes the dead out of the queue', async () => {
    const holder = await startHolder();
    const waiters = Array.from({ length: 3 }, () => start({ work: 'hold', options: { path } }));
    await expect.poll(() => files().length, { timeout: 20_000 }).toBe(4);
    const entered = fileLock({ path })(async () => performance.now());
    await expect.poll(() => files().length).toBe(5);
    const begin = performance.now();
    for (const child of [holder, ...waiters]) child.kill('SIGKILL');
    expect((await entered) - begin).toBeLessThan(3000);
    expect(files()).toEqual([]);
  });

  it('knows an owner for dead whose process id has been given to another process', async ({ skip }) => {
    const self = await currentOwner();
    skip(self.world === null, 'this system does not tell when a process started');
    await fileLock({ path })(async () => {});
    const token = '00000000-0000-4000-8000-000000000000';
    writeFileSync(`${path}.1.${token}.${self.world}.${process.pid}.${Number(self.start) - 1}`, '');
    expect(await timed(() => fileLock({ path })(async () => {}))).toBeLessThan(1500);
  });

  it('knows an owner for dead whose process id means nothing here, in less than 3 s, however many they are', async () => {
    await fileLock({ path })(async () => {});
    for (const number of [1, 2, 3]) writeFileSync(foreignTicket(number), '');
    const took = await timed(() => fileLock({ path })(async () => {}));
    expect(took).toBeGreaterThan(1900);
    expect(took).toBeLessThan(3000);
    expect(files()).toEqual([]);
  });

  it('has one owner at a time also when many take over from a dead one at once', async () => {
    const { startCounter, count } = counting();
    await fileLock({ path })(async () => {});
    writeFileSync(foreignTicket(), '');
    const children = Array.from({ length: 10 }, () => startCounter(3));
    await Promise.all(children.map((child) => once(child, 'exit')));
    expect(count()).toBe(30);
    expect(files()).toEqual([]);
  });

  it('waits for an owner elsewhere as long as its heart beats, whatever its clock says', async () => {
    await fileLock({ path })(async () => {});
    writeFileSync(foreignTicket(), '');
    let beats = 0;
    const beat = () => utimesSync(foreignTicket(), 1e9, 1e9 + beats++);
    const heart = setInterval(beat, 300);
    const timeout = { code: 'lock_timeout', hint: expect.stringContaining('Wait') };
    await expect(fileLock({ path, patience: 4000 })(async () => {})).rejects.toMatchObject(timeout);
    clearInterval(heart);
    expect(files()).toHaveLength(1);
  });

  it('waits for a living owner so long and then says who it is', async () => {
    const holder = await startHolder();
    const lock = fileLock({ path, patience: 300 });
    const error = await lock(async () => {}).catch((error: Error) => error);
    expect(error).toMatchObject({ code: 'lock_timeout' });
    if (process.platform === 'linux') expect((error as Error).message).toContain(`process ${holder.pid}`);
    expect(files()).toHaveLength(1);
    holder.stdin?.end();
    await fileLock({ path })(async () => {});
    expect(files()).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')(
    'takes a suspended owner for dead; when it goes on, it is told so and leaves the new owner alone',
    async () => {
      const suspended = await startHolder();
      const words = heard(suspended);
      suspended.kill('SIGSTOP');
      const took = await timed(async () => {
        const next = await startHolder();
        suspended.kill('SIGCONT');
        suspended.stdin?.end();
        await expect.poll(() => words, { timeout: 20_000 }).toEqual(['lost', 'released']);
        expect(files()).toHaveLength(1);
        await expect(fileLock({ path, patience: 300 })(async () => {})).rejects.toMatchObject({
          code: 'lock_timeout',
        });
        next.stdin?.end();
      });
      expect(took).toBeGreaterThan(1900);
      await fileLock({ path })(async () => {});
      expect(files()).toEqual([]);
    },
  );

  it.skipIf(process.platform === 'win32')(
    'lets one that was suspended in the queue queue again',
    async () => {
      const holder = await startHolder();
      const waiter = start({ work: 'hold', options: { path } });
      const words = heard(waiter);
      await expect.poll(() => files().length, { timeout: 20_000 }).toBe(2);
      waiter.kill('SIGSTOP');
      const next = start({ work: 'hold', options: { path } });
      const nextWords = heard(next);
      // The one behind takes it out of the queue while the owner lives on.
      await expect
        .poll(() => files().filter((name) => name.includes(`.${waiter.pid}.`)).length, { timeout: 20_000 })
        .toBe(0);
      waiter.kill('SIGCONT');
      holder.stdin?.end();
      await expect.poll(() => nextWords, { timeout: 20_000 }).toContain('held');
      expect(words).toEqual([]);
      next.stdin?.end();
      await expect.poll(() => words, { timeout: 20_000 }).toEqual(['held']);
      waiter.stdin?.end();
      await expect.poll(() => files(), { timeout: 20_000 }).toEqual([]);
    },
  );

  it('says so when its directory cannot be made', async () => {
    writeFileSync(join(folder, 'locks'), 'a file');
    await expect(fileLock({ path })(async () => {})).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: expect.stringContaining(join(folder, 'locks')),
    });
  });
});
