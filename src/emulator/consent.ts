import type { IncomingMessage, ServerResponse } from 'node:http';
import { SessionNotFound } from 'oidc-provider/lib/helpers/errors.js';
import type { Provider } from 'oidc-provider/lib/provider.js';
import type { AccessRights } from './access-rights.js';
import type { EmulatorSeed } from './seed.js';
import type { DirectoryUser, UserDirectory } from './user-directory.js';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** Scopes that nobody is asked about. */
const unasked = new Set(['openid', 'offline_access']);

/** What an application wants from a user, and the user's word on it. */
export class Consent {
  constructor(
    private readonly provider: Provider,
    private readonly users: UserDirectory,
    private readonly rights: AccessRights,
    private readonly seed: Pick<EmulatorSeed, 'applications'>,
  ) {}

  /** Whether the user is asked: applications of one's own are trusted. */
  isAsked({ params }: Interaction): boolean {
    return this.seed.applications.some(
      ({ appId, thirdParty }) => appId === params['client_id'] && thirdParty === true,
    );
  }

  /**
   * The user of an interaction.
   *
   * @throws SessionNotFound of the engine without one, AccessDenied where the application is not for this one
   */
  userOf({ params, session }: Interaction): DirectoryUser {
    const user = this.users.byId(session?.accountId ?? '');
    if (!user) throw new SessionNotFound('session not found');
    this.rights.assertMayUse(String(params['client_id']), user);
    return user;
  }

  /** What is asked, in the shape of Logto's answer. @throws as {@link userOf} */
  details(interaction: Interaction) {
    const { params } = interaction;
    const user = this.userOf(interaction);
    const { scopes, resources } = missingScopes(interaction);
    const id = String(params['client_id']);
    return {
      application: { id, name: id },
      user: {
        id: user.id,
        name: user.name ?? null,
        avatar: user.picture ?? null,
        username: user.username || null,
        primaryEmail: user.email ?? null,
        primaryPhone: user.phone ?? null,
      },
      organizations: [],
      missingOIDCScope: scopes.filter((scope) => !unasked.has(scope)),
      missingResourceScopes: resources.map(([indicator, names]) => ({
        resource: { name: indicator, indicator },
        scopes: names.map((name) => ({ id: name, name, description: null })),
      })),
      redirectUri: params['redirect_uri'],
    };
  }

  /**
   * Grants what was asked.
   *
   * @returns where the browser goes on
   * @throws as {@link userOf}
   */
  async grant(req: IncomingMessage, res: ServerResponse, interaction: Interaction): Promise<string> {
    const { grantId, params } = interaction;
    const user = this.userOf(interaction);
    const { Grant } = this.provider;
    const grant =
      (grantId === undefined ? undefined : await Grant.find(grantId)) ??
      new Grant({ accountId: user.id, clientId: String(params['client_id']) });
    const { scopes, resources } = missingScopes(interaction);
    if (scopes.length > 0) grant.addOIDCScope(scopes.join(' '));
    for (const [indicator, names] of resources) grant.addResourceScope(indicator, names.join(' '));
    const consent = { grantId: await grant.save() };
    return this.provider.interactionResult(req, res, { consent });
  }
}

function missingScopes({ prompt: { details } }: Interaction) {
  const scopes = (details['missingOIDCScope'] ?? []) as readonly string[];
  const resources = Object.entries(
    (details['missingResourceScopes'] ?? {}) as Record<string, readonly string[]>,
  );
  return { scopes, resources };
}
