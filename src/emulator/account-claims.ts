import { memberRole } from './organization-names.js';
import type { EmulatorOrganization } from './seed.js';
import type { DirectoryUser } from './user-directory.js';

/** Logto's user scopes and the claims each one stands for, in the order in which its discovery document lists them. */
export const claimsByScope = {
  profile: [
    'name',
    'family_name',
    'given_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
    'username',
    'created_at',
  ],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  address: ['address'],
  custom_data: ['custom_data'],
  identities: ['identities', 'sso_identities'],
  roles: ['roles'],
  'urn:logto:scope:organizations': ['organizations', 'organization_data'],
  'urn:logto:scope:organization_roles': ['organization_roles'],
};

/** The scopes that mean something to the emulator. Others are ignored, as Logto does for first-party applications. */
export const knownScopes = [
  'openid',
  'offline_access',
  ...Object.keys(claimsByScope),
  'urn:logto:scope:sessions',
  'urn:logto:scope:trusted_devices',
];

/**
 * Every claim about a user; the engine keeps those of the granted scopes. As at Logto, what is not known is `null`,
 * `updated_at` counts milliseconds, and some claims come from UserInfo only.
 */
export function accountClaims(
  user: DirectoryUser,
  organizations: readonly EmulatorOrganization[],
  use: string,
): { sub: string; [claim: string]: unknown } {
  const claims = {
    sub: user.id,
    name: user.name ?? null,
    preferred_username: user.username || null,
    picture: user.picture ?? null,
    username: user.username || null,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
    email: user.email ?? null,
    email_verified: user.email !== undefined,
    phone_number: user.phone ?? null,
    phone_number_verified: user.phone !== undefined,
    roles: user.roles ?? [],
    organizations: organizations.map(({ id }) => id),
    organization_roles: organizations.map(({ id }) => `${id}:${memberRole}`),
  };
  if (use === 'id_token') return claims;
  return {
    ...claims,
    custom_data: user.customData ?? {},
    identities: {},
    sso_identities: [],
    organization_data: organizations.map(({ id, name }) => ({ id, name, description: null })),
  };
}
