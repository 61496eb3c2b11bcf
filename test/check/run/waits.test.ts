import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Waits } from '../../../src/check/run/waits.js';

it('tells what was waited for, once where several waited, and for how long one of them did', async () => {
  const waits = new Waits();
  // It goes on as long as somebody waits.
  const first = waits.during('a code comes', () => delay(40));
  await delay(20);
  await Promise.all([first, waits.during('a code comes', () => delay(40))]);
  await waits.during('a token is old', () => delay(10));

  const [code, token] = waits.told;
  expect([code?.until, token?.until]).toEqual(['a code comes', 'a token is old']);
  // Together, and not one behind the other.
  expect(code?.durationMs).toBeGreaterThanOrEqual(55);
  expect(token?.durationMs).toBeGreaterThanOrEqual(8);
});

it('tells nothing of what took no time, and of one that failed how long it took', async () => {
  const waits = new Waits();
  await waits.during('nothing', async () => {});
  const broken = waits.during('it breaks', async () => {
    await delay(10);
    throw new Error('broken');
  });
  await expect(broken).rejects.toThrow('broken');
  expect(waits.told.map(({ until }) => until)).toEqual(['it breaks']);
});
