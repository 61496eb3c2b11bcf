import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node';
import { chromiumMissing, keyringMissing } from './capabilities.js';

/**
 * Ends a test run with the reasons of what was skipped and, as the very last line, `N passed, N failed, N skipped`.
 *
 * A file or a group that broke outside its tests, and an error that no test caught, count as one failure each.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    const skippedByReason = new Map<string, string[]>();
    for (const module of modules) {
      for (const group of [module, ...module.children.allSuites()]) {
        if (group.errors().length > 0) counts.failed += 1;
      }
      for (const test of module.children.allTests()) {
        const result = test.result();
        // A test that never ran (an interrupted run, a broken group) is not a passed one.
        const outcome = result.state === 'pending' ? 'skipped' : result.state;
        counts[outcome] += 1;
        if (outcome !== 'skipped') continue;
        const reason = skipReason(test);
        const names = skippedByReason.get(reason) ?? [];
        skippedByReason.set(reason, [...names, `${module.relativeModuleId} > ${test.fullName}`]);
      }
    }
    const reasons = [...skippedByReason].flatMap(([reason, names]) => [
      `Skipped, ${reason}:`,
      ...names.map((name) => `  ${name}`),
    ]);
    const summary = `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
    process.stdout.write(`${[...reasons, summary].join('\n')}\n`);
  }
}

/** What the test said (`context.skip(reason)`), or what the machine lacks for its kind of file. */
function skipReason(test: TestCase): string {
  const result = test.result();
  if (result.state === 'skipped' && result.note) return result.note;
  const kind = /\.(\w+)\.test\.ts$/.exec(test.module.moduleId)?.[1];
  const missing = kind === 'keychain' ? keyringMissing() : kind === 'browser' ? chromiumMissing() : null;
  return missing ?? 'no reason given';
}
