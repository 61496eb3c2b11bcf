import type { EventEmitter } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { LogtoError } from '../errors.js';
import { type BoundServers, bindLoopback, closeServers } from '../loopback/bind-loopback.js';
import { Consent } from './consent.js';
import type { EmulatorRequest } from './emulator-request.js';
import { Experience } from './experience.js';
import { ExperienceApi } from './experience-api.js';
import { checkFaults, type EmulatorFaults } from './faults/emulator-faults.js';
import { PageRoutes } from './page-routes.js';
import { createProvider } from './provider.js';
import { registry, usedAlgorithms } from './registered-applications.js';
import { requestHandler } from './request-handler.js';
import { defaultSeed, type EmulatorDescription, type EmulatorSeed } from './seed.js';
import { SigningKeys } from './signing-keys.js';
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
  /** What it does wrong from the start. */
  readonly faults?: EmulatorFaults;
  /** Told about each request that is answered, and how long that took, before whoever sent it reads the answer. */
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
  /** `http://localhost:<port>` */
  readonly endpoint: string;
  /** `<endpoint>/oidc` */
  readonly issuer: string;
  /** What it started with, and where it is. */
  readonly description: EmulatorDescription;
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
  const given =
    options.seed === undefined ? defaultSeed() : (await import('./parse-seed.js')).checkSeed(options.seed);
  const { applications, register } = registry(given.applications);
  const seed = { ...given, applications };
  const check = (named: EmulatorFaults) => checkFaults({ ...named });
  let faults = check({ ...options.faults });
  const setFaults = (next: EmulatorFaults) => {
    faults = check(next);
  };
  const visits = new Visits(() => faults, check);
  const visit = (own: EmulatorFaults = {}) => visits.begin(own);
  // The port must be known before the engine can be built: its issuer holds it.
  let handle: RequestListener = (_req, res) => void res.writeHead(503).end();
  const bound = await bind(port, (req, res) => handle(req, res));
  const close = () => closeServers(bound.servers);
  try {
    const endpoint = `http://localhost:${bound.port}`;
    const description = { endpoint, issuer: `${endpoint}/oidc`, ...seed };
    const users = new UserDirectory(seed.users);
    const keys = await SigningKeys.create(new Set(['ES384', ...usedAlgorithms(seed.applications)]));
    const provider = await createProvider(description.issuer, seed, users, ttl, visits, keys);
    provider.on('server_error', (_ctx, error) => onFailure(error));
    // Koa prints the errors that nobody listens to. The engine's types name its own events only.
    (provider as EventEmitter).on('error', onFailure);
    const experience = new Experience(seed, users);
    const consent = new Consent(provider, users, seed);
    const pages = new PageRoutes(provider, description, experience, consent);
    const api = new ExperienceApi(provider, experience, consent);
    handle = requestHandler({ provider, pages, api, visits, onRequest, onFailure });
    return { endpoint, issuer: description.issuer, description, setFaults, visit, register, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function bind(port: number, listener: RequestListener): Promise<BoundServers> {
  try {
    return await bindLoopback(['127.0.0.1', '::1'], port, () => createServer(listener));
  } catch (error) {
    if (!(error instanceof LogtoError) || error.code !== 'port_in_use') throw error;
    const { address, pid, command } = error.details ?? {};
    const holder = pid === undefined ? 'another process' : `process ${pid} (${command})`;
    throw new LogtoError(
      'port_in_use',
      `Port ${port} is taken: ${holder} listens on ${address}.`,
      'End that process, or use another port: --port 0 takes a free one.',
      error.details,
    );
  }
}
