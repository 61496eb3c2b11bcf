import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type BindFailure, bindError, isAbsent } from './bind-error.js';

/** Servers that listen on one port, each on an address of its own. */
export interface BoundServers {
  readonly servers: readonly Server[];
  readonly port: number;
  /** Ends them at once: connections that are idle, kept alive, half open or in a TLS handshake do not hold them. */
  close(): Promise<void>;
}

/** What a machine has of every family that it has. */
const ofWholeFamily = ['127.0.0.1', '::1', '0.0.0.0', '::'];

/** How often another free port is tried when the one that is free on one address is taken on the other. */
const freePortAttempts = 20;

/**
 * Binds every address on one port, or none: nothing stays open after a failure. Where there are several addresses,
 * a family that this machine lacks is skipped.
 *
 * @param addresses loopback addresses, and others where somebody chose so
 * @param port 0 means any one that is free on all of them
 * @param create makes one server, not yet listening
 * @throws LogtoError `port_in_use`, `config_invalid`
 */
export async function bindLoopback(
  addresses: readonly string[],
  port: number,
  create: () => Server,
): Promise<BoundServers> {
  for (let attempt = 1; ; attempt++) {
    const servers: Server[] = [];
    // A server itself knows those alone on which a request may come, and none in a TLS handshake.
    const connections = new Set<Socket>();
    const createWatched = () => {
      const server = create();
      server.on('connection', (socket: Socket) => {
        connections.add(socket);
        socket.once('close', () => connections.delete(socket));
      });
      return server;
    };
    const close = () => closeServers(servers, connections);
    const failure = await listenOnAll(addresses, port, createWatched, servers);
    const [first] = servers;
    if (failure === null && first !== undefined) return { servers, port: portOf(first), close };
    await close();
    const isTaken = failure?.error.code === 'EADDRINUSE';
    const mayTryAnother = port === 0 && isTaken && attempt < freePortAttempts;
    if (failure !== null && !mayTryAnother) throw bindError(failure);
  }
}

async function closeServers(servers: readonly Server[], connections: Iterable<Socket>): Promise<void> {
  const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
  for (const socket of connections) socket.destroy();
  await Promise.all(closed);
}

/** Adds to `servers` what listens. Answers with the failure that forbids going on, or `null`. */
async function listenOnAll(
  addresses: readonly string[],
  wantedPort: number,
  create: () => Server,
  servers: Server[],
): Promise<BindFailure | null> {
  let absent: BindFailure | null = null;
  for (const address of addresses) {
    const server = create();
    const port = servers[0] === undefined ? wantedPort : portOf(servers[0]);
    try {
      const listening = once(server, 'listening');
      server.listen({ host: address, port, ipv6Only: true });
      await listening;
      servers.push(server);
    } catch (thrown) {
      const failure = { error: thrown as NodeJS.ErrnoException, address, port };
      if (!isAbsent(failure) || !ofWholeFamily.includes(address)) return failure;
      absent = failure;
    }
  }
  return servers.length === 0 ? absent : null;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
