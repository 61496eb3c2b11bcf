import { afterAll, beforeAll, beforeEach } from 'vitest';
import { startWatchedEmulator, type WatchedEmulator } from './session-home.js';
import { temporaryDirectory } from './temporary-directory.js';

/** Gives each test of a file a home of its own, and all of them one emulator, which ends with the file. */
export function emulatorAndHome(give: (emulator: WatchedEmulator, home: string) => void): void {
  let emulator: WatchedEmulator;
  beforeAll(async () => {
    emulator = await startWatchedEmulator();
  });
  beforeEach(async () => give(emulator, await temporaryDirectory()));
  afterAll(() => emulator.close());
}
