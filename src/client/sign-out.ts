import { LogtoError } from '../errors.js';
import type { Provider } from '../oidc/provider.js';
import type { TokenSet } from './token-set.js';

/** How to sign out. */
export interface SignOutOptions {
  /** Where the provider sends the browser afterwards; must be registered for the application. */
  readonly postLogoutRedirectUri?: string;
  /** Comes back with the browser. */
  readonly state?: string;
  /**
   * Whether the ID token goes into the address as `id_token_hint`. Logto needs none; other providers may insist. Such
   * an address must not be printed or passed as an argument.
   */
  readonly idTokenHint?: boolean;
  /** Further parameters of the request, for providers with ways of their own. Those that the client sets itself are refused. */
  readonly extraParams?: Readonly<Record<string, string>>;
}

/** What is set here, or by an option of its own. */
const ownParameters = ['client_id', 'id_token_hint', 'post_logout_redirect_uri', 'state'];

/**
 * Further parameters of an end session request.
 *
 * @throws LogtoError `config_invalid` for one that is set here; the client's own ID may be said again
 */
export function checkSignOutParameters(extra: SignOutOptions['extraParams'], appId: string): void {
  for (const [name, value] of Object.entries(extra ?? {})) {
    if (!ownParameters.includes(name) || (name === 'client_id' && value === appId)) continue;
    throw new LogtoError(
      'config_invalid',
      `The parameter ${name} of the end session request cannot be set by hand.`,
      'Leave it out: it is set here already, or by an option of its own.',
    );
  }
}

/** What became of each part of a sign-out. */
export interface SignOutReport {
  /** `skipped`: there was no refresh token to revoke. */
  readonly revocation: 'done' | 'failed' | 'skipped' | 'unsupported';
  /** Why the revocation, or the way to the provider, failed. */
  readonly failure: LogtoError | null;
  /** Where to send the browser to end the provider's session; `null` when there is no such place, or it is out of reach. */
  readonly endSessionUrl: string | null;
}

/** Revokes what can be revoked, and finds out where the provider's session is ended. Never fails with the network. */
export async function endAtProvider(
  tokenSet: TokenSet,
  discover: () => Promise<Provider>,
  { postLogoutRedirectUri, state, idTokenHint, extraParams }: SignOutOptions,
): Promise<SignOutReport> {
  const { refreshToken, idToken } = tokenSet;
  let provider: Provider;
  try {
    provider = await discover();
  } catch (error) {
    return {
      revocation: refreshToken === null ? 'skipped' : 'failed',
      failure: own(error),
      endSessionUrl: null,
    };
  }
  provider.authenticateBy(tokenSet.authentication);
  const endSessionUrl = provider.endSessionUrl({
    ...extraParams,
    ...(postLogoutRedirectUri !== undefined && { post_logout_redirect_uri: postLogoutRedirectUri }),
    ...(state !== undefined && { state }),
    ...(idTokenHint && { id_token_hint: idToken }),
  });
  if (refreshToken === null) return { revocation: 'skipped', failure: null, endSessionUrl };
  try {
    return { revocation: await provider.revoke(refreshToken), failure: null, endSessionUrl };
  } catch (error) {
    return { revocation: 'failed', failure: own(error), endSessionUrl };
  }
}

/** A failure that is ours to report; anything else is a bug and must surface. */
function own(error: unknown): LogtoError {
  if (error instanceof LogtoError) return error;
  throw error;
}
