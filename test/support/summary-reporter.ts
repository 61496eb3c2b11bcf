import type { Reporter, SerializedError, TestCase, TestModule, Vitest } from 'vitest/node';
import { chromiumMissing, keyringMissing } from './capabilities.js';

/**
 * Ends a test run with what needed a retry, the reasons of what was skipped and, as the very last line,
 * `N passed, N failed, N skipped`. A run of the quick tier that nothing failed in says how to run the rest.
 *
 * A file or a group that broke outside its tests, and an error that no test caught, count as one failure each.
 */
export default class SummaryReporter implements Reporter {
  #isQuick = false;

  onInit({ projects }: Vitest): void {
    const names = projects.map(({ name }) => name);
    this.#isQuick = names.includes('units') && !names.includes('deep');
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    const skippedByReason = new Map<string, string[]>();
    const retried: string[] = [];
    for (const module of modules) {
      for (const group of [module, ...module.children.allSuites()]) {
        if (group.errors().length > 0) counts.failed += 1;
      }
      for (const test of module.children.allTests()) {
        const result = test.result();
        // A test that never ran (an interrupted run, a broken group) is not a passed one.
        const outcome = result.state === 'pending' ? 'skipped' : result.state;
        counts[outcome] += 1;
        if (test.diagnostic()?.flaky) retried.push(nameOf(test));
        if (outcome !== 'skipped') continue;
        const reason = skipReason(test);
        const names = skippedByReason.get(reason) ?? [];
        skippedByReason.set(reason, [...names, nameOf(test)]);
      }
    }
    const retries =
      retried.length === 0
        ? []
        : [`${retried.length} passed on retry:`, ...retried.map((name) => `  ${name}`)];
    const reasons = [...skippedByReason].flatMap(([reason, names]) => [
      `Skipped, ${reason}:`,
      ...names.map((name) => `  ${name}`),
    ]);
    const summary = `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
    const rest =
      this.#isQuick && counts.failed === 0
        ? ['Everything else is tested by: npm run test:deep (test/README.md)']
        : [];
    process.stdout.write(`${[...retries, ...reasons, ...rest, summary].join('\n')}\n`);
  }
}

function nameOf(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`;
}

/** What the test said (`context.skip(reason)`), or what the machine lacks for its kind of file. */
function skipReason(test: TestCase): string {
  const result = test.result();
  if (result.state === 'skipped' && result.note) return result.note;
  const kind = /\.(keychain|browser)\./.exec(test.module.moduleId)?.[1];
  const missing = kind === 'keychain' ? keyringMissing() : kind === 'browser' ? chromiumMissing() : null;
  return missing ?? 'no reason given';
}
