import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LockFixture } from '../support/lock-fixture.js';

describe('fileLock', () => {
  let fixture: LockFixture;

  beforeEach(() => {
    fixture = new LockFixture();
  });

  afterEach(() => fixture.remove());

  it('loses no update of 20 processes', async () => {
    const children = Array.from({ length: 20 }, () => fixture.startCounter(10));
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
    expect(codes).toEqual(children.map(() => 0));
    expect(fixture.count()).toBe(200);
    expect(fixture.files()).toEqual([]);
  });
});
