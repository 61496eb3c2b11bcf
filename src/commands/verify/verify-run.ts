import { type NamedProvider, placeOf } from '../../client/logto-config.js';
import { sessionProvider } from '../../client/session.js';
import { exitCodeOf, LogtoError } from '../../errors.js';
import type { ProviderPlace } from '../../oidc/issuer-url.js';
import { pastedToken } from '../../oidc/pasted-token.js';
import { decodeJwt } from '../../oidc/validate/jwt.js';
import {
  type ApiExpectations,
  unreadableToken,
  type VerifiedToken,
  verifyToken,
} from '../../oidc/verify/verify-token.js';
import { errorDocument, reportError } from '../../output/error-report.js';
import type { Settings } from '../../profile/settings.js';
import { askSecret } from '../../session/ask-secret.js';
import type { CommandContext } from '../../session/command-context.js';
import { profileUnknown, settingsOf, tellSetAside } from '../../session/connection.js';
import { ProfileSession } from '../../session/profile-session.js';
import { issuerMissing, placeholderIn } from '../../session/required-application.js';
import { shellWord } from '../../shell-word.js';
import { namedBy } from '../../wording.js';
import { tokenInvalid, verifiedDocument, verifiedLines } from './verified-token.js';
import type { VerifyFlags } from './verify-flags.js';

/** A token, and who should have issued it. */
interface GivenToken {
  readonly token: string;
  readonly provider: NamedProvider;
  /** Who issued the session that it is of. */
  readonly issuer?: string;
  readonly appId?: string;
}

/**
 * Tells what an API would say of a token: with `--json` in one document, which has the failure too.
 *
 * @returns the exit code when that is not 0
 */
export async function verify(
  context: CommandContext,
  given: string | undefined,
  flags: VerifyFlags,
): Promise<number | undefined> {
  const { runtime, output } = context;
  checkFlags(given, flags);
  const settings = await settingsOf(context, flags, given !== undefined);
  const found =
    given === undefined
      ? await sessionToken(context, settings, flags)
      : { ...settingsToken(settings), token: await readToken(context, given, flags) };
  const verified = await verifiedToken(context, settings, found, flags);
  const { document, lines } = {
    document: verifiedDocument(verified),
    lines: verifiedLines(verified, runtime.stdout),
  };
  if (verified.valid) {
    output.result(document, lines);
    return undefined;
  }
  const error = tokenInvalid(verified);
  output.result({ ...document, error: errorDocument(error, output.pasteable) }, lines);
  if (!flags.json) reportError(error, runtime.stderr, { quiet: flags.quiet, pasteable: output.pasteable });
  return exitCodeOf(error);
}

async function verifiedToken(
  { runtime }: CommandContext,
  settings: Settings,
  { token, provider, issuer, appId }: GivenToken,
  { resource = [], organization, audience = [], scope = [] }: VerifyFlags,
): Promise<VerifiedToken> {
  const unreadable = unreadableToken(token, namedBy(provider));
  if (unreadable !== null) return unreadable;
  const expected: ApiExpectations = {
    ...placeOfIssuer(token, settings, provider),
    ...(issuer !== undefined && { ofSession: issuer }),
    namedBy: namedBy(provider),
    audiences: audience.length > 0 ? audience : resource,
    scopes: scope,
    ...(organization !== undefined && { organization }),
    ...(appId !== undefined && { appId }),
    fetch: await runtime.fetch(settings),
    now: runtime.now,
    observe: runtime.observe,
  };
  return verifyToken(token, expected);
}

function checkFlags(given: string | undefined, { resource = [] }: VerifyFlags): void {
  if (given !== undefined && resource.length > 0) {
    throw new LogtoError(
      'usage_invalid',
      '--resource chooses a token of the session, and one is given.',
      'Say for whom it has to be with --audience.',
    );
  }
  if (resource.length < 2) return;
  throw new LogtoError(
    'config_invalid',
    'An access token is for one resource, and --resource is given more than once.',
    'Call it once for each resource.',
  );
}

/** The access token of the profile's session, refreshed when it must be. */
async function sessionToken(
  context: CommandContext,
  settings: Settings,
  { resource: [resource] = [], organization }: VerifyFlags,
): Promise<GivenToken> {
  const signedIn = await ProfileSession.require(context.runtime, settings);
  const client = await signedIn.client((line) => tellSetAside(context.output, line));
  const { accessToken: token } = await client.obtainAccessToken({
    ...(resource !== undefined && { resource }),
    ...(organization !== undefined && { organization }),
  });
  const { session } = signedIn;
  return { token, provider: sessionProvider(session), issuer: session.issuer, appId: session.appId };
}

function settingsToken({ endpoint, issuer, discoveryUrl, appId }: Settings): Omit<GivenToken, 'token'> {
  return {
    provider: { endpoint, issuer, discoveryUrl },
    ...(appId !== undefined && { appId }),
  };
}

/** The token that somebody gives: as it stands there, piped in, or typed unseen. */
async function readToken({ runtime }: CommandContext, given: string, flags: VerifyFlags): Promise<string> {
  const { stdin } = runtime;
  const isAsked = given === '-' && stdin.isTerminal && flags.input !== false;
  const text = isAsked
    ? ((await askSecret(runtime, 'Token: ')) ?? '')
    : given === '-'
      ? await stdin.readAll()
      : given;
  const token = pastedToken(text);
  if (token === '')
    throw new LogtoError(
      'usage_invalid',
      'There is no token to verify.',
      'Pipe it in: logto-cli verify - < token.txt',
    );
  if (!/^[{[]/.test(token)) return token;
  throw new LogtoError(
    'usage_invalid',
    'The given text is JSON, and no token.',
    'Give the token in it, such as: jq -r .access_token response.json | logto-cli verify -',
  );
}

/**
 * The provider that has to have issued it, and where its document is.
 *
 * @throws LogtoError `profile_unknown`; `config_missing`, whose hint has the one that the token names; `config_invalid`
 */
function placeOfIssuer(token: string, settings: Settings, provider: NamedProvider): ProviderPlace {
  if (provider.endpoint !== undefined || provider.issuer !== undefined) {
    const failure = placeholderIn({ ...settings, appId: '' });
    if (failure !== null) throw failure;
    return placeOf(provider);
  }
  if (provider.discoveryUrl !== undefined) throw issuerMissing(settings);
  if (!settings.profileKnown) throw profileUnknown(settings.profile);
  const iss = decodeJwt(token)?.claims['iss'];
  const named = typeof iss === 'string' && /^https?:\/\/[^\s@?#]{1,200}$/i.test(iss);
  throw new LogtoError(
    'config_missing',
    'No OpenID Provider is set (--endpoint, LOGTO_ENDPOINT; or --issuer, LOGTO_CLI_ISSUER).',
    `Say which one the API trusts.${named ? ` The token itself, which anybody may have written, names --issuer ${shellWord(iss)}` : ''}`,
  );
}
