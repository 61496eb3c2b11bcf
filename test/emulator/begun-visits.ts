import { afterEach } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.js';
import type { EmulatorVisit } from '../../src/emulator/visits/visit.js';

/** Begins visits at the emulator of a test file. They end with their test, as do the faults of the emulator. */
export function visitsOfEachTest(emulator: () => Emulator): Emulator['visit'] {
  const begun: EmulatorVisit[] = [];
  afterEach(() => {
    for (const visit of begun.splice(0)) visit.close();
    emulator().setFaults({});
  });
  return (...faults) => {
    const visit = emulator().visit(...faults);
    begun.push(visit);
    return visit;
  };
}
