import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileLock } from '../../src/storage/lock.js';
import { LockFixture } from '../support/lock-fixture.js';

describe('fileLock', () => {
  let fixture: LockFixture;

  beforeEach(() => {
    fixture = new LockFixture();
  });

  afterEach(() => fixture.remove());

  it('gives what the work gives, leaves no file behind, and has made none before it was used', async () => {
    const lock = fileLock({ path: fixture.path });
    expect(existsSync(join(fixture.folder, 'locks'))).toBe(false);
    expect(await lock(async () => fixture.files().length)).toBe(1);
    await expect(lock(() => Promise.reject(new Error('work failed')))).rejects.toThrow('work failed');
    expect(fixture.files()).toEqual([]);
  });

  it('has one owner at a time when many calls come at the same moment, also over two locks of one path', async () => {
    const locks = [fileLock({ path: fixture.path }), fileLock({ path: fixture.path })] as const;
    let inside = 0;
    let most = 0;
    const call = (_: unknown, index: number) =>
      locks[index % 2 ? 1 : 0](async () => {
        inside += 1;
        most = Math.max(most, inside);
        await sleep(5);
        inside -= 1;
        return index;
      });
    for (let round = 0; round < 3; round += 1) {
      const results = await Promise.all(Array.from({ length: 30 }, call));
      expect(results).toEqual(results.map((_, index) => index));
    }
    expect(most).toBe(1);
    expect(fixture.files()).toEqual([]);
  });

  it('keeps locks of other paths apart, also of names that begin alike', async () => {
    const lock = fileLock({ path: fixture.path });
    await lock(async () => {
      for (const other of [
        `${fixture.path}.1`,
        join(fixture.folder, 'locks', 'default'),
        join(fixture.folder, 'locks', 'b.lock'),
      ]) {
        expect(await fileLock({ path: other, patience: 100 })(async () => 'entered')).toBe('entered');
      }
    });
  });

  it('waits for a living owner so long and then says who it is', async () => {
    const holder = await fixture.startHolder();
    const lock = fileLock({ path: fixture.path, patience: 300 });
    const error = await lock(async () => {}).catch((error: Error) => error);
    expect(error).toMatchObject({ code: 'lock_timeout' });
    if (process.platform === 'linux') expect((error as Error).message).toContain(`process ${holder.pid}`);
    expect(fixture.files()).toHaveLength(1);
    holder.stdin?.end();
    await fileLock({ path: fixture.path })(async () => {});
    expect(fixture.files()).toEqual([]);
  });

  describe('with something that may serve who waits', () => {
    const notYet = async () => null;
    /** Holds the lock until told to let go. */
    function hold() {
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      const done = fileLock({ path: fixture.path })(() => released);
      return { done, release };
    }

    it('serves all of them once somebody has let go, without a turn and without work', async () => {
      const lock = fileLock({ path: fixture.path });
      const { done, release } = hold();
      let [stored, works] = [null as string | null, 0];
      const waiting = Array.from({ length: 20 }, () =>
        lock(
          async () => {
            works += 1;
            return 'worked';
          },
          async () => stored,
        ),
      );
      await sleep(100);
      stored = 'served';
      release();
      await done;
      const results = await Promise.all(waiting);
      // Who came next in the queue may have had its turn before it looked.
      expect(works).toBeLessThan(20);
      expect(results.filter((result) => result === 'served')).toHaveLength(20 - works);
      expect(fixture.files()).toEqual([]);
    });

    it('does not ask as long as nobody has let go, nor where there is nobody', async () => {
      const lock = fileLock({ path: fixture.path });
      let asked = 0;
      const served = async () => {
        asked += 1;
        return null;
      };
      expect(await lock(async () => 'worked', served)).toBe('worked');
      const { done, release } = hold();
      const waiting = lock(async () => 'worked', served);
      await sleep(200);
      expect(asked).toBe(0);
      release();
      await done;
      expect(await waiting).toBe('worked');
    });

    it('goes on waiting where it serves nobody, or fails', async () => {
      const lock = fileLock({ path: fixture.path });
      const { done, release } = hold();
      let inside = 0;
      const work = async () => {
        inside += 1;
        await sleep(5);
        expect(inside).toBe(1);
        inside -= 1;
        return 'worked';
      };
      const failing = () => Promise.reject(new Error('half written'));
      const waiting = [lock(work, notYet), lock(work, failing), lock(work, notYet), lock(work, failing)];
      await sleep(50);
      release();
      await done;
      expect(await Promise.all(waiting)).toEqual(Array.from({ length: 4 }, () => 'worked'));
      expect(fixture.files()).toEqual([]);
    });
  });

  it('says so when its directory cannot be made', async () => {
    writeFileSync(join(fixture.folder, 'locks'), 'a file');
    await expect(fileLock({ path: fixture.path })(async () => {})).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: expect.stringContaining(join(fixture.folder, 'locks')),
    });
  });
});
