import { describe, expect, it } from 'vitest';
import { type ReportedChecks, reportChecks } from '../../../src/commands/report/report-checks.js';
import { createOutput } from '../../../src/output/output.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { testRuntime } from '../../support/test-runtime.js';

describe('the report for a person', () => {
  it.each([
    { json: false, laidOut: 1 },
    { json: true, laidOut: 0 },
  ])('is laid out where one is shown (--json: $json)', async ({ json, laidOut }) => {
    const runtime = testRuntime({ home: await temporaryDirectory() });
    const output = createOutput(runtime.stdout, runtime.stderr, { json });
    let times = 0;
    const checks: ReportedChecks = {
      amount: 0,
      run: async () => ({ outcome: 'passed', checks: [] }),
      lines: () => {
        times += 1;
        return ['sound'];
      },
    };
    const knowable = { command: 'logto-cli doctor', ids: [], kind: 'check', hint: '' };

    await reportChecks({ runtime, output, environments: [] }, { json }, knowable, () => checks);

    expect(times).toBe(laidOut);
    expect(runtime.stdout.text).toContain(json ? '"outcome": "passed"' : 'sound');
  });
});
