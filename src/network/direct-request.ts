import { Agent, type ClientRequestArgs, type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import type { Send, TlsOptions } from './send.js';

/** Milliseconds that an idle connection is kept: servers close theirs after five seconds, many of them. */
const keptIdle = 4_000;

/** Sends without a proxy, by Node's own client. Its idle connections are used again and do not keep a process alive. */
export function directly(tls: TlsOptions): Send {
  const plain = new Agent({ keepAlive: true, timeout: keptIdle });
  let secure: Secure | null = null;
  return ({ url, method, headers, body, signal }, read) =>
    new Promise((resolve, reject) => {
      // Without credentials that stand in the address, which nobody wants to have sent.
      const options: ClientRequestArgs = {
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port,
        path: `${url.pathname}${url.search}`,
        method,
        // Node frames no body of a DELETE, and a server would take it for the beginning of the next request.
        headers: { ...headers, ...(body !== null && { 'content-length': Buffer.byteLength(body) }) },
        // Whatever NODE_OPTIONS says.
        insecureHTTPParser: false,
      };
      const isSecure = url.protocol === 'https:';
      if (isSecure) secure ??= secureAgent(tls);
      const sent =
        isSecure && secure !== null
          ? secure.request({ ...options, agent: secure.agent })
          : request({ ...options, agent: plain });
      // Node takes longer for a signal of its own: a millisecond for the requests of a sign-in.
      const end = () => sent.destroy();
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
      // It is told before what was read of the answer, and what breaks that is most exactly told here.
      let answered: IncomingMessage | null = null;
      sent.on('error', (error) => {
        // What comes behind a whole answer is none: that is read, and the connection is gone (mod_auth_openidc sends it).
        if (answered?.complete !== true) reject(error);
      });
      sent.on('response', (answer) => {
        answered = answer;
        read({ status: answer.statusCode ?? 0, headers: fieldsOf(answer), body: answer }).then(
          resolve,
          reject,
        );
      });
      sent.on('upgrade', (answer, socket) => {
        socket.destroy();
        read({ status: answer.statusCode ?? 0, headers: [], body: Readable.from([]) }).then(resolve, reject);
      });
      sent.end(body ?? undefined);
    });
}

interface Secure {
  readonly request: typeof request;
  readonly agent: Agent;
}

/** Loaded where something is sent over TLS alone. */
function secureAgent(tls: TlsOptions): Secure {
  const https = process.getBuiltinModule('node:https');
  return { request: https.request, agent: new https.Agent({ ...tls, keepAlive: true, timeout: keptIdle }) };
}

function* fieldsOf({ rawHeaders }: IncomingMessage): Generator<[string, string]> {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    yield [rawHeaders[at] ?? '', rawHeaders[at + 1] ?? ''];
}
