import { request } from 'node:http';
import { connect } from 'node:net';
import { startLocalServer } from './local-server.js';

/** An HTTP proxy that sends everything to one place, whatever host was asked for, and remembers what was asked. */
export interface RecordingProxy {
  readonly url: string;
  /** `CONNECT host:port` and `GET http://host/path`. */
  readonly requests: readonly string[];
  /** The `Proxy-Authorization` of each. */
  readonly credentials: readonly (string | undefined)[];
  close(): Promise<void>;
}

/**
 * @param port where on 127.0.0.1 everything ends up; `null`: every request is refused
 * @param status what they are refused with
 */
export async function startRecordingProxy(port: number | null, status = 403): Promise<RecordingProxy> {
  const requests: string[] = [];
  const credentials: (string | undefined)[] = [];
  const proxy = await startLocalServer((incoming, outgoing) => {
    requests.push(`${incoming.method} ${incoming.url}`);
    credentials.push(incoming.headers['proxy-authorization']);
    if (port === null) {
      outgoing.writeHead(status).end();
      return;
    }
    const { pathname } = new URL(incoming.url ?? '');
    const { method, headers } = incoming;
    incoming.pipe(
      request({ port, host: '127.0.0.1', path: pathname, method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }),
    );
  });
  const sockets = new Set<{ destroy(): void }>();
  proxy.server.on('connect', (incoming, client) => {
    requests.push(`CONNECT ${incoming.url}`);
    credentials.push(incoming.headers['proxy-authorization']);
    if (port === null) {
      client.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const target = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(client).pipe(target);
    });
    for (const socket of [target, client]) {
      sockets.add(socket);
      socket.on('error', () => {
        target.destroy();
        client.destroy();
      });
    }
  });
  return {
    url: proxy.origin,
    requests,
    credentials,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return proxy.close();
    },
  };
}
