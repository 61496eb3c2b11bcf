import { createServer, type RequestListener, type Server } from 'node:http';
import { bindLoopback } from './bind-loopback.js';
import type { CallbackListener, CallbackListenerOptions } from './callback-listener.js';
import { ConnectionLimit } from './connection-limit.js';
import { LoopbackListener } from './loopback-listener.js';
import { loopbackRedirect } from './loopback-redirect.js';
import type { ServerTls } from './server-tls.js';

/** What one connection may cost. Cookies of every program on localhost come along, so headers may be large. */
const requestLimits = {
  maxHeaderSize: 65_536,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 2000,
};

/** How long a TLS handshake may take, in milliseconds: as long as the headers after it. */
const handshakeTimeout = requestLimits.headersTimeout;

const connectionLimit = 256;

/**
 * Starts to listen for the one response to an authorization or end-session request. Whatever else comes is answered
 * and has no effect.
 *
 * @throws LogtoError `port_in_use`, `config_invalid`
 */
export async function listenForCallback(options: CallbackListenerOptions): Promise<CallbackListener> {
  const redirect = loopbackRedirect(options);
  const connections = new ConnectionLimit(connectionLimit);
  const listener = new LoopbackListener(options, redirect.url, connections);
  const create = options.tls === undefined ? plainServer : await secureServers(options.tls);
  const bound = await bindLoopback(redirect.addresses, redirect.port, () => {
    const server = create((request, response) => listener.answer(request, response));
    // Node would refuse what it does not know with headers of its own.
    server.on('checkExpectation', (request, response) => listener.answer(request, response));
    server.on('connection', (socket) => connections.add(socket));
    server.on('clientError', (error, socket) => listener.answerMalformed(error, socket));
    return server;
  });
  listener.listensOn(bound);
  return listener;
}

function plainServer(answer: RequestListener): Server {
  return createServer(requestLimits, answer);
}

/** A server over TLS has whatever is used here of one without it; what is wrong with a handshake is a `clientError` too. */
async function secureServers({ cert, key }: ServerTls): Promise<typeof plainServer> {
  const { createServer: createSecure } = await import('node:https');
  const options = { ...requestLimits, handshakeTimeout, cert, key };
  return (answer) => createSecure(options, answer) as unknown as Server;
}
