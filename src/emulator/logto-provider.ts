import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Configuration, TokenEndpointGrantContext } from 'oidc-provider';
import {
  AccessDenied,
  InsufficientScope,
  InvalidRequest,
  InvalidTarget,
} from 'oidc-provider/lib/helpers/errors.js';
import { Provider } from 'oidc-provider/lib/provider.js';
import type { AccessRights } from './access-rights.js';
import { deviceGrantType } from './device-flow.js';
import { type Respond, respondWrongly } from './faults/faulty-response.js';
import type { GrantLimit } from './grant-limit.js';
import { applicationOf } from './interaction-cookie.js';
import { organizationAudience, organizationsScope } from './organization-names.js';
import { jwtResource } from './resource-indicators.js';
import { type TokenExchange, tokenExchangeGrantType, tokenExchangeParameters } from './token-exchange.js';
import type { UserDirectory } from './user-directory.js';
import { guidedResponse } from './visits/guided-response.js';
import { asksForNoPage } from './visits/observe-requests.js';
import type { Visits } from './visits/visits.js';

type List = string | readonly string[] | ReadonlySet<string>;
type GrantContext = TokenEndpointGrantContext<{
  readonly refresh_token?: string;
  readonly organization_id?: string;
  /** A list when it was sent more than once. */
  resource?: string | readonly string[];
}>;

/** The engine's own way to answer a request. */
type Answer = () => Promise<void> | void;

/** The engine, with Logto's rules for tokens of organizations around its own grants. */
export class LogtoProvider extends Provider {
  constructor(
    issuer: string,
    configuration: Configuration,
    private readonly rights: AccessRights,
    private readonly users: UserDirectory,
    private readonly limit: GrantLimit,
    private readonly visits: Visits,
    exchange: TokenExchange,
  ) {
    super(issuer, configuration);
    this.registerGrantType(
      tokenExchangeGrantType,
      (ctx) => exchange.answer(this, ctx),
      tokenExchangeParameters,
      ['resource'],
    );
  }

  override async interactionDetails(req: IncomingMessage, res: ServerResponse) {
    const interaction = await super.interactionDetails(req, res);
    const appId = applicationOf(req);
    if (appId !== null && interaction.params['client_id'] !== appId) {
      throw new InvalidRequest('interaction client_id mismatch');
    }
    return interaction;
  }

  /** Called by the engine for each of its grants, before this class has fields. */
  override registerGrantType<Parameters extends object>(
    name: string,
    handler: (ctx: TokenEndpointGrantContext<Parameters>) => Promise<void> | void,
    parameters: List = [],
    duplicates?: List,
  ): void {
    const further = name === 'refresh_token' || name === 'client_credentials' ? ['organization_id'] : [];
    const answer = (ctx: TokenEndpointGrantContext<Parameters>) => {
      const request = ctx as TokenEndpointGrantContext<object> as GrantContext;
      if (name === 'refresh_token') return this.refresh(request, () => handler(ctx));
      if (name === 'client_credentials') return this.grantToClient(request, () => handler(ctx));
      if (name === 'authorization_code' || name === deviceGrantType)
        return this.signIn(request, () => handler(ctx));
      return handler(ctx);
    };
    const known = typeof parameters === 'string' ? [parameters] : parameters;
    super.registerGrantType(name, answer, new Set([...known, ...further]), duplicates);
  }

  /** As `registerGrantType`: called by the engine for each of its ways to send a browser back. */
  override registerResponseMode(name: string, handler: Respond): void {
    const respond = handler.bind(this);
    super.registerResponseMode(name, (...response) => {
      const [ctx] = response;
      const { onCallback } = this.visits.of(ctx.req)?.guide ?? {};
      const isShown = onCallback !== undefined && !asksForNoPage(ctx.oidc.params?.['prompt']);
      const own = isShown ? guidedResponse(name, respond, onCallback) : respond;
      const fault = this.visits.faultsOf(ctx.req).response;
      return fault === undefined ? own(...response) : respondWrongly(own, response, fault);
    });
  }

  /** Issues tokens, and ends older sign-ins of the user where the application may have only so many. */
  private async signIn(ctx: GrantContext, answer: Answer): Promise<void> {
    await answer();
    const { client, entities } = ctx.oidc;
    const { AccessToken: issued, AuthorizationCode: code, DeviceCode: device } = entities;
    if (issued?.grantId === undefined) return;
    const sessionUid = (code ?? device)?.sessionUid;
    await this.limit.issued(this, client.clientId, issued.accountId, { grantId: issued.grantId, sessionUid });
  }

  /** Refuses what Logto refuses before the engine consumes the token. */
  private async refresh(ctx: GrantContext, answer: Answer): Promise<void> {
    const { refresh_token: value = '', organization_id: organizationId, resource } = ctx.oidc.params;
    const token = await this.RefreshToken.find(value);
    // What is wrong with the token itself is for the engine to say: it revokes the grant of one that was used before.
    if (!token?.isValid || token.clientId !== ctx.oidc.client.clientId) return answer();
    const user = this.users.byId(token.accountId);
    if (user !== null) this.rights.assertMayUse(token.clientId, user);
    const available =
      organizationId === undefined ? [] : this.rights.organizationScopes(organizationId, user);
    if (organizationId !== undefined && !token.scopes.has(organizationsScope)) {
      throw new InsufficientScope('refresh token missing required scope', organizationsScope);
    }
    if (!available) throw forbidden('user is not a member of the organization');
    if (typeof resource === 'string' && !token.resourceIndicators.has(resource)) throw new InvalidTarget();
    await answer();
    if (organizationId !== undefined && resource === undefined) {
      await this.answerForOrganization(ctx, organizationAudience(organizationId), available);
    }
  }

  /** Puts a token for an organization in the place of the one that the engine has just issued, which nobody gets. */
  private async answerForOrganization(
    ctx: GrantContext,
    audience: string,
    available: readonly string[],
  ): Promise<void> {
    const { client, params, requestParamScopes, entities } = ctx.oidc;
    const { AccessToken: issued, RefreshToken: refreshToken } = entities;
    if (!issued || !refreshToken) throw new Error('The engine answered without the tokens that it issues.');
    const asked = params.scope === undefined ? refreshToken.scopes : requestParamScopes;
    const { accountId, grantId, gty } = issued;
    const token = new this.AccessToken({ client, accountId, grantId, gty });
    token.resourceServer = new this.ResourceServer(audience, jwtResource(available));
    token.scope = available.filter((scope) => asked.has(scope)).join(' ');
    Object.assign(ctx.body as object, { access_token: await token.save(), scope: token.scope });
  }

  private async grantToClient(ctx: GrantContext, answer: Answer): Promise<void> {
    const { params } = ctx.oidc;
    const { organization_id: organizationId } = params;
    if (organizationId === undefined && params.resource === undefined) {
      throw new InvalidTarget('both `resource` and `organization_id` are not provided');
    }
    if (organizationId !== undefined) {
      if (!this.rights.organizationScopes(organizationId, null)) {
        throw forbidden('app has not associated with the organization');
      }
      params.resource ??= organizationAudience(organizationId);
    }
    return answer();
  }
}

function forbidden(description: string): AccessDenied {
  return Object.assign(new AccessDenied(description), { status: 403, statusCode: 403 });
}
