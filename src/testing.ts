/**
 * What a test suite imports: an OpenID Provider of its own, and a user who signs in there without a browser.
 *
 * @module
 */

export type { PageVisit } from './check/application/page-visitor.js';
export type {
  PageRequest,
  PageResponse,
  TestedBrowser,
  TestedCookie,
  TestedPage,
} from './check/application/tested-page.js';
export type { Baseline, KnownFailure, StaleFailure } from './check/run/baseline.js';
export type { CheckOutcome, CheckReport } from './check/run/check.js';
export type { ChecksOutcome, ChecksReport } from './check/run/run-checks.js';
export {
  type Emulator,
  type EmulatorOptions,
  type RegisteredUris,
  startEmulator,
} from './emulator/emulator.js';
export type { EmulatorRequest } from './emulator/emulator-request.js';
export type { AnswerFault, EmulatorFaults, IdTokenFault } from './emulator/faults/emulator-faults.js';
export type { LogoutTokenFault, ResponseFault } from './emulator/faults/fault-names.js';
export { parseSeed } from './emulator/parse-seed.js';
export {
  defaultSeed,
  type EmulatorApplication,
  type EmulatorApplicationType,
  type EmulatorDescription,
  type EmulatorOneTimeToken,
  type EmulatorOrganization,
  type EmulatorResource,
  type EmulatorSeed,
  type EmulatorSignInExperience,
  type EmulatorUser,
} from './emulator/seed.js';
export type { TokenLifetimes } from './emulator/token-lifetimes.js';
export type { ObservedRequest } from './emulator/visits/observed-request.js';
export type { EmulatorVisit } from './emulator/visits/visit.js';
export type { VisitGuide } from './emulator/visits/visit-guide.js';
export { type EmulatorSignIn, signIn } from './flow/sign-in-to-emulator.js';
export { CookieJar } from './headless/cookie-jar.js';
export {
  type FollowSignInOptions,
  type FollowSignOutOptions,
  followSignIn,
  followSignOut,
} from './headless/follow-sign-in.js';
export type { ServerTls as EmulatorTls } from './loopback/server-tls.js';
export type { ApplicationTest } from './testing/application-test.js';
export { testApplication } from './testing/test-application.js';
