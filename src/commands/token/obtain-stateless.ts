import type { AccessToken } from '../../client/access-token.js';
import { LogtoClient } from '../../client/logto-client.js';
import { checkSubjectTokenType } from '../../client/token-exchange.js';
import { LogtoError } from '../../errors.js';
import { type SecretVariable, secretFlags } from '../../profile/secret-kinds.js';
import type { Settings } from '../../profile/settings.js';
import type { CommandContext } from '../../session/command-context.js';
import { readSecret, settingsOf, tellSetAside, variableSecret } from '../../session/connection.js';
import { findApplication } from '../../session/find-application.js';
import { withSecret } from '../../session/with-secret.js';
import type { TokenFlags } from './token-flags.js';

/** An access token for another token of a user (RFC 8693). Nothing is stored. */
export async function obtainExchanged(context: CommandContext, flags: TokenFlags): Promise<AccessToken> {
  const { subjectTokenType = 'access-token' } = flags;
  checkSubjectTokenType(subjectTokenType);
  const settings = await settingsOf(context, flags, true);
  const client = await statelessClient(context, settings, flags);
  const subjectToken = await subjectTokenOf(context, settings, flags);
  const actorToken = flags.actorTokenStdin
    ? await readToken(context, flags, 'LOGTO_CLI_ACTOR_TOKEN')
    : variableSecret(context, settings, 'LOGTO_CLI_ACTOR_TOKEN');
  const { resource: [resource] = [], organization, scope = [] } = flags;
  return client.exchangeToken({
    subjectToken,
    subjectTokenType,
    ...(actorToken !== undefined && { actorToken }),
    ...(resource !== undefined && { resource }),
    ...(organization !== undefined && { organization }),
    scopes: scope,
  });
}

/** From standard input when that is asked for, else from its variable, else typed unseen. */
async function subjectTokenOf(
  context: CommandContext,
  settings: Settings,
  flags: TokenFlags,
): Promise<string> {
  const { runtime } = context;
  const variable = 'LOGTO_CLI_SUBJECT_TOKEN';
  const given = flags.subjectTokenStdin ? undefined : variableSecret(context, settings, variable);
  if (given !== undefined) return given;
  const isAsked =
    runtime.stdin.isTerminal && flags.input !== false && !flags.actorTokenStdin && !flags.appSecretStdin;
  if (flags.subjectTokenStdin || isAsked) return readToken(context, flags, variable);
  throw new LogtoError(
    'config_missing',
    'No token is given to exchange (LOGTO_CLI_SUBJECT_TOKEN, --subject-token-stdin).',
    'Set LOGTO_CLI_SUBJECT_TOKEN, or pipe the token in: add --subject-token-stdin < token.txt',
  );
}

function readToken(
  { runtime }: CommandContext,
  flags: TokenFlags,
  variable: SecretVariable,
): Promise<string> {
  const question = variable === 'LOGTO_CLI_SUBJECT_TOKEN' ? 'Subject token: ' : 'Actor token: ';
  return readSecret(runtime, flags, secretFlags[variable], question);
}

/** An access token of a machine-to-machine application for itself. Nothing is stored. */
export async function obtainClientCredentials(
  context: CommandContext,
  flags: TokenFlags,
): Promise<AccessToken> {
  const client = await statelessClient(context, await settingsOf(context, flags, true), flags);
  const { resource: [resource] = [], organization, scope = [] } = flags;
  const token = await client.getClientCredentialsToken({
    ...(resource !== undefined && { resource }),
    ...(organization !== undefined && { organization }),
    scopes: scope,
  });
  if (token.authentication !== undefined) {
    const { unreadHeader } = await import('../../oidc/unread-header.js');
    const { seen, hint } = unreadHeader(token.authentication);
    context.output.warn(`${seen}. ${hint}`);
  }
  return token;
}

/** A client of the application of these settings that looks for no session, and keeps none. */
async function statelessClient(
  { runtime, output }: CommandContext,
  settings: Settings,
  flags: TokenFlags,
): Promise<LogtoClient> {
  const configured = await findApplication(runtime, settings, flags);
  const application = await withSecret(runtime, settings, configured, undefined, (line) =>
    tellSetAside(output, line),
  );
  return new LogtoClient(application, {
    fetch: await runtime.fetch(settings),
    now: runtime.now,
    observe: runtime.observe,
    cache: await runtime.cache(),
  });
}
