import type { TestedPage } from '../check/application/tested-page.js';
import type { ChecksReport } from '../check/run/run-checks.js';
import type { ApplicationTest } from './application-test.js';

/**
 * Tests an application as `logto-cli test-app` does, with steps of your own in a browser of your own: does it sign people
 * in, and nobody else? The emulator signs in soundly once, and then answers wrongly, once for each thing that can go wrong;
 * each check says whether the application believed it. For applications that need scripts to sign in.
 *
 * A visit is known to the emulator by the browser that makes it, so that several are made side by side. What a browser
 * does not show (its cookies, its addresses), the checks that need it are skipped for, and say so.
 *
 * @returns what `test-app --json` prints
 * @throws LogtoError `app_not_started` where nobody answers at `url`; `app_undecided` where `visit` leads to no
 * authorization request at this emulator, or `isSignedIn` does not tell a signed-in browser from any other;
 * `config_invalid` for a check that is not there, or an address that is none; the reason of `signal`
 *
 * @example
 * ```ts
 * // With Playwright:
 * const { outcome, checks } = await testApplication({
 *   emulator,
 *   url: 'http://localhost:5173/',
 *   newContext: () => browser.newContext(),
 *   visit: async (page) => {
 *     await page.getByRole('button', { name: 'Sign in' }).click();
 *     await page.getByText(/^(Signed in as|The sign-in was refused)/).waitFor();
 *   },
 *   isSignedIn: async (page) => {
 *     await page.getByText(/^(Signed in as|Nobody is signed in)/).waitFor();
 *     return page.getByText('Signed in as').isVisible();
 *   },
 * });
 * expect(checks.filter((check) => check.outcome === 'failed')).toEqual([]);
 * ```
 */
export async function testApplication<Page extends TestedPage>(
  test: ApplicationTest<Page>,
): Promise<ChecksReport> {
  const { runApplicationTest } = await import('./run-application-test.js');
  return runApplicationTest(test);
}
