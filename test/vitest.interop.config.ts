import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The providers and the applications that other people wrote, as `npm run test:interop`: their files are no `*.test.ts`. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/interop/*.interop.ts'],
    globalSetup: [
      'test/support/temporary-folder.ts',
      'test/interop/npm-providers.ts',
      'test/interop/npm-applications.ts',
    ],
    setupFiles: ['test/support/clean-environment.ts'],
    reporters: ['default', './test/support/summary-reporter.ts'],
    pool: 'forks',
    maxWorkers: 4,
    retry: process.env['CI'] ? 2 : 0,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
