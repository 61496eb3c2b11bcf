import type { EventEmitter } from 'node:events';
import type { RequestListener } from 'node:http';
import { checkTls, type ServerTls } from '../loopback/server-tls.js';
import type { Fetch } from '../network/fetch.js';
import { AccessRights } from './access-rights.js';
import { bindEmulator } from './bind-emulator.js';
import { Consent } from './consent.js';
import { Control } from './control.js';
import type { EmulatorRequest } from './emulator-request.js';
import { assertElsewhere } from './emulator-tls.js';
import { Experience } from './experience.js';
import { ExperienceApi } from './experience-api.js';
import { checkFaults, type EmulatorFaults } from './faults/emulator-faults.js';
import type { LogoutTokenFault } from './faults/fault-names.js';
import { LogoutTokens, tellBy } from './logout-tokens.js';
import { ManagementApi } from './management-api.js';
import { PageRoutes } from './page-routes.js';
import { createProvider } from './provider.js';
import { type Publication, Reads } from './publication.js';
import { registry, usedAlgorithms } from './registered-applications.js';
import { requestHandler } from './request-handler.js';
import {
  defaultSeed,
  type EmulatorDescription,
  type EmulatorIdTokenAlgorithm,
  type EmulatorSeed,
} from './seed.js';
import type { SigningAlgorithm } from './signing-algorithms.js';
import { SigningKeys } from './signing-keys.js';
import { SubjectTokens } from './subject-tokens.js';
import type { TokenLifetimes } from './token-lifetimes.js';
import { UserDirectory } from './user-directory.js';
import type { EmulatorVisit } from './visits/visit.js';
import { Visits } from './visits/visits.js';

/**
 * What an emulator can be told. What it remembers expires by the clock of the process (`Date`), and there is no other: a
 * test that wants to see something expire fakes `Date`, or asks for tokens that live shortly.
 */
export interface EmulatorOptions {
  /** 0, the default, for any free one. */
  readonly port?: number;
  /** What to start with; a list that is absent is that of `defaultSeed()`. */
  readonly seed?: Partial<EmulatorSeed>;
  /** How long tokens live. */
  readonly ttl?: TokenLifetimes;
  /** With this it speaks https, as issuer too. Whoever asks it must trust the authority of the certificate. */
  readonly tls?: ServerTls;
  /**
   * Algorithms of ID tokens that the discovery document names, beside those of its applications. Nothing is signed so but
   * by the fault `idToken: 'other-algorithm'`.
   */
  readonly furtherIdTokenAlgorithms?: readonly EmulatorIdTokenAlgorithm[];
  /** What logout tokens are sent with. Default: a `fetch` of this machine, with its certificates. */
  readonly fetch?: Fetch;
  /** What it does wrong from the start. */
  readonly faults?: EmulatorFaults;
  /**
   * With it, whoever has this key may change users and faults while it runs, with a PATCH at `<endpoint>/.emulator`, as
   * `logto-cli emulator set` does. Default: nobody can.
   */
  readonly controlKey?: string;
  /**
   * Told about each request, and how long it took: before whoever sent it reads the answer, or when the connection has
   * ended without one.
   */
  readonly onRequest?: (request: EmulatorRequest, milliseconds: number) => void;
  /** Told about failures of the emulator itself, which the caller of a request sees as a 500. */
  readonly onFailure?: (error: unknown) => void;
}

/** Addresses that a browser may be sent to. */
export interface RegisteredUris {
  /** After a sign-in. */
  readonly redirectUri?: string;
  /** After a sign-out. */
  readonly postLogoutRedirectUri?: string;
}

/** A running emulator. */
export interface Emulator {
  /** `http://localhost:<port>`, with `https` where it has a certificate. */
  readonly endpoint: string;
  /** `<endpoint>/oidc` */
  readonly issuer: string;
  /** What it started with, and where it is. */
  readonly description: EmulatorDescription;
  /** What it publishes, and how often that was read so far. */
  readonly publication: Publication;
  /**
   * What it does wrong from now on, instead of what it did wrong before: `{}` for nothing.
   *
   * @throws LogtoError `config_invalid` for what is no fault; then nothing changes
   */
  setFaults(faults: EmulatorFaults): void;
  /**
   * Begins a visit: what an application does in it is told apart from what it does in others, and may meet faults of its
   * own. Close it when it is over.
   *
   * @throws LogtoError `config_invalid` for what is no fault of a visit
   *
   * @example
   * ```ts
   * const visit = emulator.visit({ idToken: 'bad-nonce' });
   * // A browser signs in to your application here.
   * visit.requests.filter(({ endpoint }) => endpoint === 'token').length; // 1: it sends a code once
   * visit.close();
   * ```
   */
  visit(faults?: EmulatorFaults): EmulatorVisit;
  /**
   * Tells an application that the session of a visit's latest sign-in is over (OpenID Connect Back-Channel Logout 1.0), and
   * how the application answered. While a visit is open, ID tokens have the claim `sid` that the logout token names.
   *
   * @param url its back-channel logout URI
   * @param fault what is wrong with the logout token. Default: the fault `logoutToken` of the visit
   * @throws LogtoError `config_invalid` for a visit that is closed, or in which nobody has signed in;
   * `network_unreachable`, `request_timeout`, `tls_untrusted` where the application does not answer
   *
   * @example
   * ```ts
   * const visit = emulator.visit();
   * // A browser signs in to your application here.
   * await emulator.sendLogoutToken(visit, 'http://localhost:8080/backchannel-logout', 'bad-signature'); // { status: 400 }
   * ```
   */
  sendLogoutToken(
    visit: EmulatorVisit,
    url: string,
    fault?: LogoutTokenFault,
  ): Promise<{ readonly status: number }>;
  /**
   * The logout token that {@link sendLogoutToken} sends, for whoever sends it in another way, or twice.
   *
   * @param fault what is wrong with it
   * @throws LogtoError `config_invalid` as there
   */
  logoutToken(visit: EmulatorVisit, fault?: LogoutTokenFault): Promise<string>;
  /**
   * Registers further addresses of an application, such as the redirect URI that it turned out to use.
   *
   * @throws LogtoError `config_invalid` for an application that it does not have
   */
  register(appId: string, uris: RegisteredUris): void;
  /** Stops it at once. What it knew is gone. */
  close(): Promise<void>;
}

