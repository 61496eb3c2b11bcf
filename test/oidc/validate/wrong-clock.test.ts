import { afterEach, describe, expect, it } from 'vitest';
import { type LyingProvider, startLyingProvider } from '../../support/lying-provider.js';
import type { Json } from '../../support/signed-jwt.js';
import { signIn } from '../protocol-fixture.js';

let lying: LyingProvider;
afterEach(() => lying.close());

const tenMinutes = 600;

/** A sign-in on a machine whose clock is this many seconds ahead of the provider's. */
async function signInWithClock(
  offset: number,
  change: (claims: Json, now: number) => Json = (claims) => claims,
) {
  lying = await startLyingProvider({
    idToken: (_, claims) => ({ claims: change(claims, Math.floor(Date.now() / 1000)) }),
  });
  return signIn(lying, { now: () => Date.now() + offset * 1000 });
}

describe('a clock ten minutes off', () => {
  it('that runs fast does not matter', async () => {
    await expect(signInWithClock(tenMinutes)).resolves.toBeDefined();
    await lying.close();
    const withNotBefore = signInWithClock(tenMinutes, (claims, now) => ({ ...claims, nbf: now }));
    await expect(withNotBefore).resolves.toBeDefined();
  });

  const faults: readonly [
    what: string,
    offset: number,
    change: (claims: Json, now: number) => Json,
    words: string,
  ][] = [
    ['that runs slow sees a token of the future', -tenMinutes, (claims) => claims, 'behind'],
    [
      'that runs slow sees one that is not valid yet',
      -tenMinutes,
      (claims, now) => ({ ...claims, iat: now - 2 * tenMinutes, nbf: now }),
      'behind',
    ],
    [
      'that runs fast sees a short-lived one expired',
      tenMinutes,
      (claims, now) => ({ ...claims, exp: now + 300 }),
      'ahead of',
    ],
  ];

  it.each(faults)('%s, and is named', async (_, offset, change, words) => {
    const error = await signInWithClock(offset, change).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'clock_skew', hint: expect.stringContaining('clock') });
    const { skewSeconds } = (error as { details: { skewSeconds: number } }).details;
    expect(Math.abs(skewSeconds + offset)).toBeLessThan(30);
    expect(String(error)).toContain(` s ${words} the provider's`);
  });
});
