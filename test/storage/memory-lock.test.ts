import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { memoryLock } from '../../src/storage/memory-lock.js';

describe('memoryLock', () => {
  it('serves one after the other, in their order, whether their work succeeds or not', async () => {
    const lock = memoryLock();
    const events: string[] = [];
    const call = (name: string, fails = false) =>
      lock(async () => {
        events.push(`${name} in`);
        await sleep(2);
        events.push(`${name} out`);
        if (fails) throw new Error(name);
        return name;
      });
    const results = await Promise.allSettled([call('a'), call('b', true), call('c')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(events).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
  });

  it('is another lock each time', async () => {
    await memoryLock()(() => memoryLock()(async () => {}));
  });
});
