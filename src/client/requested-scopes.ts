import type { LogtoConfig } from './logto-config.js';

/**
 * The scopes of the authorization request: `openid profile offline_access` at Logto; at another provider
 * `offline_access` only where it says that it has it (asking in vain can end in `invalid_scope`).
 *
 * @param supported discovery's `scopes_supported`
 */
export function requestedScopes(config: LogtoConfig, supported: readonly string[]): string[] {
  const offline = config.endpoint !== undefined || supported.includes('offline_access');
  const defaults =
    config.defaultScopes === false ? [] : ['openid', 'profile', ...(offline ? ['offline_access'] : [])];
  // Without openid the response is no sign-in: it has no ID token (OpenID Connect Core 1.0, section 3.1.2.1).
  return [...new Set(['openid', ...defaults, ...(config.scopes ?? [])])];
}
