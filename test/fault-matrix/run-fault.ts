import { exitCodeOf, LogtoError } from '../../src/errors.js';
import { createFetch } from '../../src/network/create-fetch.js';
import { type DoctorRun, doctor } from '../check/doctor/doctor-run.js';
import { certificateFile } from '../support/certificate-files.js';
import { HttpBrowser } from '../support/http-browser.js';
import { runInProcess } from '../support/run-in-process.js';
import { testRuntime } from '../support/test-runtime.js';
import { before, later, works } from './fault.js';
import type { Flags, Setup } from './sound-setup.js';

/** What `doctor` says of a setup, with the patience that it has, and how long it took. */
export async function runDoctor(setup: Setup): Promise<DoctorRun & { readonly milliseconds: number }> {
  const { home, environment, machine } = setup;
  const { sleep } = testRuntime({ home });
  const begun = performance.now();
  const run = await doctor(
    commandLine({ ...setup.flags, ...setup.doctorFlags }),
    { sleep, ...machine, home, environment },
    (runtime) => ({
      ...runtime,
      fetch: (options) => createFetch({ ...options, environment: runtime.environment }),
    }),
  );
  return { ...run, milliseconds: performance.now() - begun };
}

/** What becomes of a sign-in of somebody who gives the right answers, in the words of {@link works} and its like. */
export async function runSignIn(setup: Setup): Promise<string> {
  const { home, environment, machine, visit, signInPatience: timeout } = setup;
  const fetch = await createFetch({ environment: {}, caFile: certificateFile('authority') });
  const browser = new HttpBrowser(fetch, visit);
  const runtime = testRuntime({ browser, ...machine, home, environment });
  const patient =
    timeout === undefined
      ? runtime
      : { ...runtime, fetch: (options: object) => createFetch({ ...options, environment, timeout }) };
  try {
    await runInProcess(patient, ['sign-in', ...commandLine({ ...setup.flags, ...setup.signInFlags })]);
    await browser.finished();
    return works;
  } catch (error) {
    if (!(error instanceof LogtoError)) throw error;
    const isShown = browser.opened.length > 0 || runtime.stderr.text.includes('code_challenge');
    const at = isShown ? later : before;
    return at(error.code, exitCodeOf(error));
  }
}

/** Flags as they are typed. */
export function commandLine(flags: Flags): string[] {
  return Object.entries(flags).flatMap(([name, values]) =>
    values === true ? [name] : [values].flat().flatMap((value) => [name, value]),
  );
}
