import type { ProviderMetadata } from '../oidc/provider-metadata.js';
import type { LogtoConfig } from './logto-config.js';

/** What a sign-in that brought no refresh token had asked for. */
export interface AskedForRefreshToken {
  /** Every scope that was sent. */
  readonly scopes: readonly string[];
  /** Whether `prompt` had `consent`. */
  readonly consent: boolean;
}

/** The flags of `sign-in` that get a refresh token, or why there are none. */
export type RefreshTokenAdvice = { readonly flags: string } | { readonly reason: string };

const google = 'https://accounts.google.com';

/**
 * How a sign-in gets a refresh token from this provider. Nothing is advised that the provider does not list: it might
 * refuse the whole sign-in for it.
 *
 * @param metadata the discovery document; `null` where nobody could read it
 * @param asked nothing, where nobody knows
 */
export function refreshTokenAdvice(
  { endpoint, issuer }: Pick<LogtoConfig, 'endpoint' | 'issuer'>,
  metadata: Pick<ProviderMetadata, 'scopes_supported' | 'prompt_values_supported'> | null,
  asked?: AskedForRefreshToken,
): RefreshTokenAdvice {
  const hasScope = asked?.scopes.includes('offline_access') === true;
  const sent = `offline_access${asked?.consent ? ' and prompt=consent' : ''}`;
  if (endpoint !== undefined) {
    if (hasScope && asked?.consent) return { reason: `Logto gave none, though ${sent} were sent.` };
    // The scope is a default one: it is missing where somebody left out the default ones.
    return { flags: `--prompt consent${asked && !hasScope ? ' --scope offline_access' : ''}` };
  }
  if (issuer === google) return { flags: '--param access_type=offline --prompt consent' };
  if (metadata === null)
    return { reason: 'Whether the provider offers one is in its discovery document, which cannot be read.' };
  const { scopes_supported: scopes, prompt_values_supported: prompts } = metadata;
  if (!scopes?.includes('offline_access')) {
    return { reason: 'The provider does not list offline_access: nothing says that it gives one.' };
  }
  const takesConsent = prompts === undefined || prompts.includes('consent');
  if (hasScope && (asked?.consent || !takesConsent)) {
    return { reason: `The provider gave none, though it was asked with ${sent}.` };
  }
  return { flags: `${takesConsent ? '--prompt consent ' : ''}--scope offline_access` };
}
