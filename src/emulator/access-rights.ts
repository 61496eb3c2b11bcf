import { AccessDenied } from 'oidc-provider/lib/helpers/errors.js';
import { managementResource, managementScope } from './management-resource.js';
import { organizationsResource } from './organization-names.js';
import { type EmulatorOrganization, type EmulatorSeed, type EmulatorUser, resourceRole } from './seed.js';

type Scopes = readonly string[];

/** Who may use which application, API resource and organization, as a seed says it. */
export class AccessRights {
  constructor(private readonly seed: Pick<EmulatorSeed, 'applications' | 'resources' | 'organizations'>) {}

  /**
   * Application access control: asked wherever Logto asks it, which is not at the exchange of a code.
   *
   * @throws AccessDenied of the engine where the application is not for this user
   */
  assertMayUse(appId: string, { username, roles = [] }: EmulatorUser): void {
    const { accessControl } = this.seed.applications.find((known) => known.appId === appId) ?? {};
    if (accessControl === undefined || accessControl.users?.includes(username)) return;
    if (accessControl.roles?.some((role) => roles.includes(role))) return;
    throw new AccessDenied('Access denied.');
  }

  /**
   * The scopes of a resource that a user has, or, without a user, an application; `null` for an unknown resource.
   * The resource of the organizations has the scopes of all of them for everybody, as at Logto: what somebody may do
   * in one is decided when a token for that one is asked for. Managing Logto is for applications alone.
   */
  resourceScopes(indicator: string, user: EmulatorUser | null): Scopes | null {
    if (indicator === organizationsResource) {
      return [...new Set(this.seed.organizations.flatMap(({ scopes = [] }) => scopes))];
    }
    if (indicator === managementResource) return user ? [] : [managementScope];
    const resource = this.seed.resources.find((known) => known.indicator === indicator);
    if (!resource) return null;
    if (!user) return resource.scopes.slice(0, 1);
    return user.roles?.includes(resourceRole) ? resource.scopes : [];
  }

  /** The organizations that a user belongs to. */
  organizationsOf({ username }: EmulatorUser): readonly EmulatorOrganization[] {
    return this.seed.organizations.filter(({ members }) => members.includes(username));
  }

  /** The scopes that a user, or, without a user, an application has in an organization; `null` for an outsider. */
  organizationScopes(id: string, user: EmulatorUser | null): Scopes | null {
    if (user) {
      const organization = this.organizationsOf(user).find((known) => known.id === id);
      return organization ? (organization.scopes ?? []) : null;
    }
    const [first] = this.seed.organizations;
    return first?.id === id ? (first.scopes ?? []).slice(0, 1) : null;
  }
}
