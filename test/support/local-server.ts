import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server as NetServer } from 'node:net';

/** A server on 127.0.0.1 and a free port, for one test. */
export interface LocalServer {
  /** Without a slash at its end. */
  readonly origin: string;
  readonly port: number;
  readonly server: Server;
  close(): Promise<void>;
}

/** Starts an HTTP server, or an HTTPS one where a certificate is given; `host` is the name in its origin. */
export async function startLocalServer(
  listener: RequestListener,
  options: { readonly tls?: { readonly key: string; readonly cert: string }; readonly host?: string } = {},
): Promise<LocalServer> {
  const server = (options.tls ? createTlsServer(options.tls, listener) : createServer(listener)) as Server;
  const port = await listenOnLoopback(server);
  const origin = `${options.tls ? 'https' : 'http'}://${options.host ?? '127.0.0.1'}:${port}`;
  return {
    origin,
    port,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Binds any server to 127.0.0.1 and a free port, and says which. */
export async function listenOnLoopback(server: NetServer): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** A request's body as text. */
export async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
