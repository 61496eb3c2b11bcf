import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BindFailure, bindError, isAbsent } from './bind-error.js';

/** Servers that listen on one port, each on an address of its own. */
export interface BoundServers {
  readonly servers: readonly Server[];
  readonly port: number;
}

/** How often another free port is tried when the one that is free on one address is taken on the other. */
const freePortAttempts = 20;

/**
 * Binds every address on one port, or none: nothing stays open after a failure. Where there are several addresses,
 * a family that this machine lacks is skipped.
 *
 * @param addresses loopback addresses
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
    const failure = await listenOnAll(addresses, port, create, servers);
    const [first] = servers;
    if (failure === null && first !== undefined) return { servers, port: portOf(first) };
    await closeServers(servers);
    const isTaken = failure?.error.code === 'EADDRINUSE';
    const mayTryAnother = port === 0 && isTaken && attempt < freePortAttempts;
    if (failure !== null && !mayTryAnother) throw bindError(failure);
  }
}

/** Closes servers at once: connections that are idle, kept alive or half open do not hold them. */
export async function closeServers(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map((server) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    }),
  );
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
      if (!isAbsent(failure)) return failure;
      absent = failure;
    }
  }
  return servers.length === 0 ? absent : null;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
