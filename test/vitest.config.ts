import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

/** Kinds of tests to leave out, by file name: `LOGTO_CLI_TEST_EXCLUDE=browser,stress` drops `*.browser.test.ts` and so on. */
const excludedKinds = (process.env['LOGTO_CLI_TEST_EXCLUDE'] ?? '').split(',').filter((kind) => kind !== '');

export default defineConfig({
  // As those who install the package import it, without a build.
  resolve: {
    alias: {
      'logto-cli/testing': fileURLToPath(new URL('../src/testing.ts', import.meta.url)),
      'logto-cli': fileURLToPath(new URL('../src/index.ts', import.meta.url)),
    },
  },
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...excludedKinds.map((kind) => `test/**/*.${kind}.test.ts`)],
    globalSetup: ['test/support/temporary-folder.ts'],
    setupFiles: ['test/support/clean-environment.ts'],
    reporters: ['default', './test/support/summary-reporter.ts'],
    // A test file owns its process: its environment is inherited by the programs that it starts.
    pool: 'forks',
    // Most tests wait, for programs that start and for time limits, and so a small machine does several files at once.
    maxWorkers: Math.max(4, availableParallelism()),
    // A machine of CI is shared: a test that fails there must fail three times, so that its neighbours' load does not count.
    retry: process.env['CI'] ? 2 : 0,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
