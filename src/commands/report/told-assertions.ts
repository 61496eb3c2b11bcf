import type { AccessToken } from '../../client/access-token.js';
import type { LogtoClient } from '../../client/logto-client.js';
import { exitCodeOf, LogtoError } from '../../errors.js';
import type { Expectation } from '../../expectation/expectation.js';
import { unmetExpectations } from '../../expectation/unmet-expectations.js';
import { inConsole } from '../../logto-console.js';
import { decodeJwt } from '../../oidc/validate/jwt.js';
import { errorDocument, reportError } from '../../output/error-report.js';
import type { ResultValue } from '../../output/output.js';
import { linesFor } from '../../output/wrap-words.js';
import type { CommandContext } from '../../session/command-context.js';
import { counted, worded } from '../../wording.js';
import type { OutputFlags } from '../command.js';

/** What assertions are made about, by name. */
export type Facts = Readonly<Record<string, unknown>>;

/**
 * What can be asserted of a session: the claims of its ID token, `ttl` (the seconds that it has left) and, asked for only
 * where an assertion wants them, `access_token` and `userinfo`.
 *
 * @param client for an access token, refreshed when needed, and UserInfo
 */
export async function sessionFacts(
  expectations: readonly Expectation[],
  session: { readonly claims: Facts; readonly idTokenExpiresAt: number },
  now: number,
  client: {
    readonly accessToken: () => Promise<AccessToken>;
    readonly userInfo: LogtoClient['fetchUserInfo'];
  },
): Promise<Facts> {
  const wants = (root: string) =>
    expectations.some(({ path }) => path === root || path.startsWith(`${root}.`));
  return {
    ...session.claims,
    ttl: secondsLeft(session.idTokenExpiresAt, now),
    ...(wants('access_token') && { access_token: await accessTokenOrNothing(client.accessToken, now) }),
    ...(wants('userinfo') && { userinfo: await client.userInfo() }),
  };
}

/** A token that the provider denies is nothing: that may be what is asserted. */
async function accessTokenOrNothing(
  accessToken: () => Promise<AccessToken>,
  now: number,
): Promise<Facts | null> {
  try {
    return accessTokenFacts(await accessToken(), now);
  } catch (error) {
    if (error instanceof LogtoError && exitCodeOf(error) === 9) return null;
    throw error;
  }
}

/** What can be asserted of an access token: its claims where it is a JWT, and what its response said. */
export function accessTokenFacts(token: AccessToken, now: number): Facts {
  const { accessToken, tokenType, scopes, resource, organization, expiresAt } = token;
  return {
    token_type: tokenType,
    scope: scopes.join(' '),
    resource,
    organization,
    ...decodeJwt(accessToken)?.claims,
    ttl: expiresAt === null ? null : secondsLeft(expiresAt, now),
  };
}

/** What to do where an assertion on a token fails in which nobody but the provider sees a claim. */
export function adviceOnOpaque({ accessToken }: AccessToken): string | undefined {
  return decodeJwt(accessToken) === null
    ? 'The token is opaque: of it only token_type, scope, resource, organization and ttl can be asserted. ' +
        'See what the provider knows of the user with: logto-cli whoami --remote'
    : undefined;
}

/** What can be asserted of an ID token. */
export function idTokenFacts(idToken: string, now: number): Facts {
  const claims = decodeJwt(idToken)?.claims ?? {};
  return { ...claims, ttl: secondsLeft(Number(claims['exp']) * 1000, now) };
}

/** What a command has to tell. */
export interface AssertedResult {
  readonly document: object;
  readonly lines: readonly string[] | ResultValue;
  /** Instead of `lines` where an assertion failed. Default: the same. */
  readonly linesOfFailure?: readonly string[];
  /** What to do where an assertion failed, if that is not to correct the assertion or the claims. */
  readonly advice?: string | undefined;
}

/**
 * Tells a command's result and every assertion that does not hold, with what was seen: `assertion_failed`, with `--json` in
 * the same document.
 *
 * @returns the exit code when that is not 0
 */
export function tellAsserted(
  { runtime, output }: CommandContext,
  flags: OutputFlags,
  result: AssertedResult,
  expectations: readonly Expectation[],
  facts: Facts,
): number | undefined {
  const failures = unmetExpectations(expectations, facts).map(
    ({ expected, seen }) => `${expected}: saw ${seen}`,
  );
  if (failures.length === 0) {
    output.result(result.document, result.lines);
    return undefined;
  }
  const error = new LogtoError(
    'assertion_failed',
    `${failures.length} of ${counted(expectations.length, 'assertion')} failed.`,
    result.advice ??
      worded(
        {
          general: 'Correct the assertion, or what gives the user these claims at the provider.',
          logto:
            'Correct the assertion, or what gives the user these claims: ' +
            `${inConsole('User management')}, ${inConsole('Roles')}, ${inConsole('Custom JWT')}.`,
        },
        'endpoint' in result.document ? 'endpoint' : 'issuer',
      ),
    { failures },
  );
  output.result({ ...result.document, error: errorDocument(error) }, result.linesOfFailure ?? result.lines);
  if (!flags.json) {
    const { stderr } = runtime;
    for (const line of failures) stderr.write(linesFor(stderr, `${stderr.paint.red('✗')} ${line}`));
    reportError(error, stderr, { quiet: flags.quiet });
  }
  return exitCodeOf(error);
}

function secondsLeft(moment: number, now: number): number {
  return Math.floor((moment - now) / 1000);
}
