import { conflict, type TokenFlags } from './token-flags.js';

/**
 * A token that is given is shown as it is: nothing chooses, gets or refreshes it.
 *
 * @throws LogtoError `usage_invalid`
 */
export function checkGivenToken(flags: TokenFlags): void {
  const ignored = {
    '--resource': flags.resource,
    '--organization': flags.organization,
    '--id-token': flags.idToken,
    '--min-ttl': flags.minTtl,
    '--refresh': flags.refresh,
    '--client-credentials': flags.clientCredentials,
    '--exchange': flags.exchange,
    '--scope': flags.scope,
    '--endpoint': flags.endpoint,
    '--issuer': flags.issuer,
    '--discovery-url': flags.discoveryUrl,
    '--app-id': flags.appId,
    '--app-secret-stdin': flags.appSecretStdin,
    '--auth-method': flags.authMethod,
    '--client-key': flags.clientKey,
    '--ca-file': flags.caFile,
    '--profile': flags.profile,
    '--storage': flags.storage,
    '--expect': flags.expect,
  };
  for (const [name, value] of Object.entries(ignored))
    if (value !== undefined) throw conflict(['--decode <token>', name]);
}
