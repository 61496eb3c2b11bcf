import type { SignInChoices } from '../../client/logto-parameters.js';
import { refreshTokenAdvice } from '../../client/refresh-token-advice.js';
import { requestedScopes } from '../../client/requested-scopes.js';
import { LogtoError } from '../../errors.js';
import { discover } from '../../oidc/discovery.js';
import type { ProviderMetadata } from '../../oidc/provider-metadata.js';
import type { Settings } from '../../profile/settings.js';
import type { CommandContext } from '../../session/command-context.js';
import { requireApplication } from '../../session/required-application.js';

/** What a sign-in asked for. */
interface Asked {
  readonly options: SignInChoices;
  readonly scopes: readonly string[];
  readonly defaultScopes: boolean;
}

/** How to get the refresh token that did not come, in a sentence: only what this provider says that it has. */
export async function refreshTokenWords(
  context: CommandContext,
  settings: Settings,
  { options, scopes, defaultScopes }: Asked,
): Promise<string> {
  const application = requireApplication(settings);
  const metadata = await knownMetadata(context, settings);
  const { prompt } = options;
  const words = typeof prompt === 'string' ? prompt.split(' ') : prompt;
  const advice = refreshTokenAdvice(application, metadata, {
    scopes: requestedScopes({ ...application, scopes, defaultScopes }, metadata?.scopes_supported),
    consent: words?.includes('consent') ?? (prompt === undefined && application.endpoint !== undefined),
  });
  return 'flags' in advice ? `Ask for one with ${advice.flags}.` : advice.reason;
}

/** The discovery document of a provider other than Logto: the sign-in has just left it in the cache. */
async function knownMetadata(
  { runtime }: CommandContext,
  settings: Settings,
): Promise<ProviderMetadata | null> {
  const { issuer, discoveryUrl, appId = '' } = settings;
  if (issuer === undefined) return null;
  try {
    const options = {
      issuer,
      discoveryUrl,
      clientId: appId,
      fetch: await runtime.fetch(settings),
      now: runtime.now,
    };
    return (await discover({ ...options, cache: await runtime.cache() }, { useCache: true })).metadata;
  } catch (error) {
    if (error instanceof LogtoError) return null;
    throw error;
  }
}
