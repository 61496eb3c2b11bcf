import type { LogtoConfig } from './logto-config.js';

/**
 * The scopes of the authorization request: `openid profile offline_access` at Logto. Another provider is asked for
 * nothing that it does not have, since asking in vain can end in `invalid_scope`: for `profile` unless it lists its
 * scopes without that one, for `offline_access` only where it lists it.
 *
 * @param supported discovery's `scopes_supported`; `undefined` where there is no such list
 */
export function requestedScopes(config: LogtoConfig, supported: readonly string[] | undefined): string[] {
  // Without openid the response is no sign-in: it has no ID token (OpenID Connect Core 1.0, section 3.1.2.1).
  return [...new Set(['openid', ...defaultScopes(config, supported), ...(config.scopes ?? [])])];
}

function defaultScopes(config: LogtoConfig, supported: readonly string[] | undefined): string[] {
  if (config.defaultScopes === false) return [];
  if (config.endpoint !== undefined) return ['profile', 'offline_access'];
  return [
    ...(supported === undefined || supported.includes('profile') ? ['profile'] : []),
    ...(supported?.includes('offline_access') ? ['offline_access'] : []),
  ];
}
