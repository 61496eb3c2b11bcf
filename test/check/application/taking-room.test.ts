import { describe, expect, it } from 'vitest';
import { type Place, Room } from '../../../src/check/application/taking-room.js';

/** Work that ends when it is told to. */
function held() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { ended, end };
}

/** Everything that can go on without anybody else has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('Room', () => {
  it('lets so many work side by side, in the order in which they came', async () => {
    const room = new Room(2);
    const works = [held(), held(), held()];
    const begun: number[] = [];
    const all = works.map(({ ended }, index) =>
      room.beside(async () => {
        begun.push(index);
        await ended;
      }),
    );
    await settled();
    expect(begun).toEqual([0, 1]);
    works[1]?.end();
    await settled();
    expect(begun).toEqual([0, 1, 2]);
    for (const { end } of works) end();
    await Promise.all(all);
  });

  it('gives away the place of one who is outside for a while, and gives it back afterwards', async () => {
    const room = new Room(1);
    const [waiting, other] = [held(), held()];
    const seen: string[] = [];
    const all = [
      room.beside(async (place) => {
        const value = await place.outside(async () => {
          seen.push('waits');
          await waiting.ended;
          return 'came back';
        });
        seen.push(value);
      }),
      room.beside(async (place) => {
        await place.alone(async () => {
          seen.push('other');
          await other.ended;
          seen.push('other ends');
        });
      }),
    ];
    await settled();
    expect(seen).toEqual(['waits', 'other']);
    waiting.end();
    await settled();
    expect(seen).toEqual(['waits', 'other']);
    other.end();
    await Promise.all(all);
    expect(seen).toEqual(['waits', 'other', 'other ends', 'came back']);
  });

  it('lets two who both want to be alone be so one after the other, while nobody else works', async () => {
    const room = new Room(3);
    let inside = 0;
    const most: number[] = [];
    const alone = (place: Place) =>
      place.alone(async () => {
        inside += 1;
        most.push(inside);
        await settled();
        inside -= 1;
      });
    const other = held();
    const beside = room.beside(async () => {
      inside += 1;
      await other.ended;
      inside -= 1;
    });
    const both = [room.beside(alone), room.beside(alone)];
    await settled();
    expect(most).toEqual([]);
    other.end();
    await Promise.all([beside, ...both]);
    expect(most).toEqual([1, 1]);
  });

  it('is free again after work that failed', async () => {
    const room = new Room(1);
    await expect(room.beside((place) => place.alone(() => Promise.reject(new Error('no'))))).rejects.toThrow(
      'no',
    );
    expect(await room.beside(async () => 'next')).toBe('next');
  });
});
