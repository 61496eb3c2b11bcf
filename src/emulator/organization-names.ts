/** Logto's resource indicator for the scopes of organizations. */
export const organizationsResource = 'urn:logto:resource:organizations';

/** The user scope without which no token for an organization is given. */
export const organizationsScope = 'urn:logto:scope:organizations';

/** The role that members of an organization have there. */
export const memberRole = 'member';

/** The audience of a token for an organization. */
export function organizationAudience(id: string): string {
  return `urn:logto:organization:${id}`;
}
