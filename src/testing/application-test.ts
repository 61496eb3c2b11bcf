import type { PageVisit } from '../check/application/page-visitor.js';
import type { TestedBrowser, TestedPage } from '../check/application/tested-page.js';
import type { Baseline } from '../check/run/baseline.js';
import type { CheckReport } from '../check/run/check.js';
import type { Emulator } from '../emulator/emulator.js';

/**
 * What an application is tested with. `Page` is what a page is in the browser that it is visited with: that of Playwright,
 * or of whatever else has what a {@link TestedPage} has.
 */
export interface ApplicationTest<Page extends TestedPage> {
  /**
   * The provider of the application. During the test it belongs to it alone: what it does wrong for everybody is set by
   * the checks, and is nothing in the end.
   */
  readonly emulator: Emulator;
  /** Where a visit begins; of the application, which is running. */
  readonly url: string;
  /**
   * A browser without cookies, each time: `() => browser.newContext()` with Playwright. It is closed when it is not needed
   * any more.
   */
  readonly newContext: () => Promise<TestedBrowser<Page>>;
  /**
   * Does what a person does in the application to sign in, and waits until the application shows what it made of it: that
   * somebody is signed in, **or that the sign-in was refused**. The page is at `url` already. The emulator signs the user in
   * without showing a page.
   */
  readonly visit: (page: Page, visit: PageVisit) => Promise<unknown>;
  /** Whether the page, at `signedInUrl`, is that of somebody who is signed in; whoever that is. */
  readonly isSignedIn: (page: Page) => boolean | Promise<boolean>;
  /** The page that tells whether somebody is signed in. Default: `url`. */
  readonly signedInUrl?: string;
  /** Signs out, from `signedInUrl`, and waits until that is done. Without it the checks of `sign-out` are skipped. */
  readonly signOut?: (page: Page) => Promise<unknown>;
  /** The parameter of `url` that says where to return to after a sign-in. Without it that check is skipped. */
  readonly returnParameter?: string;
  /** The address at which the application takes logout tokens. Without it the checks of `back-channel` are skipped. */
  readonly backChannelLogoutUrl?: string;
  /** The redirect URI, where it is not on the application's own origin. Default: that of the first authorization request. */
  readonly redirectUri?: string;
  /** Ids or groups of checks: these are run, and those that they need. Default: all. */
  readonly only?: readonly string[];
  /** How many checks are run at once. Default: 4. */
  readonly jobs?: number;
  /**
   * Milliseconds that `visit`, `isSignedIn` and `signOut` may take each, and that is waited for an application that does not
   * answer yet. Default: 15,000.
   */
  readonly timeout?: number;
  /** What is known to fail, as the file of `test-app --baseline` has it: it fails the test no more. */
  readonly baseline?: Baseline;
  /** Ends the test; it is thrown with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Is told of each check as soon as it has ended. */
  readonly onCheck?: (check: CheckReport) => void;
}
