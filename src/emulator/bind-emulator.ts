import { createServer, type RequestListener, type Server } from 'node:http';
import { LogtoError } from '../errors.js';
import { type BoundServers, bindLoopback } from '../loopback/bind-loopback.js';
import type { ServerTls } from '../loopback/server-tls.js';

/** An emulator's servers, and the origin of their addresses. */
export interface BoundEmulator extends BoundServers {
  /** `http://localhost:<port>`, or with https. */
  readonly origin: string;
}

/**
 * Listens on both loopback addresses, over TLS where there is a certificate.
 *
 * @throws LogtoError `port_in_use`, `config_invalid`
 */
export async function bindEmulator(
  port: number,
  listener: RequestListener,
  tls: ServerTls | null,
): Promise<BoundEmulator> {
  const create = tls === null ? createServer : await secureServers(tls);
  try {
    const bound = await bindLoopback(['127.0.0.1', '::1'], port, () => create(listener));
    return { ...bound, origin: `${tls === null ? 'http' : 'https'}://localhost:${bound.port}` };
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

/** A server over TLS has whatever is used here of one without it. */
async function secureServers(tls: ServerTls): Promise<(listener: RequestListener) => Server> {
  const { createServer: createSecure } = await import('node:https');
  return (listener) => createSecure(tls, listener) as unknown as Server;
}
