import { describe, expect, it } from 'vitest';
import { told as missing } from '../support/capabilities.js';
import { freePort } from '../support/free-port.js';
import { documentOf, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { knownFindings } from './known-findings.js';
import { libraryApplications } from './library-applications.js';
import { told } from './outcomes.js';

// One after the other: each waits for what never answers, and is not to be taken for slow because of its neighbours.
describe.each(libraryApplications)('an application on $library', (application) => {
  const { library } = application;
  it.skipIf(missing(library, () => application.missing()) !== null)(
    'has the findings that are known to be true, and no others',
    { timeout: 400_000 },
    async () => {
      const version = application.version();
      const known = knownFindings(library, version);
      expect(known, `${library} ${version} was never looked at by hand: see test/README.md`).not.toBeNull();
      const run = application.prepare(await freePort());
      const variables = Object.entries(run.environment).map(([name, text]) => `${name}=${text}`);
      const flags = [
        ...variables.flatMap((variable) => ['--env', variable]),
        ...['--sign-out', run.signOut],
        ...(run.backChannelLogout === undefined ? [] : ['--back-channel-logout', run.backChannelLogout]),
      ];
      const args = ['test-app', run.url, ...flags, '--json', '--', ...run.command];
      const outcome = await startProgram(args, { home: await temporaryDirectory() }).ended;
      const { checks } = documentOf(outcome) as { checks: readonly { id: string; outcome: string }[] };
      expect(checks, outcome.stderr).toBeDefined();
      const of = (wanted: string) =>
        checks
          .filter((check) => check.outcome === wanted)
          .map(({ id }) => id)
          .toSorted();
      const found = { failed: of('failed'), warning: of('warning'), incomplete: of('incomplete') };
      expect(found, told(outcome)).toEqual({ ...known, incomplete: [] });
      expect(outcome.exitCode).toBe(found.failed.length > 0 ? 1 : 0);
    },
  );
});
