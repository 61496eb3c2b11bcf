import { randomInt } from 'node:crypto';
import { clientIdentity } from '../../client/client-identity.js';
import { type LogtoConfig, namedProvider, placeOf } from '../../client/logto-config.js';
import { readSession } from '../../client/read-session.js';
import { requestedScopes } from '../../client/requested-scopes.js';
import { type Session, sessionPlace } from '../../client/session.js';
import { exitCodeOf, LogtoError } from '../../errors.js';
import { callbackUri, signedOutUri, signedOutUriOf } from '../../local-address.js';
import type { Fetch } from '../../network/fetch.js';
import { type ClientAuthentication, isAuthenticationMethod } from '../../oidc/authentication-method.js';
import { discover } from '../../oidc/discovery.js';
import { isSamePlace } from '../../oidc/issuer-url.js';
import { randomValue } from '../../oidc/pkce.js';
import { strangersHost } from '../../oidc/probe/authorization-control.js';
import { type AuthorizationProbe, probeAuthorization } from '../../oidc/probe/authorization-probe.js';
import { type ClientProbe, probeClient } from '../../oidc/probe/client-probe.js';
import { probeDeviceFlow } from '../../oidc/probe/device-probe.js';
import { probeEndSession } from '../../oidc/probe/end-session-probe.js';
import type { ProbeTarget, Verdict } from '../../oidc/probe/probe.js';
import { probeRefresh } from '../../oidc/probe/refresh-probe.js';
import { probeRevocation } from '../../oidc/probe/revocation-probe.js';
import type { ProviderMetadata } from '../../oidc/provider-metadata.js';
import type { Settings } from '../../profile/settings.js';
import type { Runtime } from '../../runtime.js';
import { type NamedBy, namedBy } from '../../wording.js';
import { type FirstAnswer, serverTimeOf } from '../run/first-answer.js';
import { once } from '../run/once.js';
import { answerInTime } from '../run/storage-patience.js';
import type { Connection, DoctorOptions, ExaminedSignIn } from './doctor-options.js';

/** What a probe came to. `cause`: it failed on the way. */
export type Finding<Of extends Verdict = Verdict> =
  | Of
  | { readonly verdict: 'unknown'; readonly reason: string; readonly cause: LogtoError };

/** Milliseconds for one of our requests: shorter than elsewhere, since somebody waits for an answer about many. */
const requestTimeout = 4_000;

/**
 * What the checks of `doctor` look at. Each request is made once, when the first check wants to know, and whatever came
 * of it is shared.
 */
export class DoctorSubject {
  readonly runtime: Runtime;
  readonly settings: Settings;
  readonly signIn: ExaminedSignIn;
  readonly missing: LogtoError | null;
  readonly #options: DoctorOptions;
  #firstAnswer: FirstAnswer | null = null;

  constructor(options: DoctorOptions) {
    this.#options = options;
    this.runtime = options.runtime;
    this.settings = options.settings;
    this.signIn = options.signIn;
    this.missing = options.missing;
  }

  /** The session that is stored. @throws LogtoError storage codes */
  readonly session = once(async (): Promise<Session | null> => {
    const { profile, sessionStorage } = this.settings;
    return this.#inTime(readSession(await this.runtime.storage(sessionStorage, profile)));
  });

  /**
   * Which provider and application: what is set, else the stored session's.
   *
   * @throws LogtoError `config_missing`, `profile_unknown`, `config_invalid`; storage codes
   */
  readonly connection = once(async (): Promise<Connection> => {
    const { endpoint, issuer, discoveryUrl, appId, recordedSession } = this.settings;
    if (endpoint !== undefined || issuer !== undefined) {
      return {
        ...placeOf(this.settings),
        ...(endpoint !== undefined && { endpoint }),
        appId: appId ?? null,
        session: null,
      };
    }
    // Where any of it is set, another provider is meant than that of the session may be.
    const isUnset = (discoveryUrl ?? appId) === undefined && recordedSession !== undefined;
    const session = isUnset ? await this.session() : null;
    if (session !== null) {
      const { endpoint, appId } = session;
      return { ...sessionPlace(session), ...(endpoint !== undefined && { endpoint }), appId, session };
    }
    throw this.missing ?? new TypeError('no provider is set, and nobody said so');
  });

