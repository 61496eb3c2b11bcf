import { expect } from 'vitest';
import type { CheckOutcome, CheckReport } from '../../src/check/run/check.js';
import { runInProcess } from '../support/run-in-process.js';
import { type TestMachine, type TestRuntime, testRuntime } from '../support/test-runtime.js';

/** What a run of `test` told. */
export interface BatteryRun {
  readonly exitCode: number;
  readonly outcome: string;
  readonly checks: readonly CheckReport[];
  readonly runtime: TestRuntime;
  /** Messages by id. */
  readonly failures: Readonly<Record<string, string>>;
  readonly warnings: Readonly<Record<string, string>>;
  readonly incomplete: Readonly<Record<string, string>>;
  /** The report of one check. */
  check(id: string): CheckReport;
}

/** A machine on which nothing is late, however busy that of the tests is. */
export function patientRuntime(machine: TestMachine): TestRuntime {
  const runtime = testRuntime({ sleep: () => new Promise(() => {}), ...machine });
  return { ...runtime, fetch: (options) => runtime.fetch({ ...options, timeout: 60_000 }) };
}

/** Runs `test --json` in this process; nothing of it is kept anywhere. */
export async function battery(
  args: readonly string[],
  machine: Partial<TestMachine> = {},
): Promise<BatteryRun> {
  const runtime = patientRuntime({ home: '/nowhere', ...machine });
  const exitCode = await runInProcess(runtime, ['test', '--json', '--storage', 'memory', ...args]);
  const { outcome, checks } = JSON.parse(runtime.stdout.text) as { outcome: string; checks: CheckReport[] };
  const messages = (wanted: CheckOutcome) =>
    Object.fromEntries(
      checks.filter((check) => check.outcome === wanted).map(({ id, message }) => [id, message]),
    );
  return {
    exitCode,
    outcome,
    checks,
    runtime,
    failures: messages('failed'),
    warnings: messages('warning'),
    incomplete: messages('incomplete'),
    check: (id) => checks.find((check) => check.id === id) ?? expect.unreachable(`no check ${id}`),
  };
}
