import type { Adapter, Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { InvalidClient } from 'oidc-provider/lib/helpers/errors.js';
import type { Provider } from 'oidc-provider/lib/provider.js';
import type { AccessRights } from './access-rights.js';
import { accountClaims, claimsByScope, knownScopes } from './account-claims.js';
import { cookieKeys } from './cookie-keys.js';
import { deviceCodeLifetime, deviceFlow } from './device-flow.js';
import { answerAsLogto, requestAsEngine } from './engine-exchange.js';
import { ExpiringAdapter } from './expiring-adapter.js';
import { refuseAuthorization } from './faults/faulty-authorization.js';
import { faultyExchange } from './faults/faulty-exchange.js';
import { GrantLimit } from './grant-limit.js';
import { keepInteractionsApart } from './interaction-cookie.js';
import { LogtoProvider } from './logto-provider.js';
import { organizationAudience } from './organization-names.js';
import type { Page } from './pages/page.js';
import { signedOutPage, signOutPage } from './pages/submitting-pages.js';
import { publishedAsLogto } from './published-documents.js';
import {
  applyRedirectRules,
  checkApplication,
  clientMetadata,
  usedAlgorithms,
} from './registered-applications.js';
import { resourceIndicators } from './resource-indicators.js';
import type { EmulatorApplication, EmulatorIdTokenAlgorithm, EmulatorSeed } from './seed.js';
import { logtoParameters, oneTapParameter, signInDestination } from './sign-in-destination.js';
import type { SigningKeys } from './signing-keys.js';
import type { SubjectTokens } from './subject-tokens.js';
import { type Actors, TokenExchange } from './token-exchange.js';
import type { TokenLifetimes } from './token-lifetimes.js';
import type { UserDirectory } from './user-directory.js';
import { observeRequests } from './visits/observe-requests.js';
import type { Visits } from './visits/visits.js';

const hour = 3600;
const day = 24 * hour;
/** Milliseconds for which a credential of Google's is kept for the page. */
const oneTapLifetime = 10_000;
/** Seconds in which a refresh token still works after it was rotated. */
const rotationGrace = 3;

/** What an engine is made for. */
export interface ProviderSeed extends EmulatorSeed {
  readonly issuer: string;
  /** Those by which ID tokens may be signed, as is announced. */
  readonly idTokenAlgorithms: readonly EmulatorIdTokenAlgorithm[];
}

/**
 * The engine, configured to answer as Logto does. It serves what lies below `/oidc` and expects that prefix removed.
 *
 * @throws LogtoError `config_invalid` for an application that the engine cannot register
 */
export async function createProvider(
  seed: ProviderSeed,
  users: UserDirectory,
  rights: AccessRights,
  lifetimes: TokenLifetimes,
  visits: Visits,
  keys: SigningKeys,
  subjectTokens: SubjectTokens,
): Promise<Provider> {
  const { issuer, applications } = seed;
  const actors: Actors = new WeakMap();
  const settings: Configuration = {
    ...configuration(applications, users, rights, lifetimes, actors),
    extraParams: extraParameters(visits),
    jwks: { keys: keys.engineKeys },
    rotateRefreshToken: (ctx) => visits.faultsOf(ctx.req).refresh !== 'no-rotation' && isRotated(ctx),
  };
  const exchange = new TokenExchange({ applications, rights, users, subjectTokens, keys, actors });
  const limit = new GrantLimit(applications);
  const provider = new LogtoProvider(issuer, settings, rights, users, limit, visits, exchange);
  applyRedirectRules(provider, applications);
  keepInteractionsApart(provider);
  // Whoever is visited may be told that a session is over: logout tokens and ID tokens then name it alike.
  const { includeSid } = provider.Client.prototype;
  provider.Client.prototype.includeSid = function named() {
    return visits.areOpen || includeSid.call(this);
  };
  for (const application of applications) await checkApplication(provider, application);
  provider.use(observeRequests(visits));
  provider.use(publishedAsLogto);
  provider.use(requestAsEngine);
  provider.use(answerAsLogto);
  provider.use(faultyExchange(visits, keys, seed.idTokenAlgorithms));
  return provider;
}

/**
 * Whatever the engine would otherwise use a default of its own for that announces itself on the console is set here:
 * adapter, interactions, policies, pages, times to live. So nothing is printed, and no console is touched.
 */
function configuration(
  applications: readonly EmulatorApplication[],
  users: UserDirectory,
  rights: AccessRights,
  lifetimes: TokenLifetimes,
  actors: Actors,
): Configuration {
  const algorithms = [...usedAlgorithms(applications)];
  const cookie = { httpOnly: true, sameSite: 'lax' } as const;
  return {
    adapter: adapterFor,
    clients: applications.map((application) => clientMetadata(application)),
    cookies: { keys: cookieKeys(), long: cookie, short: { ...cookie, path: '/' } },
    scopes: knownScopes,
    claims: claimsByScope,
    // Logto puts the claims of the scopes into the ID token too.
    conformIdTokenClaims: false,
    enabledJWA: { idTokenSigningAlgValues: algorithms },
    // Of applications that get no ID token, of which the engine wants to know one as well.
    clientDefaults: { id_token_signed_response_alg: algorithms[0] },
    // Also of what was registered since: the engine's own list is that of the start.
    clientBasedCORS: (_ctx, origin, { clientId }) =>
      applications.some(
        ({ appId, redirectUris = [] }) =>
          appId === clientId &&
          redirectUris.some((uri) => URL.canParse(uri) && new URL(uri).origin === origin),
      ),
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      introspection: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) =>
          client.clientAuthMethod !== 'none' || token.clientId === client.clientId,
      },
      revocation: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      // Announced as by Logto. No application of the seed has an address to be told at.
      backchannelLogout: { enabled: true },
      clientCredentials: { enabled: true },
      deviceFlow: deviceFlow(),
      resourceIndicators: resourceIndicators(rights, users),
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: async (ctx, form) => show(ctx, signOutPage(form)),
        postLogoutSuccessSource: async (ctx) => show(ctx, signedOutPage()),
      },
    },
    findAccount: async (_ctx, id) => {
      const user = users.byId(id);
      return user
        ? { accountId: id, claims: (use) => accountClaims(user, rights.organizationsOf(user), use) }
        : undefined;
    },
    // As the engine would, but that a user who may not use the application any more is sent back with the refusal.
    loadExistingGrant: async ({ oidc }) => {
      const { account, client, provider, result, session } = oidc;
      const grantId = result?.consent?.grantId ?? (client && session?.grantIdFor(client.clientId));
      if (grantId === undefined) return undefined;
      const user = users.byId(account?.accountId ?? '');
      if (user !== null && client !== undefined) rights.assertMayUse(client.clientId, user);
      return provider.Grant.find(grantId);
    },
    extraTokenClaims: ({ oidc }, token) => {
      const { aud } = token;
      const id = oidc.params?.['organization_id'];
      const isForResource = aud !== undefined && aud !== organizationAudience(String(id));
      const actor = actors.get(token);
      return {
        ...(id !== undefined && isForResource && { organization_id: id }),
        ...(actor !== undefined && { act: { sub: actor } }),
      };
    },
    formats: {
      customizers: {
        // Nothing permitted is said as such: the engine would leave the claim out.
        jwt: (_ctx, { scope }, { payload }) => {
          if (scope === '') payload['scope'] = '';
        },
      },
    },
    interactions: {
      url: async (ctx, interaction) => {
        const appId = String(interaction.params['client_id']);
        rememberApplication(ctx, appId);
        return interaction.prompt.name === 'consent'
          ? `/consent?${new URLSearchParams({ app_id: appId })}`
          : signInDestination(appId, { ...ctx.oidc.params });
      },
    },
    // Logto answers JSON even to a browser.
    renderError: async (ctx, out) => {
      ctx.type = 'json';
      ctx.body = out;
    },
    ttl: {
      AccessToken: lifetimes.accessToken ?? hour,
      AuthorizationCode: 60,
      ClientCredentials: lifetimes.accessToken ?? hour,
      DeviceCode: deviceCodeLifetime,
      Grant: 180 * day,
      IdToken: lifetimes.idToken ?? hour,
      Interaction: hour,
      RefreshToken: lifetimes.refreshToken ?? 14 * day,
      Session: 14 * day,
    },
  };
}

