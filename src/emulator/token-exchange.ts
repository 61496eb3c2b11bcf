import type { TokenEndpointGrantContext } from 'oidc-provider';
import {
  AccessDenied,
  InvalidGrant,
  InvalidRequest,
  InvalidTarget,
} from 'oidc-provider/lib/helpers/errors.js';
import type { Provider } from 'oidc-provider/lib/provider.js';
import type { AccessRights } from './access-rights.js';
import { knownScopes } from './account-claims.js';
import { organizationAudience } from './organization-names.js';
import { jwtResource } from './resource-indicators.js';
import type { EmulatorApplication } from './seed.js';
import type { SigningKeys } from './signing-keys.js';
import type { SubjectTokens } from './subject-tokens.js';
import type { DirectoryUser, UserDirectory } from './user-directory.js';

/** The grant type of an exchange (RFC 8693, section 2.1). */
export const tokenExchangeGrantType = 'urn:ietf:params:oauth:grant-type:token-exchange';

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
const personalTokenType = 'urn:logto:token-type:personal_access_token';
const impersonationTokenType = 'urn:logto:token-type:impersonation_token';

/** What an application may send. */
export const tokenExchangeParameters = [
  'subject_token',
  'subject_token_type',
  'actor_token',
  'actor_token_type',
  'organization_id',
  'resource',
  'scope',
];

type Context = TokenEndpointGrantContext<{
  readonly subject_token?: string | undefined;
  readonly subject_token_type?: string | undefined;
  readonly actor_token?: string | undefined;
  readonly actor_token_type?: string | undefined;
  readonly organization_id?: string | undefined;
  readonly resource?: string | readonly string[] | undefined;
}>;

/** Who acts for whom: by the access tokens of exchanges with an actor. */
export type Actors = WeakMap<object, string>;

/** What an exchange stands on. */
export interface TokenExchangeParts {
  readonly applications: readonly EmulatorApplication[];
  readonly rights: AccessRights;
  readonly users: UserDirectory;
  readonly subjectTokens: SubjectTokens;
  readonly keys: SigningKeys;
  readonly actors: Actors;
}

/** Gives an access token for another one (RFC 8693), as Logto does: what the other one was for limits nothing. */
export class TokenExchange {
  constructor(private readonly parts: TokenExchangeParts) {}

  /** Answers a token request. The engine has made sure that the application may ask. */
  async answer(provider: Provider, ctx: Context): Promise<void> {
    const { client, params } = ctx.oidc;
    const { subject_token: subject, subject_token_type: type } = params;
    const missing = Object.entries({ subject_token: subject, subject_token_type: type })
      .filter(([, value]) => value === undefined)
      .map(([name]) => `'${name}'`);
    if (missing.length > 0) {
      throw new InvalidRequest(
        `missing required parameter${missing.length > 1 ? 's' : ''} ${missing.join(' and ')}`,
      );
    }
    const user = await this.#userOf(provider, String(subject), String(type));
    this.parts.rights.assertMayUse(client.clientId, user);
    const target = this.#targetOf(provider, user, ctx);
    const actor = await this.#actorOf(provider, ctx);
    const grant = new provider.Grant({ accountId: user.id, clientId: client.clientId });
    if (target.resourceServer === undefined) grant.addOIDCScope(target.scope);
    const token = new provider.AccessToken({
      ...target,
      client,
      accountId: user.id,
      grantId: await grant.save(),
      gty: tokenExchangeGrantType,
    });
    if (actor !== null) this.parts.actors.set(token, actor);
    const accessToken = await token.save();
    this.parts.subjectTokens.consume(String(subject));
    ctx.body = {
      access_token: accessToken,
      expires_in: token.expiration,
      scope: target.scope,
      token_type: 'Bearer',
    };
  }

  /** Whom the token is for, and what it permits there: of several resources none counts, and without any it is opaque. */
  #targetOf(provider: Provider, user: DirectoryUser, ctx: Context) {
    const { organization_id: organizationId, resource } = ctx.oidc.params;
    const { rights } = this.parts;
    const asked = ctx.oidc.requestParamScopes;
    const inOrganization =
      organizationId === undefined ? [] : rights.organizationScopes(organizationId, user);
    if (inOrganization === null) {
      const denied = new AccessDenied('user is not a member of the organization');
      throw Object.assign(denied, { status: 403, statusCode: 403 });
    }
    if (typeof resource === 'string') {
      const scopes = rights.resourceScopes(resource, user);
      if (scopes === null) throw new InvalidTarget();
      const scope = [...asked].filter((name) => scopes.includes(name)).join(' ');
      return { resourceServer: new provider.ResourceServer(resource, jwtResource(scopes)), scope };
    }
    if (organizationId !== undefined) {
      const audience = organizationAudience(organizationId);
      const scope = inOrganization.filter((name) => asked.has(name)).join(' ');
      return { resourceServer: new provider.ResourceServer(audience, jwtResource(inOrganization)), scope };
    }
    return { scope: [...asked].filter((name) => knownScopes.includes(name)).join(' ') };
  }

  async #userOf(provider: Provider, token: string, type: string): Promise<DirectoryUser> {
    const id = await this.#subjectOf(provider, token, type);
    const user = id === null ? null : this.parts.users.byId(id);
    if (user === null || user.suspended) throw new InvalidGrant('subject token is of nobody');
    return user;
  }

  async #subjectOf(provider: Provider, token: string, type: string): Promise<string | null> {
    const { subjectTokens } = this.parts;
    switch (type) {
      case personalTokenType:
        return subjectTokens.userOfPersonal(token);
      case impersonationTokenType:
        return subjectTokens.userOfImpersonation(token);
      case accessTokenType:
        return subjectTokens.userOfImpersonation(token) ?? (await this.#userOfAccessToken(provider, token));
      default:
        return null;
    }
  }

  /** Whose an access token is that was issued to an application of one's own: an opaque one, or a JWT. */
  async #userOfAccessToken(provider: Provider, value: string): Promise<string | null> {
    const opaque = await provider.AccessToken.find(value);
    if (opaque?.isValid) return this.#isOwn(opaque.clientId) ? opaque.accountId : null;
    // Nobody remembers a JWT: whatever became of its grant, it is good until it ends.
    const jwt = this.parts.keys.verified(value);
    if (jwt === null || jwt.header['typ'] !== 'at+jwt' || !(Number(jwt.claims['exp']) * 1000 > Date.now()))
      return null;
    return this.#isOwn(jwt.claims['client_id']) ? String(jwt.claims['sub']) : null;
  }

  /** Whether this is an application that is here, and not somebody else's. */
  #isOwn(clientId: unknown): boolean {
    const application = this.parts.applications.find(({ appId }) => appId === clientId);
    return application !== undefined && application.thirdParty !== true;
  }

  /** Who acts: whoever has an opaque access token with `openid`. */
  async #actorOf(provider: Provider, ctx: Context): Promise<string | null> {
    const { actor_token: value, actor_token_type: type } = ctx.oidc.params;
    if (value === undefined) return null;
    const token = type === accessTokenType ? await provider.AccessToken.find(value) : undefined;
    const isSound = token?.isValid && token.scopes.has('openid') && token.aud === undefined;
    const user = isSound ? this.parts.users.byId(token.accountId) : null;
    if (user === null || user.suspended) throw new InvalidGrant('actor token is of nobody');
    return user.id;
  }
}
