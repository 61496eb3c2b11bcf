import type { AccessToken } from '../../client/access-token.js';
import type { CommandContext } from '../../session/command-context.js';
import { settingsOf, tellSetAside } from '../../session/connection.js';
import type { ConnectionFlags } from '../../session/connection-flags.js';
import { ProfileSession } from '../../session/profile-session.js';
import type { TokenFlags } from './token-flags.js';

/** The access token of the profile's session. */
export async function obtainSessionToken(
  context: CommandContext,
  flags: Pick<TokenFlags, 'resource' | 'organization' | 'minTtl' | 'refresh'> & ConnectionFlags,
): Promise<AccessToken> {
  const { runtime } = context;
  const settings = await settingsOf(context, flags);
  const signedIn = await ProfileSession.require(runtime, settings);
  const client = await signedIn.client((line) => tellSetAside(context.output, line));
  const { resource: [resource] = [], organization, minTtl, refresh } = flags;
  try {
    return await client.obtainAccessToken({
      ...(resource !== undefined && { resource }),
      ...(organization !== undefined && { organization }),
      ...(minTtl !== undefined && { minTtl }),
      ...(refresh && { refresh }),
    });
  } catch (error) {
    const { withSignInCommand } = await import('./sign-in-command.js');
    throw withSignInCommand(error, signedIn.session, settings, flags);
  }
}

/** The ID token of the profile's session. */
export async function obtainIdToken(context: CommandContext, flags: TokenFlags): Promise<string> {
  const settings = await settingsOf(context, flags);
  const signedIn = await ProfileSession.require(context.runtime, settings);
  const client = await signedIn.client((line) => tellSetAside(context.output, line));
  return client.getIdToken({ minTtl: flags.minTtl ?? 0, refresh: flags.refresh === true });
}
