import type { Configuration } from 'oidc-provider';
import { InvalidTarget } from 'oidc-provider/lib/helpers/errors.js';
import type { AccessRights } from './access-rights.js';
import { organizationAudience } from './organization-names.js';
import type { UserDirectory } from './user-directory.js';

type Features = NonNullable<Configuration['features']>;

/** The engine's feature of resource indicators (RFC 8707), with the resources and rights of a seed. */
export function resourceIndicators(
  rights: AccessRights,
  users: UserDirectory,
): NonNullable<Features['resourceIndicators']> {
  return {
    enabled: true,
    // Several at once in a token request count as none; none at all stays none.
    defaultResource: async (_ctx, _client, several) => (several ? '' : undefined),
    getResourceServerInfo: async ({ oidc }, indicator) => {
      const { session, account, params } = oidc;
      const userId = session?.accountId ?? account?.accountId;
      const user = userId === undefined ? null : users.byId(userId);
      const organizationId = String(params?.['organization_id']);
      const scopes =
        params?.['grant_type'] === 'client_credentials' && indicator === organizationAudience(organizationId)
          ? rights.organizationScopes(organizationId, null)
          : rights.resourceScopes(indicator, user);
      if (!scopes) throw new InvalidTarget();
      return jwtResource(scopes);
    },
  };
}

/** Access tokens with an audience are JWTs, signed as everything else is. */
export function jwtResource(scopes: readonly string[]) {
  return { scope: scopes.join(' '), accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES384' } } } as const;
}
