import { setTimeout as delay } from 'node:timers/promises';
import type { ChecksReport } from '../../src/check/run/run-checks.js';
import { type RunWithUser, runChecksWithUser } from '../../src/check/with-user/run-checks-with-user.js';
import type { TestedUserOptions } from '../../src/check/with-user/signing-in.js';
import type { Emulator } from '../../src/emulator/emulator.js';
import { defaultSeed, type EmulatorSeed } from '../../src/emulator/seed.js';
import { credentialOrigins } from '../../src/headless/credential-origins.js';
import type { Fetch } from '../../src/network/fetch.js';

/** The applications of the default seed that a browser is sent back to. */
export const applications = {
  Native: { clientId: 'emulator-native' },
  Traditional: { clientId: 'emulator-traditional', clientSecret: 'emulator-only-app-secret' },
  SPA: { clientId: 'emulator-spa' },
} as const;

/** The default seed, in which every application may exchange tokens. */
export function withTokenExchange(): EmulatorSeed {
  const seed = defaultSeed();
  return {
    ...seed,
    applications: seed.applications.map((application) => ({ ...application, allowTokenExchange: true })),
  };
}

/** Alice at an emulator, with everything that can be asked for. */
export function optionsAt({ issuer }: Pick<Emulator, 'issuer'>, fetch: Fetch): TestedUserOptions {
  return {
    issuer,
    ...applications.Native,
    redirectUri: 'http://localhost:3000/callback',
    postLogoutRedirectUri: 'http://localhost:3000/',
    origins: credentialOrigins(issuer),
    user: { identifier: { type: 'username', value: 'alice' }, password: 'emulator-only-alice' },
    scopes: ['read:things', 'read:org'],
    resources: ['https://api.example.test'],
    organization: 'emulator-org-acme',
    fetch,
    now: Date.now,
    sleep: (milliseconds, signal) =>
      delay(milliseconds, undefined, { ...(signal && { signal }) }).catch(() => {}),
    signal: new AbortController().signal,
  };
}

/** Runs the checks with alice at an emulator. What fails in the program itself fails the test. */
export async function runAtEmulator(
  emulator: Pick<Emulator, 'issuer'>,
  fetch: Fetch,
  options: Partial<TestedUserOptions> = {},
  run: Partial<RunWithUser> = {},
): Promise<ChecksReport> {
  const bugs: unknown[] = [];
  const report = await runChecksWithUser(
    { ...optionsAt(emulator, fetch), ...options },
    { allowRemote: false, timeLimit: 30_000, onBug: (error) => bugs.push(error), ...run },
  );
  if (bugs.length > 0) throw bugs[0];
  return report;
}
