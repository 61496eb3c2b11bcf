import {
  type AccessToken,
  type AccessTokenRequest,
  organizationResource,
  organizationScope,
} from '../../client/access-token.js';
import { LogtoClient } from '../../client/logto-client.js';
import type { LogtoConfig } from '../../client/logto-config.js';
import type { Session } from '../../client/session.js';
import { type ErrorCode, LogtoError } from '../../errors.js';
import type { Expectation } from '../../expectation/expectation.js';
import { unmetExpectations } from '../../expectation/unmet-expectations.js';
import { causeOfRefusal } from '../../flow/refused-request.js';
import { confirmSignOut } from '../../headless/confirm-sign-out.js';
import { CookieJar } from '../../headless/cookie-jar.js';
import { signInThroughExperience } from '../../headless/experience-sign-in.js';
import type { ExperienceUser } from '../../headless/experience-user.js';
import type { Browserless } from '../../headless/follow.js';
import type { TotpTurns } from '../../headless/totp-turns.js';
import { inConsole } from '../../logto-console.js';
import type { Fetch } from '../../network/fetch.js';
import type { ProviderObserver } from '../../oidc/provider-event.js';
import { MemoryStorage } from '../../storage/memory-storage.js';
import { namedBy } from '../../wording.js';
import type { CheckResult } from '../run/check.js';
import { passed, resultOfException } from '../run/check-results.js';

/** Finds out what assertions are made about. */
type FactsOf = (
  expectations: readonly Expectation[],
  session: Session,
  now: number,
  client: {
    readonly accessToken: () => Promise<AccessToken>;
    readonly userInfo: LogtoClient['fetchUserInfo'];
  },
) => Promise<Readonly<Record<string, unknown>>>;

/** One sign-in without a browser, and what must come of it. */
export interface ScenarioSignIn {
  readonly application: LogtoConfig;
  readonly redirectUri: string;
  /** The origins that the user's credentials may be sent to: see `credentialOrigins`. */
  readonly origins: readonly string[];
  readonly user: ExperienceUser;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  readonly organization?: string;
  readonly expectations: readonly Expectation[];
  /** The failure that must come. */
  readonly expectError?: ErrorCode;
  /** Blacks out what is secret in what is told. */
  readonly mask: (text: string) => string;
  readonly factsOf: FactsOf;
  readonly fetch: Fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly observe?: ProviderObserver | undefined;
  /** What all scenarios of a run know of the codes of authenticators that were used. */
  readonly totpTurns: TotpTurns;
}

/**
 * Signs in with a session of its own, gets every token that was asked for, looks whether what was expected came of it,
 * and ends the session. Nothing is stored.
 */
export async function signInAsScenario(scenario: ScenarioSignIn, signal: AbortSignal): Promise<CheckResult> {
  const { application, organization, fetch, now, observe, mask } = scenario;
  const ofOrganization = organization !== undefined;
  const client = new LogtoClient(
    {
      ...application,
      scopes: [...scenario.scopes, ...(ofOrganization ? [organizationScope] : [])],
      resources: [...scenario.resources, ...(ofOrganization ? [organizationResource] : [])],
    },
    { storage: new MemoryStorage(), fetch, now, observe },
  );
  const cookies = new CookieJar();
  const attempt = signIn(scenario, client, cookies, signal);
  const ended = await attempt.then(
    (facts) => resultOfFacts(scenario, facts),
    (error: unknown) => (error instanceof LogtoError ? resultOfFailure(scenario, error) : null),
  );
  const left = await endSession(client, { fetch, cookies });
  if (ended === null) throw await attempt.catch((bug: unknown) => bug);
  const { hint, ...result } = left === null || ended.outcome !== 'passed' ? ended : leftOver(ended, left);
  return {
    ...result,
    message: mask(result.message),
    ...(hint !== undefined && { hint: mask(hint) }),
  };
}