/**
 * Starts a local OpenID Provider that answers as Logto does, in memory, on both loopback addresses. Several in one
 * process know nothing of each other.
 *
 * @throws LogtoError `port_in_use`; `config_invalid` for the port, the seed or the faults
 *
 * @example
 * ```ts
 * const emulator = await startEmulator();
 * const client = await signIn(emulator, { username: 'alice' });
 * await emulator.close();
 * ```
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, ttl = {}, onRequest = () => {}, onFailure = () => {} } = options;
  const tls = options.tls === undefined ? null : checkTls(options.tls);
  const given =
    options.seed === undefined ? defaultSeed() : (await import('./parse-seed.js')).checkSeed(options.seed);
  const { applications, register } = registry(given.applications);
  const seed = { ...given, applications };
  const check = (named: EmulatorFaults) => {
    const checked = checkFaults({ ...named });
    assertElsewhere(checked, tls);
    return checked;
  };
  let faults = check({ ...options.faults });
  const setFaults = (next: EmulatorFaults) => {
    faults = check(next);
  };
  // Another thread makes them, while the port is bound.
  const making = SigningKeys.create(usedKeys(seed));
  // The port must be known before the engine can be built: its issuer holds it.
  let handle: RequestListener = (_req, res) => void res.writeHead(503).end();
  const bound = await bindEmulator(port, (req, res) => handle(req, res), tls);
  const { close } = bound;
  const visits = new Visits(() => faults, check, bound.origin);
  const visit = (own: EmulatorFaults = {}) => visits.begin(own);
  try {
    const endpoint = bound.origin;
    const description = { endpoint, issuer: `${endpoint}/oidc`, ...seed };
    const users = new UserDirectory(seed.users);
    const idTokenAlgorithms = [
      ...new Set([...usedAlgorithms(seed.applications), ...(options.furtherIdTokenAlgorithms ?? [])]),
    ];
    const keys = await making;
    const rights = new AccessRights(seed);
    const subjectTokens = new SubjectTokens(users);
    const announced = { ...description, idTokenAlgorithms };
    const provider = await createProvider(announced, users, rights, ttl, visits, keys, subjectTokens);
    provider.on('server_error', (_ctx, error) => onFailure(error));
    // Koa prints the errors that nobody listens to. The engine's types name its own events only.
    (provider as EventEmitter).on('error', onFailure);
    const experience = new Experience(seed, users);
    const consent = new Consent(provider, users, rights, seed);
    const pages = new PageRoutes(provider, description, experience, users, consent, visits);
    const api = new ExperienceApi(provider, experience, consent);
    const management = new ManagementApi(keys, users, subjectTokens);
    const control =
      options.controlKey === undefined
        ? null
        : new Control(options.controlKey, { get: () => faults, set: setFaults }, users);
    const reads = new Reads();
    const onAnswer: typeof onRequest = (request, milliseconds) => {
      if (request.status !== null) reads.count(request);
      onRequest(request, milliseconds);
    };
    handle = requestHandler({
      provider,
      pages,
      api,
      management,
      visits,
      control,
      onRequest: onAnswer,
      onFailure,
    });
    const logout = new LogoutTokens(description.issuer, keys, visits, options.fetch);
    tellBy(provider, logout, () => faults);
    return {
      endpoint,
      issuer: description.issuer,
      description,
      get publication() {
        return { idTokenAlgorithms, keys: keys.published.length, reads: reads.counts };
      },
      setFaults,
      visit,
      logoutToken: (...token) => logout.token(...token),
      sendLogoutToken: (...request) => logout.send(...request),
      register,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** JWTs for APIs and organizations are signed as at Logto, whatever ID tokens are. */
function usedKeys({ applications, resources, organizations }: EmulatorSeed): ReadonlySet<SigningAlgorithm> {
  const hasJwts =
    resources.length + organizations.length > 0 ||
    applications.some(({ type }) => type === 'MachineToMachine');
  return new Set([...(hasJwts ? (['ES384'] as const) : []), ...usedAlgorithms(applications)]);
}