/** The engine asks for each of these, there or not, once it knows that the browser may be sent back. */
function extraParameters(visits: Visits): Configuration['extraParams'] {
  const refuse = (ctx: KoaContextWithOIDC) => {
    // What needs a page has not come to this.
    const isHeld = ctx.path === '/auth' && visits.of(ctx.req)?.guide.isAnswered?.() === false;
    refuseAuthorization(ctx, isHeld ? 'error:login_required' : visits.faultsOf(ctx.req).authorization);
  };
  const [first, ...others] = logtoParameters;
  return { [first]: refuse, ...Object.fromEntries(others.map((name) => [name, null])) };
}

/** The engine's own rule: a public client gets a new refresh token each time, others near the end of its life. */
function isRotated({ oidc: { entities } }: KoaContextWithOIDC): boolean {
  const { Client: client, RefreshToken: token } = entities;
  return client?.clientAuthMethod === 'none' || (token?.ttlPercentagePassed() ?? 0) >= 70;
}

/** Logto's pages read this cookie, which is JSON as it stands and so none that RFC 6265 allows. Nobody needs it here. */
function rememberApplication(ctx: KoaContextWithOIDC, appId: string): void {
  const parameters = ctx.oidc.params ?? {};
  const {
    ui_locales: uiLocales,
    organization_id: organizationId,
    [oneTapParameter]: credential,
  } = parameters;
  const options = { sameSite: 'lax', overwrite: true, httpOnly: false } as const;
  ctx.cookies.set('_logto', JSON.stringify({ appId, organizationId, uiLocales }), options);
  if (typeof credential === 'string') {
    ctx.cookies.set(`_logto_${oneTapParameter}`, credential, { ...options, maxAge: oneTapLifetime });
  }
}

function show(ctx: KoaContextWithOIDC, page: Page): void {
  ctx.set(page.headers);
  ctx.body = page.text;
}

function adapterFor(kind: string): Adapter {
  if (kind === 'Client') return new NoFurtherClients();
  if (kind === 'RefreshToken') return new ExpiringAdapter({ reuse: rotationGrace });
  if (kind === 'DeviceCode') return new ExpiringAdapter({ afterlife: deviceCodeLifetime });
  return new ExpiringAdapter();
}

/** Asked only for clients that are not registered: Logto names them in its answer. */
class NoFurtherClients extends ExpiringAdapter {
  override async find(id: string): Promise<undefined> {
    throw new InvalidClient(`invalid client ${id}`);
  }
}