async function signIn(
  scenario: ScenarioSignIn,
  client: LogtoClient,
  cookies: CookieJar,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  const { redirectUri, origins, user, resources, organization, expectations, fetch, now } = scenario;
  signal.throwIfAborted();
  const authorizationUrl = await client.signIn({ redirectUri });
  signal.throwIfAborted();
  const { application, totpTurns } = scenario;
  const request = { authorizationUrl, redirectUri, origins, namedBy: namedBy(application), user };
  const journey = { ...request, fetch, cookies, now, signal, totpTurns };
  // Not ended by the signal: tokens that were given and not kept could not be revoked.
  const callback = await signInThroughExperience(journey).catch(async (error: unknown) => {
    throw await causeOfRefusal(error, client, { redirectUri }, signal);
  });
  await client.handleSignInCallback(callback);
  const wanted: AccessTokenRequest[] = [
    ...resources.map((resource) => ({ resource })),
    ...(organization === undefined ? [] : [{ organization }]),
  ];
  for (const request of wanted) {
    signal.throwIfAborted();
    await client.obtainAccessToken(request);
  }
  const session = await client.getSession();
  if (session === null) throw new Error('a session was stored and is gone');
  return scenario.factsOf(expectations, session, now(), {
    accessToken: () => client.obtainAccessToken(wanted[0] ?? {}),
    userInfo: () => client.fetchUserInfo(),
  });
}

function resultOfFacts(
  { expectError, expectations }: ScenarioSignIn,
  facts: Readonly<Record<string, unknown>>,
): CheckResult {
  if (expectError !== undefined) {
    return {
      outcome: 'failed',
      code: 'assertion_failed',
      message: `Expected the failure ${expectError}, and the sign-in succeeded (sub ${facts['sub']}).`,
      hint: 'Correct expectError, or what lets the user in at the provider.',
      logto: {
        hint: `Correct expectError, or what lets the user in: ${inConsole('User management')}, ${inConsole('Sign-in & account')}.`,
      },
    };
  }
  const unmet = unmetExpectations(expectations, facts);
  const amount = expectations.length;
  if (unmet.length > 0) {
    return {
      outcome: 'failed',
      code: 'assertion_failed',
      message: `${unmet.length} of ${amount} ${amount === 1 ? 'assertion' : 'assertions'} failed: ${unmet
        .map(({ expected, seen }) => `${expected}: saw ${seen}`)
        .join('; ')}`,
      hint: 'Correct the assertion, or what gives the user these claims at the provider.',
      logto: {
        hint: `Correct the assertion, or what gives the user these claims: ${inConsole('User management')}, ${inConsole('Roles')}, ${inConsole('Custom JWT')}.`,
      },
    };
  }
  const held =
    amount === 0 ? '' : `, and ${amount === 1 ? 'the assertion holds' : `${amount} assertions hold`}`;
  return passed(`Signed in as ${facts['sub']}${held}.`);
}

function resultOfFailure({ expectError }: ScenarioSignIn, error: LogtoError): CheckResult {
  const { code, message, hint } = error;
  if (code === expectError) return passed(`Ended with ${code}, as expected: ${message}`);
  const found = resultOfException(error);
  // A network that is down refutes nothing.
  if (expectError === undefined || found.outcome === 'incomplete') return found;
  return {
    outcome: 'failed',
    code,
    message: `Expected the failure ${expectError}, and saw ${code}: ${message}`,
    hint,
  };
}

/** Ends the session here and at the provider. What stopped that, where something did. */
async function endSession(client: LogtoClient, browser: Browserless): Promise<LogtoError | null> {
  // Without tokens there is at most a session of which nobody has the cookie any more.
  if (!(await client.isAuthenticated())) return null;
  try {
    const { endSessionUrl, failure } = await client.signOutWithReport();
    if (endSessionUrl !== null) await confirmSignOut(browser, endSessionUrl);
    return failure;
  } catch (error) {
    if (error instanceof LogtoError) return error;
    throw error;
  }
}

function leftOver({ message }: CheckResult, { code, message: why }: LogtoError): CheckResult {
  return {
    outcome: 'warning',
    code,
    message: `${message} But its session could not be ended: ${why}`,
    hint: 'End it by hand: the sessions of the user at the provider.',
    logto: { hint: `End it by hand: ${inConsole('User management', 'the user')}.` },
  };
}
