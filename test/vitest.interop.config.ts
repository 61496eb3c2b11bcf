import { defineConfig } from 'vitest/config';
import everyday from './vitest.config.js';

/** The providers that other people wrote, as `npm run test:interop`: their files are no `*.test.ts`. */
export default defineConfig({
  ...everyday,
  test: {
    ...everyday.test,
    include: ['test/interop/*.interop.ts'],
    globalSetup: ['test/support/temporary-folder.ts', 'test/interop/npm-providers.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
