import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChecksReport } from '../../src/check/run/run-checks.js';
import { takingTurns } from '../../src/check/run/taking-turns.js';
import { checksWithUser } from '../../src/check/with-user/checks-with-user.js';
import { cleanUpId } from '../../src/check/with-user/run-checks-with-user.js';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { createFetch } from '../../src/network/create-fetch.js';
import type { Fetch } from '../../src/network/fetch.js';
import { faultyFetch, type PassingFault } from '../support/faulty-fetch.js';
import { type FaultWithUser, faultsWithUser } from './faults-with-user.js';
import { runAtEmulator, withTokenExchange } from './run-with-user.js';

/** Each run waits for more than three seconds, and does little else. */
const atOnce = 8;

let emulator: Emulator;
let fetch: Fetch;
/** What is not as it should be at the emulator: what Logto is known for. */
let sound: readonly string[];
const runs = new Map<string, Promise<ChecksReport>>();
let found = 0;

beforeAll(async () => {
  emulator = await startEmulator({ seed: withTokenExchange() });
  fetch = await createFetch({ environment: {}, timeout: 60_000 });
  sound = complaintsOf(await runAtEmulator(emulator, fetch));
  const inTurn = takingTurns(atOnce);
  for (const [id, { fault }] of Object.entries(faultsWithUser)) {
    const run = inTurn(() => runWith(fault));
    // Its own test tells what went wrong.
    run.catch(() => {});
    runs.set(id, run);
  }
});
afterAll(async () => {
  await Promise.allSettled(runs.values());
  await emulator.close();
  const checks = checksWithUser.length + 1;
  console.log(
    `${checks} checks with a user, ${Object.keys(faultsWithUser).length} seeded faults, ${found} found`,
  );
});

function runWith(fault: PassingFault): Promise<ChecksReport> {
  return runAtEmulator(emulator, faultyFetch(fetch, fault));
}

function complaintsOf({ checks }: ChecksReport): string[] {
  return checks
    .filter(({ outcome }) => outcome !== 'passed' && outcome !== 'skipped')
    .map(({ id, outcome }) => `${id}: ${outcome}`);
}

describe('the checks with a user', () => {
  it('have one seeded fault each', () => {
    const ids = [...checksWithUser.map(({ id }) => id), cleanUpId];
    expect(Object.keys(faultsWithUser).toSorted()).toEqual(ids.toSorted());
  });

  it.each(Object.entries<FaultWithUser>(faultsWithUser))(
    'are as before but for %s where just its fault is seeded',
    async (id, { fault, finds = 'failed' }) => {
      const report = await (runs.get(id) ?? runWith(fault));
      // A second attempt is one.
      runs.delete(id);
      const skipped = report.checks.filter(({ outcome }) => outcome === 'skipped').map((check) => check.id);
      const others = sound.filter((complaint) => ![id, ...skipped].includes(complaint.split(':')[0] ?? ''));
      expect(complaintsOf(report).toSorted()).toEqual([...others, `${id}: ${finds}`].toSorted());
      found += 1;
    },
  );
});
