import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ChecksReport } from '../../src/check/run/run-checks.js';
import { checksWithUser } from '../../src/check/with-user/checks-with-user.js';
import type { TestedUserOptions } from '../../src/check/with-user/signing-in.js';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { defaultSeed, type EmulatorApplication } from '../../src/emulator/seed.js';
import { createFetch } from '../../src/network/create-fetch.js';
import { keepTraffic } from '../support/kept-traffic.js';
import { applications, runAtEmulator } from './run-with-user.js';

const totpSecret = 'JBSWY3DPEHPK3PXP';
const identifier = { type: 'username', value: 'carol' } as const;
const carol = { identifier, password: 'carol-only-test', totpSecret };
const ofCarol: Partial<TestedUserOptions> = { user: carol, organization: undefined as never };

async function emulated(change: Partial<EmulatorApplication> = {}): Promise<Emulator> {
  const seed = defaultSeed();
  const users = [...seed.users, { id: 'carol', username: 'carol', password: carol.password, totpSecret }];
  const limited = seed.applications.map((application) => ({ ...application, ...change }));
  const emulator = await startEmulator({ seed: { ...seed, users, applications: limited } });
  onTestFinished(() => emulator.close());
  return emulator;
}

const outcomesIn = ({ checks }: ChecksReport) => ({
  failed: checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id),
  incomplete: checks.filter(({ outcome }) => outcome === 'incomplete').map(({ id }) => id),
});
const nothing = { failed: [], incomplete: [] };
const find = ({ checks }: ChecksReport, id: string) => checks.find((check) => check.id === id);
const fetchOfTests = () => createFetch({ environment: {}, timeout: 60_000 });

describe('an application in which a user may have only so many sign-ins', () => {
  it.each([
    [1, 'Native'],
    [2, 'Native'],
    [3, 'SPA'],
    [1, 'Traditional'],
  ] as const)('of %i fails nothing: %s', async (most, type) => {
    const emulator = await emulated({ maxAllowedGrants: most });
    const report = await runAtEmulator(emulator, await fetchOfTests(), applications[type]);
    expect(outcomesIn(report)).toEqual(nothing);
    expect(find(report, 'session.side-by-side')).toMatchObject({
      outcome: 'warning',
      message: expect.stringContaining('Concurrent device limit'),
    });
    expect(find(report, 'clean-up.ended')?.outcome).toBe('passed');
  });

  it('is told from one without such a limit', async () => {
    const checks = checksWithUser.filter(({ id }) => !id.startsWith('refresh.reuse'));
    const report = await runAtEmulator(await emulated(), await fetchOfTests(), {}, { checks });
    expect(find(report, 'session.side-by-side')?.outcome).toBe('passed');
  });
});

describe('a user with an authenticator', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  const waits: number[] = [];
  const waiting: Partial<TestedUserOptions> = {
    ...ofCarol,
    onWait: (seconds) => waits.push(seconds),
    sleep: (milliseconds) =>
      milliseconds === timeLimit
        ? new Promise(() => {})
        : Promise.resolve(void vi.setSystemTime(Date.now() + milliseconds)),
  };
  /** Of one check; nothing is late here. */
  const timeLimit = 77_777;

  it('signs in once for all questions, and no code is needed twice', async () => {
    const kept = keepTraffic(await fetchOfTests());
    const report = await runAtEmulator(await emulated(), kept.fetch, waiting, { timeLimit });
    expect(outcomesIn(report)).toEqual(nothing);
    expect(kept.requests.filter((request) => request.endsWith('/totp/verify'))).toHaveLength(1);
    expect(find(report, 'session.side-by-side')?.outcome).toBe('skipped');
    expect(find(report, 'sign-out.session')?.outcome).toBe('passed');
    expect(find(report, 'clean-up.ended')?.outcome).toBe('passed');
  });

  it('waits for the next code where those of now were used before, and says so', async () => {
    waits.length = 0;
    const [emulator, fetch] = [await emulated(), await fetchOfTests()];
    const checks = checksWithUser.filter(({ id }) => id.startsWith('sign-in.'));
    for (let run = 0; run < 3; run += 1) {
      const report = await runAtEmulator(emulator, fetch, waiting, { checks, timeLimit });
      expect(outcomesIn(report)).toEqual(nothing);
    }
    expect(waits).toHaveLength(1);
    expect(waits[0]).toBeLessThanOrEqual(30);
  });

  it('is refused with a wrong secret after three codes, and the clock is named last', async () => {
    const user = { ...carol, totpSecret: 'GEZDGNBVGY3TQOJQ' };
    const options = { ...waiting, user };
    const report = await runAtEmulator(await emulated(), await fetchOfTests(), options, { timeLimit });
    expect(find(report, 'sign-in.code')).toMatchObject({
      outcome: 'failed',
      code: 'credentials_rejected',
      hint: expect.stringMatching(/^A code works once.*LOGTO_CLI_TOTP_SECRET, and then this machine's clock/),
    });
  });
});
