import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LogtoError } from '../errors.js';

const addresses = ['127.0.0.1', '::1'] as const;
/** A free port of one family may be taken in the other. */
const attempts = 20;

/** One HTTP server on both loopback addresses. */
export interface LoopbackServer {
  readonly port: number;
  /** Ends at once, connections included. */
  close(): Promise<void>;
}

/**
 * Listens on `127.0.0.1` and `[::1]`, the same port; a family that this machine lacks is skipped.
 *
 * @param port 0 for any free one
 * @throws LogtoError `port_in_use`; `config_invalid` for a port that is out of range or not allowed
 */
export async function listenOnLoopback(port: number, handler: RequestListener): Promise<LoopbackServer> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new LogtoError(
      'config_invalid',
      `${port} is not a port.`,
      'Use --port with a number from 0 to 65535.',
    );
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listenOnce(port, handler);
    } catch (error) {
      const again =
        port === 0 && attempt < attempts && error instanceof LogtoError && error.code === 'port_in_use';
      if (!again) throw error;
    }
  }
}

async function listenOnce(wantedPort: number, handler: RequestListener): Promise<LoopbackServer> {
  const servers: Server[] = [];
  const close = async () => void (await Promise.all(servers.map(closeServer)));
  let port = wantedPort;
  try {
    for (const address of addresses) {
      const server = await listen(address, port, handler);
      if (!server) continue;
      servers.push(server);
      port = (server.address() as AddressInfo).port;
    }
  } catch (error) {
    await close();
    throw error;
  }
  if (servers.length === 0) {
    throw new LogtoError(
      'config_invalid',
      'This machine has no loopback address.',
      'Bring up the loopback interface (`lo`).',
    );
  }
  return { port, close };
}

/** Resolves with `null` when this machine lacks the address. */
function listen(address: string, port: number, handler: RequestListener): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer(handler);
    server.once('error', (error: NodeJS.ErrnoException) => {
      const shown = address.includes(':') ? `[${address}]` : address;
      if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') resolve(null);
      else if (error.code === 'EADDRINUSE') {
        reject(
          new LogtoError(
            'port_in_use',
            `Port ${port} is taken: another process listens on ${shown}:${port}.`,
            'End that process, or use another port: --port 0 takes a free one.',
            { address, port },
          ),
        );
      } else if (error.code === 'EACCES') {
        reject(
          new LogtoError(
            'config_invalid',
            `Listening on ${shown}:${port} is not allowed.`,
            'Use --port with a number above 1023.',
          ),
        );
      } else reject(error);
    });
    server.listen({ host: address, port }, () => resolve(server));
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Idle and preconnected sockets would hold it open otherwise.
    server.closeAllConnections();
  });
}
