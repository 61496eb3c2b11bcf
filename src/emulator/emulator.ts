import type { EventEmitter } from 'node:events';
import type { RequestListener } from 'node:http';
import { listenOnLoopback } from './loopback-server.js';
import { PageRoutes } from './page-routes.js';
import { checkSeed } from './parse-seed.js';
import { createProvider } from './provider.js';
import { requestHandler } from './request-handler.js';
import type { EmulatorDescription, EmulatorSeed } from './seed.js';
import { defaultSeed } from './seed.js';
import { UserDirectory } from './user-directory.js';

export interface EmulatorOptions {
  /** 0, the default, for any free one. */
  readonly port?: number;
  /** Applications and users; `defaultSeed()` when absent. */
  readonly seed?: EmulatorSeed;
  /** Told about failures of the emulator itself, which the caller of a request sees as a 500. */
  readonly onFailure?: (error: unknown) => void;
}

/** A running emulator. */
export interface Emulator {
  /** `http://localhost:<port>` */
  readonly endpoint: string;
  /** `<endpoint>/oidc` */
  readonly issuer: string;
  readonly description: EmulatorDescription;
  /** Stops it at once. What it knew is gone. */
  close(): Promise<void>;
}

/**
 * Starts a local OpenID Provider that answers as Logto does, in memory, on both loopback addresses. Several in one
 * process know nothing of each other.
 *
 * @throws LogtoError `port_in_use`; `config_invalid` for the port or the seed
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const seed = checkSeed(options.seed ?? defaultSeed());
  const onFailure = options.onFailure ?? (() => {});
  // The port must be known before the engine can be built: its issuer holds it.
  let handle: RequestListener = (_req, res) => void res.writeHead(503).end();
  const server = await listenOnLoopback(options.port ?? 0, (req, res) => handle(req, res));
  try {
    const endpoint = `http://localhost:${server.port}`;
    const description = { endpoint, issuer: `${endpoint}/oidc`, ...seed };
    const users = new UserDirectory(seed.users);
    const provider = await createProvider(description.issuer, seed.applications, users);
    provider.on('server_error', (_ctx, error) => onFailure(error));
    // Koa prints the errors that nobody listens to. The engine's types name its own events only.
    (provider as EventEmitter).on('error', onFailure);
    handle = requestHandler(provider, new PageRoutes(provider, users, description), onFailure);
    return { endpoint, issuer: description.issuer, description, close: () => server.close() };
  } catch (error) {
    await server.close();
    throw error;
  }
}
