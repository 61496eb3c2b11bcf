import { expect } from 'vitest';
import type { CheckOutcome, CheckReport } from '../../../src/check/run/check.js';
import type { Runtime } from '../../../src/runtime.js';
import { freePort } from '../../support/free-port.js';
import { runInProcess } from '../../support/run-in-process.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { type TestMachine, type TestRuntime, testRuntime } from '../../support/test-runtime.js';

/** What a run of `doctor` told. */
export interface DoctorRun {
  readonly exitCode: number;
  readonly outcome: string;
  readonly checks: readonly CheckReport[];
  readonly runtime: TestRuntime;
  /** Outcome and code of what is not as it should be, by id. */
  readonly faults: Readonly<Record<string, string>>;
  /** The report of one check. */
  check(id: string): CheckReport;
}

/** A browser that would open: what tests of other things do not want to hear about. */
export const someBrowser = { available: () => true, open: async () => true };

const forever = () => new Promise<never>(() => {});

/** Runs `doctor --json` in this process, on a machine where nothing is wrong but what the test makes wrong. */
export async function doctor(
  args: readonly string[],
  machine: Partial<TestMachine> = {},
  change: (runtime: TestRuntime) => Runtime = (runtime) => runtime,
): Promise<DoctorRun> {
  const home = machine.home ?? (await temporaryDirectory());
  const environment = { BROWSER: process.execPath, ...machine.environment };
  const runtime = testRuntime({ browser: someBrowser, sleep: forever, ...machine, home, environment });
  // However busy the machine of the tests is, nothing is late unless a test wants it to be.
  const patient: TestRuntime = {
    ...runtime,
    fetch: (options) => runtime.fetch({ ...options, timeout: 30_000 }),
  };
  const exitCode = await runInProcess(change(patient), ['doctor', '--json', ...args]);
  const document = JSON.parse(runtime.stdout.text) as { outcome: string; checks: CheckReport[] };
  const { checks } = document;
  const wanted: readonly CheckOutcome[] = ['failed', 'warning', 'incomplete'];
  const faults = checks
    .filter(({ outcome }) => wanted.includes(outcome))
    .map(({ id, outcome, code }) => [id, code === undefined ? outcome : `${outcome} ${code}`]);
  return {
    exitCode,
    outcome: document.outcome,
    checks,
    runtime,
    faults: Object.fromEntries(faults),
    check: (id) => checks.find((check) => check.id === id) ?? expect.unreachable(`no check ${id}`),
  };
}

/** A free port, and the addresses on it that an application is registered with. */
export async function freeAddresses() {
  const port = await freePort();
  const uris = {
    redirectUris: [`http://localhost:${port}/callback`],
    postLogoutRedirectUris: [`http://localhost:${port}/`],
  };
  return { port, uris };
}
