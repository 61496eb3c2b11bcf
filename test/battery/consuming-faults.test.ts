import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consumingChecks } from '../../src/check/consuming/consuming-checks.js';
import { cleanUpId } from '../../src/check/consuming/run-consuming-checks.js';
import type { ChecksReport } from '../../src/check/run-checks.js';
import { takingTurns } from '../../src/check/taking-turns.js';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import type { Fetch } from '../../src/network/fetch.js';
import { createFetch } from '../../src/network/undici-fetch.js';
import { faultyFetch, type PassingFault } from '../support/faulty-fetch.js';
import { type ConsumingFault, consumingFaults } from './consuming-faults.js';
import { runAtEmulator } from './consuming-run.js';

/** Each run waits for more than three seconds, and does little else. */
const atOnce = 8;

let emulator: Emulator;
let fetch: Fetch;
/** What is not as it should be at the emulator: what Logto is known for. */
let sound: readonly string[];
const runs = new Map<string, Promise<ChecksReport>>();
let found = 0;

beforeAll(async () => {
  emulator = await startEmulator();
  fetch = await createFetch({ environment: {}, timeout: 60_000 });
  sound = complaintsOf(await runAtEmulator(emulator, fetch));
  const inTurn = takingTurns(atOnce);
  for (const [id, { fault }] of Object.entries(consumingFaults)) {
    const run = inTurn(() => runWith(fault));
    // Its own test tells what went wrong.
    run.catch(() => {});
    runs.set(id, run);
  }
});
afterAll(async () => {
  await Promise.allSettled(runs.values());
  await emulator.close();
  const checks = consumingChecks.length + 1;
  console.log(
    `${checks} checks with a user, ${Object.keys(consumingFaults).length} seeded faults, ${found} found`,
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
    const ids = [...consumingChecks.map(({ id }) => id), cleanUpId];
    expect(Object.keys(consumingFaults).toSorted()).toEqual(ids.toSorted());
  });

  it.each(Object.entries<ConsumingFault>(consumingFaults))(
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
