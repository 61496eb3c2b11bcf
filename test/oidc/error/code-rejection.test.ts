import { afterEach, describe, expect, it } from 'vitest';
import type { CodeExchange } from '../../../src/oidc/request.js';
import { failureOf } from '../../support/failure-of.js';
import { type LyingProvider, startLyingProvider } from '../../support/lying-provider.js';
import { signIn } from '../protocol-fixture.js';

let lying: LyingProvider;
afterEach(() => lying.close());

/** A clock that stands still: how long the test takes does not count. */
const start = Date.now();

async function rejection(changes: Partial<CodeExchange> = {}, offset = 0) {
  lying = await startLyingProvider({ answers: { token: { status: 400, body: { error: 'invalid_grant' } } } });
  const now = () => start + offset * 1000;
  return failureOf(signIn(lying, { now }, changes));
}

describe('a code that the provider refuses', () => {
  it('that came at once is not too old', async () => {
    const failure = await rejection({ receivedAt: start - 2000 });
    expect(failure).toMatchObject({
      code: 'code_rejected',
      details: {
        error: 'invalid_grant',
        possible: ['code_used_before', 'user_suspended', 'code_lost'],
        ruledOut: [
          'redirect_uri_differs',
          'code_verifier_differs',
          'page_too_slow',
          'local_clock',
          'code_expired',
        ],
        secondsSinceCallback: 2,
      },
    });
    expect(failure.hint).toContain('2 s of 60');
  });

  it.each([
    ['came late', { receivedAt: start - 61_000 }, 61],
    ['came nobody knows when', {}, undefined],
  ])('that %s may be too old', async (_, changes, secondsSinceCallback) => {
    const failure = await rejection(changes);
    expect(failure.details).toMatchObject({ possible: expect.arrayContaining(['code_expired']) });
    expect(failure.details?.['ruledOut']).not.toContain('code_expired');
    expect(failure.details?.['secondsSinceCallback']).toBe(secondsSinceCallback);
    expect(failure.hint).toContain('too late');
  });

  it.each([
    [-600, 'behind'],
    [600, 'ahead of'],
  ])('is not refused for our clock, even one that is %i s off: and it says so', async (offset, words) => {
    const failure = await rejection({}, offset);
    expect(failure.code).toBe('code_rejected');
    expect(failure.details?.['ruledOut']).toContain('local_clock');
    expect(Math.abs(Number(failure.details?.['skewSeconds']) + offset)).toBeLessThan(60);
    expect(failure.hint).toMatch(new RegExp(`[56]\\d\\d s ${words} the provider's`));
  });
});
