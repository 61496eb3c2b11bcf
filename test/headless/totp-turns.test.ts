import { describe, expect, it } from 'vitest';
import { TotpTurns } from '../../src/headless/totp-turns.js';

/** A clock that stands still, and what was waited for. */
function turnsAt(milliseconds: number) {
  const waits: number[] = [];
  const turns = new TotpTurns({
    now: () => milliseconds,
    sleep: async () => {},
    onWait: (seconds) => waits.push(seconds),
  });
  return { turns, waits };
}

describe('the codes of an authenticator', () => {
  it('are of this step, of the next one, and of those that are waited for', async () => {
    const { turns, waits } = turnsAt(45_000);
    expect([await turns.next('a'), await turns.next('a')]).toEqual([1, 2]);
    expect(waits).toEqual([]);
    expect(await turns.next('a')).toBe(3);
    expect(waits).toEqual([15]);
  });

  it('are never given twice, however many want one at once, and each secret has its own', async () => {
    const { turns } = turnsAt(45_000);
    const steps = await Promise.all(['a', 'a', 'a', 'b', 'a'].map((secret) => turns.next(secret)));
    expect(steps).toEqual([1, 2, 3, 1, 4]);
  });

  it('are none where nobody waits', async () => {
    const turns = new TotpTurns({ now: () => 45_000 });
    expect([await turns.next('a'), await turns.next('a'), await turns.next('a')]).toEqual([1, 2, null]);
  });

  it('end with the signal of whoever waits', async () => {
    const { turns } = turnsAt(45_000);
    await turns.next('a');
    await turns.next('a');
    await expect(turns.next('a', AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
  });
});