  /** By what the provider is set, for the words of hints. @throws LogtoError as {@link connection} */
  async namedBy(): Promise<NamedBy> {
    return namedBy(await this.connection());
  }

  /** The redirect URI of the sign-in; port 0 stays. */
  readonly redirectUri = once(async (): Promise<string> => {
    const { redirectUri } = this.signIn;
    if (redirectUri !== null) return redirectUri;
    const session = await this.connection().then(
      (connection) => connection.session,
      () => null,
    );
    return session?.redirectUri ?? callbackUri();
  });

  /** The post sign-out URI of a later sign-out. */
  readonly postLogoutRedirectUri = once(async (): Promise<string> => {
    const given = this.signIn.postLogoutRedirectUri;
    const uri = await this.redirectUri();
    return given ?? (URL.canParse(uri) ? signedOutUriOf(uri) : signedOutUri());
  });

  /** Every scope that the sign-in asks for. */
  readonly scopes = once(async (): Promise<string[]> => {
    const { scopes, defaultScopes } = this.signIn;
    const connection = await this.connection();
    const { scopes_supported: supported } = await this.metadata();
    const { appId } = connection;
    return requestedScopes(
      { ...namedProvider(connection), appId: appId ?? '', scopes, defaultScopes },
      supported,
    );
  });

