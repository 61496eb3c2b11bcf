import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** A word before `.test.ts` puts a file into the deep tier, and says why it is there (test/README.md). */
const deep = 'test/**/*.*.test.ts';
const stress = 'test/**/*.stress.test.ts';
/** What starts processes or changes its own: a thread has neither a umask nor a working directory. */
const programs = 'test/{cli,end-to-end,program,storage}/**/*.test.ts';

/** Kinds of the deep tier to leave out: `LOGTO_CLI_TEST_EXCLUDE=browser,keychain` drops `*.browser.test.ts` and so on. */
const leftOut = (process.env['LOGTO_CLI_TEST_EXCLUDE'] ?? '')
  .split(',')
  .filter((kind) => kind !== '')
  .map((kind) => `test/**/*.${kind}.{test.ts,*.test.ts}`);

const root = fileURLToPath(new URL('..', import.meta.url));

const setup = ['test/support/clean-environment.ts'];
/** No more than eight processes at once. */
const quickSetup = [...setup, 'test/support/count-processes.ts'];

/** The projects run one after the other, as they stand here. */
const projects: readonly TestProjectInlineConfiguration['test'][] = [
  // A module has no state, so loading all of them anew for each file would only cost time.
  {
    name: 'units',
    include: ['test/**/*.test.ts'],
    exclude: [programs, deep],
    pool: 'threads',
    isolate: false,
    setupFiles: quickSetup,
  },
  {
    name: 'programs',
    include: [programs],
    exclude: [deep],
    pool: 'forks',
    isolate: false,
    setupFiles: quickSetup,
  },
  { name: 'deep', include: [deep], exclude: [stress, ...leftOut], pool: 'forks' },
  // Each has the machine to itself.
  { name: 'stress', include: [stress], exclude: leftOut, pool: 'forks', maxWorkers: 1 },
];

export default defineConfig({
  test: {
    root,
    globalSetup: ['test/support/temporary-folder.ts', 'test/support/place-server.ts'],
    reporters: ['default', './test/support/summary-reporter.ts'],
    projects: projects.map((project, index) => ({
      // As those who install the package import it, without a build.
      resolve: {
        alias: { 'logto-cli/testing': fileURLToPath(new URL('../src/testing.ts', import.meta.url)) },
      },
      test: {
        root,
        setupFiles: setup,
        // Most tests wait, for programs and for time limits, and so a small machine does several files at once.
        maxWorkers: Math.max(4, availableParallelism()),
        // A machine of CI is shared: a test that fails there must fail three times, so that its neighbours' load does
        // not count. What needed it is told.
        retry: process.env['CI'] ? 2 : 0,
        testTimeout: 60_000,
        hookTimeout: 60_000,
        sequence: { groupOrder: index },
        ...project,
      },
    })),
  },
});