  /** The discovery document. @throws LogtoError as `discover` */
  readonly metadata = once(async (): Promise<ProviderMetadata> => {
    const { issuer, discoveryUrl, appId } = await this.connection();
    const { now, observe } = this.runtime;
    const named = { issuer, discoveryUrl, namedBy: await this.namedBy() };
    const options = { ...named, clientId: appId ?? '', fetch: await this.fetch(), now, observe };
    return (await discover(options, { signal: this.#options.signal })).metadata;
  });

  /** The way to the provider. @throws LogtoError `config_invalid` for a CA file that cannot be used */
  readonly fetch = once(async (): Promise<Fetch> => {
    const { caFile } = this.settings;
    const { signal } = this.#options;
    const fetch = await this.runtime.fetch({
      timeout: requestTimeout,
      ...(caFile !== undefined && { caFile }),
    });
    return async (url, init) => {
      const sentAt = this.runtime.now();
      const response = await fetch(url, { signal, ...init });
      this.#firstAnswer ??= { sentAt, receivedAt: this.runtime.now(), serverTime: serverTimeOf(response) };
      return response;
    };
  });

  /** `null` until the provider has answered for the first time. */
  get firstAnswer(): FirstAnswer | null {
    return this.#firstAnswer;
  }

  /** Whether the authorization endpoint takes the application and the redirect URI. */
  readonly authorization = once(() => this.#authorization(['openid'], []));
  /** Whether it takes every scope of the sign-in. */
  readonly authorizationOfScopes = once(async () =>
    this.#authorization(await this.scopes(), [], { control: 'none' }),
  );
  /** Whether it takes every resource. */
  readonly authorizationOfResources = once(() => this.#authorizationOfResources(this.signIn.resources));
  /** Whether it takes one that nobody registered. */
  readonly authorizationOfMadeUpResource = once(() =>
    this.#authorizationOfResources([`https://${strangersHost}/${randomValue()}`]),
  );

  /** Whether the token endpoint takes the application as it authenticates. */
  readonly client = once(() =>
    this.#ask<ClientProbe>(this.#authenticated, async (target) =>
      probeClient(target, await this.probedRedirectUri()),
    ),
  );
  /** Whether a sign-out may come back to its URI. */
  readonly endSession = once(() =>
    this.#ask(this.#anonymous, async (target) =>
      probeEndSession(target, await this.postLogoutRedirectUri(), { control: 'at-once' }),
    ),
  );
  /** Whether tokens can be revoked. */
  readonly revocation = once(() => this.#ask(this.#proven, probeRevocation));
  /** Whether it can refresh its tokens. */
  readonly refresh = once(() => this.#ask(this.#proven, probeRefresh));
  /** Whether the application may use the device flow. */
  readonly deviceFlow = once(() => this.#ask(this.#proven, probeDeviceFlow));

  /** How the application has to authenticate, where that is not how the standard and discovery have it. */
  async authentication(): Promise<ClientAuthentication | undefined> {
    const client = await this.client();
    return 'cause' in client ? undefined : client.authentication;
  }

  /** Whether the application comes with a secret, or a key. @throws LogtoError storage codes */
  async hasSecret(): Promise<boolean> {
    const { clientSecret, clientKey } = await this.#authenticated();
    return (clientSecret ?? clientKey) !== undefined;
  }

  /** The application's secret, wherever that is kept. @throws LogtoError storage codes */
  async clientSecret(): Promise<string | undefined> {
    return (await this.#authenticated()).clientSecret;
  }

  /** Whether the application is one that no browser is ever sent back to: it may not exchange codes. */
  async hasNoCodeGrant(): Promise<boolean> {
    const client = await this.client();
    return client.verdict === 'refused' && client.error.code === 'grant_type_not_allowed';
  }

  #inTime<Answer>(work: Promise<Answer>): Promise<Answer> {
    const kind = this.settings.sessionStorage;
    return answerInTime({ kind, runtime: this.runtime, signal: this.#options.signal }, work);
  }

  async #authorization(
    scopes: readonly string[],
    resources: readonly string[],
    options?: { readonly control: 'none' },
  ): Promise<Finding<AuthorizationProbe>> {
    const isPushed = (await this.metadata()).require_pushed_authorization_requests === true;
    return this.#ask(isPushed ? this.#proven : this.#anonymous, async (target) =>
      probeAuthorization(target, { redirectUri: await this.probedRedirectUri(), scopes, resources }, options),
    );
  }

  #authorizationOfResources(resources: readonly string[]): Promise<Finding<AuthorizationProbe>> {
    return this.#authorization(['openid'], resources, { control: 'none' });
  }

  /** Where any port will do, one that could be found free stands for all of them. */
  readonly probedRedirectUri = once(async (): Promise<string> => {
    const uri = await this.redirectUri();
    const url = new URL(uri);
    if (url.port !== '0') return uri;
    url.port = String(randomInt(49_152, 65_536));
    return url.href;
  });

  /** Asks the provider about the application; failures on the way are what came of it. */
  async #ask<Of extends Verdict>(
    target: () => Promise<ProbeTarget>,
    probe: (target: ProbeTarget) => Promise<Of>,
  ): Promise<Finding<Of>> {
    try {
      return await probe(await target());
    } catch (error) {
      // 2: the application cannot authenticate as it is set up here, and nothing was sent.
      if (!(error instanceof LogtoError) || ![2, 7, 8].includes(exitCodeOf(error))) throw error;
      return { verdict: 'unknown', reason: error.message, cause: error };
    }
  }

  /** For endpoints that browsers are sent to: the secret, which may take long to read, is not needed there. */
  readonly #anonymous = once(async (): Promise<ProbeTarget> => {
    const { appId } = await this.connection();
    return {
      metadata: await this.metadata(),
      clientId: appId ?? '',
      namedBy: await this.namedBy(),
      fetch: await this.fetch(),
      now: this.runtime.now,
      signal: this.#options.signal,
    };
  });

  readonly #authenticated = once(async (): Promise<ProbeTarget> => {
    const connection = await this.connection();
    const session = await this.#ownSession();
    const { appId } = connection;
    const authMethod = this.settings.authMethod ?? session?.authentication;
    const application: LogtoConfig = {
      ...namedProvider(connection),
      appId: appId ?? '',
      ...(isAuthenticationMethod(authMethod) && { authMethod }),
      ...(session?.clientKeyFile !== undefined && { clientKeyFile: session.clientKeyFile }),
    };
    const config = await this.#inTime(this.#options.findCredentials(application));
    return { ...(await this.#anonymous()), ...(await clientIdentity(config)) };
  });

  /** The session of the very application, which knows how it authenticated; that it cannot be read is told elsewhere. */
  async #ownSession(): Promise<Session | null> {
    const connection = await this.connection();
    const { appId, session } = connection;
    if (session !== null || this.settings.recordedSession === undefined) return session;
    const stored = await this.session().catch(() => null);
    return stored && isSamePlace(sessionPlace(stored), connection) && stored.appId === appId ? stored : null;
  }

  /** The same, as the token endpoint was seen to take it. */
  readonly #proven = once(async (): Promise<ProbeTarget> => {
    const authentication = await this.authentication();
    return { ...(await this.#authenticated()), ...(authentication && { authentication }) };
  });
}
